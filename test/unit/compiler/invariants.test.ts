import assert from "node:assert/strict";
import { test } from "node:test";
import { compileDesign, fileOf } from "../../support/compiledApi.ts";

const sql = `CREATE TABLE rooms (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) > 2),
  code text NOT NULL CONSTRAINT rooms_code_check CHECK (code ~ '^[A-Z]{2}$'),
  seats int NOT NULL CHECK (seats BETWEEN 1 AND 400),
  rate numeric(8, 2) NOT NULL CONSTRAINT rooms_rate_check CHECK (rate >= 0),
  opens_at timestamptz NOT NULL, closes_at timestamptz,
  CHECK (closes_at IS NULL OR closes_at > opens_at),
  CHECK (rate > 0 OR seats < 10));`;
const more = {
  "api.md": `# API\n\n### POST /rooms\n\nRequest:\n\n\`\`\`json\n{ "name": "Blue", "code": "BL", "seats": 4, "rate": 1.5, "opensAt": "2030-01-01T08:00:00Z", "closesAt": "2030-01-01T09:00:00Z" }\n\`\`\`\n`,
  "errors.md": `# Errors\n\n| HTTP status | Code | Message |\n|---|---|---|\n| 422 | VALIDATION_ERROR | Not valid |\n| 409 | ROOM_RATE_TOO_LOW | The rate is too low |\n`,
};

test("the domain holds new values to the checks of the table, and answers with the designed code", async () => {
  const text = fileOf(await compileDesign({ sql, more }), "src/app/domain/room.py");
  const [, body = ""] = /class NewRoom:[\s\S]*?def __post_init__\(self\) -> None:\n([\s\S]*?)\n\n\n/.exec(text) ?? [];
  assert.deepEqual(
    body
      .replace(/\(\s+/g, "(")
      .replace(/,?\s+\)/g, ")")
      .replace(/,\s+/g, ", ")
      .split("\n")
      .map((line) => line.trim()),
    [
      'require_length(ValidationError, "name", self.name, least=3)',
      'require_range(ValidationError, "seats", self.seats, ge=1, le=400)',
      'require_range(RoomRateTooLowError, "rate", self.rate, ge=0)',
      'require_pattern(ValidationError, "code", self.code, r"^[A-Z]{2}\\Z")',
      "if isinstance(self.closes_at, datetime):",
      'require(ValidationError, "closesAt", holds=self.closes_at > self.opens_at, reason="must be greater than opensAt")',
    ],
  );
});

test("a request is held to the checks whose error is that of any invalid request", async () => {
  const text = fileOf(await compileDesign({ sql, more }), "src/app/api/schemas/room.py").replace(/\s+/g, " ");
  assert.match(text, /name: str = Field\(min_length=3\)/);
  assert.match(text, /code: str = Field\(pattern="\^\[A-Z\]\{2\}\$"\)/);
  assert.match(text, /seats: Annotated\[int, Field\(ge=1, le=400\)/);
  assert.match(text, /rate: Annotated\[Decimal, Field\(max_digits=8, decimal_places=2\)/);
});

test("a contract in OpenAPI shows its own limits and no others", async () => {
  const body = "{ type: object, required: [name], properties: { name: { type: string, maxLength: 9 } } }";
  const compilation = await compileDesign({
    sql: "CREATE TABLE tags (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL CHECK (length(name) > 2));",
    operations: {
      "POST /tags": `{ requestBody: { content: { application/json: { schema: ${body} } } }, responses: { '201': { description: Made. } } }`,
    },
  });
  assert.match(fileOf(compilation, "src/app/api/schemas/tag.py"), /name: str = Field\(max_length=9\)/);
  assert.match(
    fileOf(compilation, "src/app/domain/tag.py"),
    /require_length\(ValidationError, "name", self\.name, least=3\)/,
  );
});

test("a design without such checks has no module of invariants", async () => {
  const { files } = await compileDesign({
    sql: "CREATE TABLE tags (id int PRIMARY KEY, kind text CHECK (kind IN ('a', 'b')));",
  });
  assert.deepEqual(
    files.filter(({ path, text }) => path.endsWith("invariants.py") || text.includes("__post_init__")),
    [],
  );
});

test("the checks of a very wide table are parts of __post_init__, none of them longer than a function may be", async () => {
  const columns = Array.from(
    { length: 60 },
    (_, index) => `measured_value_${index} int NOT NULL CHECK (measured_value_${index} BETWEEN 0 AND 100)`,
  );
  const compilation = await compileDesign({
    sql: `CREATE TABLE readings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), ${columns.join(", ")});`,
  });
  const text = fileOf(compilation, "src/app/domain/reading.py");
  const [, own = ""] = /class NewReading:([\s\S]*?)\n\n\n/.exec(text) ?? [];
  const [, ...methods] = own.split(/\n {4}def /);
  assert.deepEqual(
    methods.map((method) => method.slice(0, method.indexOf("("))),
    ["__post_init__", "_require_1", "_require_2", "_require_3", "_require_4", "_require_5"],
  );
  assert.match(methods[0] ?? "", /^__post_init__\(self\) -> None:(?:\n {8}self\._require_\d\(\)){5}\n$/);
  assert.deepEqual(
    methods.filter((method) => method.trim().split("\n").length > 50),
    [],
  );
  assert.equal(own.match(/ge=0, *\n? *le=100/g)?.length, 60);
});
