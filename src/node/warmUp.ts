import type { DesignDocument } from "../spec/model.ts";
import type { SpecReader } from "../spec/readSpec.ts";

/**
 * Reads a small made-up design again and again, so that the first real one is not read by code that was never run:
 * the SQL grammar is loaded then, and the engine has compiled what reading needs.
 *
 * Lets calls come in before each reading, and ends when the first one has: it is not to wait for this.
 */
export async function warmUp(createReader: () => SpecReader, isCalled: () => boolean): Promise<void> {
  const documents = madeUpDesign();
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (isCalled()) return;
    await createReader()(documents);
  }
}

/** More make the first reading of the sample design no faster. */
const rounds = 6;

const names = ["account", "invoice", "payment", "shipment", "warehouse", "supplier"];

function madeUpDesign(): readonly DesignDocument[] {
  const of = (part: (name: string, index: number) => string): string => names.map(part).join("\n");
  return [
    { path: "openapi.yaml", text: `${contractHead}${of(paths)}${components}${of(schema)}` },
    { path: "database-design.md", text: `# Database design\n\n${of(table)}` },
    {
      path: "domain-model.md",
      text: `# Domain model\n\n## Entities\n\n${of(entity)}\n## Business rules\n\n${of(rule)}`,
    },
    {
      path: "error-handling.md",
      text: `# Error handling\n\n| Code | Status | When |\n|---|---|---|\n${of(errorCode)}\n`,
    },
  ];
}

const contractHead = 'openapi: 3.0.3\ninfo:\n  title: "Made up"\n  version: 1.0.0\npaths:\n';

function paths(name: string): string {
  const answer = (status: number, body: string): string =>
    `        '${status}':\n          description: ${name} answered\n          content:\n            application/json:\n              schema: ${body}\n`;
  const one = `{ $ref: '#/components/schemas/${name}' }`;
  const refused = answer(409, `{ type: object }\n              example: { code: ${name.toUpperCase()}_TAKEN }`);
  const parameters = `      parameters:\n        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 100, default: 20 } }\n`;
  const body = `      requestBody:\n        required: true\n        content:\n          application/json:\n            schema: ${one}\n`;
  return (
    `  /${name}s:\n` +
    `    get:\n      operationId: list_${name}\n      summary: Those there are # newest first\n${parameters}      responses:\n` +
    `${answer(200, `\n                type: array\n                items: ${one}`)}` +
    `    post:\n      operationId: create_${name}\n      description: |\n        Makes one.\n        And tells.\n${body}      responses:\n${answer(201, one)}${refused}` +
    `  /${name}s/{id}:\n    parameters:\n      - name: id\n        in: path\n        required: true\n        schema: { type: string, format: uuid }\n` +
    `    patch:\n      operationId: change_${name}\n${body}      responses:\n${answer(200, one)}${refused}`
  );
}

const components = "components:\n  securitySchemes:\n    bearer: { type: http, scheme: bearer }\n  schemas:\n";

function schema(name: string): string {
  return (
    `    ${name}:\n      type: object\n      required: [id, title, amount]\n      properties:\n` +
    "        id: { type: string, format: uuid, readOnly: true }\n        title:\n          type: string\n          maxLength: 120\n          example: 'One'\n" +
    "        amount: { type: integer, minimum: 0 }\n        state: { type: string, enum: [open, closed] }\n        made_at: { type: string, format: date-time }\n"
  );
}

function table(name: string, index: number): string {
  const parent = names[index - 1];
  const reference =
    parent === undefined ? "" : `  ${parent}_id uuid NOT NULL REFERENCES ${parent}s (id) ON DELETE CASCADE,\n`;
  return (
    `## ${name}s\n\n\`\`\`sql\nCREATE TABLE ${name}s (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n${reference}` +
    "  title varchar(120) NOT NULL,\n  amount integer NOT NULL CHECK (amount >= 0),\n  state text NOT NULL DEFAULT 'open',\n  made_at timestamptz NOT NULL DEFAULT now()\n);\n" +
    `CREATE INDEX idx_${name}s_state ON ${name}s (state) WHERE state = 'open';\nALTER TABLE ${name}s ENABLE ROW LEVEL SECURITY;\n` +
    `CREATE POLICY own_${name}s ON ${name}s FOR SELECT USING (true);\n\`\`\`\n\n| Column | Type | Notes |\n|---|---|---|\n| \`title\` | varchar(120) | What it is called |\n`
  );
}

function entity(name: string): string {
  const fields = ["id: UUID", "title: string", "amount: integer", "state: open | closed"];
  return `### ${name}\n\nSomething that is kept.\n\n${fields.map((field) => `- **${field}** — as it says`).join("\n")}\n`;
}

function rule(name: string, index: number): string {
  return `- **BR-${index + 1}**: A ${name} that is closed is never opened again.`;
}

function errorCode(name: string): string {
  return `| \`${name.toUpperCase()}_TAKEN\` | 409 | The title of the ${name} is taken |`;
}
