import assert from "node:assert/strict";
import { test } from "node:test";
import type { Review, SourceText } from "../../../src/review/model.ts";
import { coverageMarks } from "../../../src/session/coverageMarks.ts";
import { linkElement } from "../../../src/session/decide.ts";
import { failingLines } from "../../../src/session/failing.ts";
import { reviewJson } from "../../../src/session/jsonOutput.ts";
import { reviewReport } from "../../../src/session/report.ts";
import { junitReport } from "../../../src/session/reports/junit.ts";
import { sarifReport } from "../../../src/session/reports/sarif.ts";
import { isFailing } from "../../../src/session/reports/verdict.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { review } from "./reviewing.ts";

const api = `openapi: 3.1.0
info: { title: Orders, version: "1" }
paths:
  /orders:
    get: { responses: { "200": { description: ok } } }
  /auth/login:
    post: { responses: { "200": { description: ok } } }
`;
const sql = `CREATE TABLE orders (id uuid PRIMARY KEY, total integer NOT NULL);
CREATE TABLE orders_history (id uuid PRIMARY KEY);
`;

async function reviewed(code: Readonly<Record<string, string>>, decisions?: string): Promise<Review> {
  const documents = [
    { path: "api.yaml", text: api },
    { path: "schema.sql", text: sql },
    ...(decisions === undefined ? [] : [{ path: ".backend/design.yaml", text: decisions }]),
  ];
  const files = Object.entries(code).map(([path, text]): SourceText => ({ path, text }));
  return review((await readSpec(documents)).spec, files);
}

/** What is missing and cannot be seen, with the line that may make it. */
function unseenOf({ coverage }: Review): string[] {
  return coverage.elements.flatMap(({ id, unseenAt }) => (unseenAt ? [`${id} ${unseenAt.path}:${unseenAt.line}`] : []));
}

const app = `from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from lib import users
from app import views

app = FastAPI()
`;
const history = `from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


def versioned(name: str) -> type[Base]:
    class History(Base):
        __tablename__ = f"{name}_history"
        id: Mapped[int] = mapped_column(primary_key=True)

    return History
`;
const both = ["endpoint:GET /orders", "endpoint:POST /auth/login"];
const at = (place: string, ids: readonly string[] = both): string[] => ids.map((id) => `${id} ${place}`);
const historyParts = [
  "table:orders_history",
  "column:orders_history.id",
  "constraint:orders_history.orders_history_pkey",
];
const allTables = [
  "table:orders",
  "column:orders.id",
  "column:orders.total",
  "constraint:orders.orders_pkey",
  ...historyParts,
];

interface Form {
  readonly what: string;
  readonly code: Readonly<Record<string, string>>;
  readonly unseen: readonly string[];
}

const forms: readonly Form[] = [
  {
    what: "a router of a library",
    code: { "main.py": `${app}app.include_router(users.router())\n` },
    unseen: at("main.py:7"),
  },
  {
    what: "a router of a library under a prefix, only what has the prefix",
    code: { "main.py": `${app}app.include_router(users.router(), prefix="/auth")\n` },
    unseen: at("main.py:7", ["endpoint:POST /auth/login"]),
  },
  {
    what: "an application of a library that is mounted",
    code: { "main.py": `${app}app.mount("/auth", users.app)\n` },
    unseen: at("main.py:7", ["endpoint:POST /auth/login"]),
  },
  {
    what: "routers that a registry has",
    code: { "main.py": `${app}for one in users.registry():\n    app.include_router(one)\n` },
    unseen: at("main.py:8"),
  },
  {
    what: "a path that is put together, only what fits it",
    code: { "main.py": `${app}\n@app.post(f"/{users.NAME}/login")\ndef login() -> None:\n    return None\n` },
    unseen: at("main.py:8", ["endpoint:POST /auth/login"]),
  },
  {
    what: "a route for a function that is made",
    code: { "main.py": `${app}app.add_api_route("/orders", users.lister())\n` },
    unseen: at("main.py:7", ["endpoint:GET /orders"]),
  },
  {
    what: "a method of a router that is handed on, only what fits its path",
    code: {
      "main.py": `${app}\n@users.renamed(path="/auth/login", method=app.post)\ndef login() -> None:\n    return None\n`,
    },
    unseen: at("main.py:8", ["endpoint:POST /auth/login"]),
  },
  {
    what: "a route of a list whose function is made",
    code: {
      "main.py": `${app}orders = APIRouter(routes=[APIRoute("/orders", users.lister())])\napp.include_router(orders)\n`,
    },
    unseen: at("main.py:7", ["endpoint:GET /orders"]),
  },
  {
    what: "a table whose name is put together, only what fits it",
    code: { "models.py": history },
    unseen: at("models.py:9", historyParts),
  },
  {
    what: "tables that are read from the database",
    code: { "models.py": "from sqlalchemy import MetaData\n\nmetadata = MetaData()\nmetadata.reflect(bind=engine)\n" },
    unseen: at("models.py:4", allTables),
  },
  {
    what: "a class that is made of a mapped one",
    code: { "models.py": `${history}\n\nOrder = type(names.ORDER, (Base,), {"id": column})\n` },
    unseen: [...at("models.py:16", allTables.slice(0, 4)), ...at("models.py:9", historyParts)],
  },
];

for (const { what, code, unseen } of forms) {
  test(`missing, and cannot be seen: ${what}`, async () => {
    assert.deepEqual(unseenOf(await reviewed(code)).sort(), [...unseen].sort());
  });
}

const plain: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["files are mounted", { "main.py": `${app}app.mount("/", StaticFiles(directory="web"))\n` }],
  ["there are no routers to include", { "main.py": `${app}for one in ():\n    app.include_router(one)\n` }],
  ["a class of no table is made", { "models.py": 'Dto = type("Dto", (dict,), {})\n' }],
  [
    "a client has methods of the same names",
    { "client.py": 'def load(http):\n    return http.get(URL).mount("https://", adapter())\n' },
  ],
  [
    "migrations make the tables that are read",
    {
      "alembic/versions/0001.py": `from alembic import op\n\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade() -> None:\n    op.create_table("other")\n`,
      "models.py": "from sqlalchemy import MetaData\n\nmetadata = MetaData()\nmetadata.reflect(bind=engine)\n",
    },
  ],
];

for (const [what, code] of plain) {
  test(`everything can be seen where ${what}`, async () => {
    const result = await reviewed(code);
    assert.deepEqual(unseenOf(result), []);
    assert.equal("unseen" in result.coverage.totals, false);
  });
}

test("a column of a base that the project does not have cannot be seen; one that all migrations lack is missing", async () => {
  const models = `from lib import Audited\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n\nclass Order(Audited):\n    __tablename__ = "orders"\n    id: Mapped[int] = mapped_column(primary_key=True)\n`;
  const revision = `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade() -> None:\n    op.create_table("orders", sa.Column("id", sa.Uuid(), primary_key=True))\n`;
  assert.deepEqual(unseenOf(await reviewed({ "models.py": models })), ["column:orders.total models.py:5"]);
  assert.deepEqual(unseenOf(await reviewed({ "models.py": models, "alembic/versions/0001.py": revision })), []);
});

test("what cannot be seen is counted apart everywhere, fails nothing but `review`, and is no fault for a model", async () => {
  const found = await reviewed({
    "main.py": `${app}app.include_router(users.router(), prefix="/auth")\n`,
    "models.py": history,
  });
  const { totals, elements } = found.coverage;
  assert.deepEqual([totals.missing, totals.unseen], [9, 4]);
  assert.match(reviewReport(found), /\| Endpoints \| 0 of 2, 2 missing \(1 of them cannot be seen\) \|/);
  assert.deepEqual(
    failingLines(found).filter((line) => /login|history/.test(line)),
    [],
  );
  const seen = { ...found, checklist: [], coverage: { totals, elements: elements.filter(({ unseenAt }) => unseenAt) } };
  assert.deepEqual([isFailing(seen, ["fail", "coverage"]), isFailing(seen, ["review"])], [false, true]);
  assert.match(junitReport(seen), /tests="4" failures="0" errors="0" skipped="4"/);
  const sarif = sarifReport({ review: seen }, { version: "1.0.0", evidence: new Map() });
  assert.deepEqual([...new Set(sarif.match(/"level": "\w+"/g)?.slice(-4))], ['"level": "warning"']);
  assert.deepEqual(reviewJson({ review: seen }).coverage.elements[0]?.unseenAt, { path: "main.py", line: 7 });
  assert.deepEqual(
    coverageMarks(elements, "api.yaml").map(({ title }) => title),
    ["missing", "missing, cannot be seen (main.py:7)"],
  );
});

test("what a person links is implemented, until the code shows it or the function is gone", async () => {
  const code = { "main.py": `${app}app.include_router(users.router(), prefix="/auth")\n`, "models.py": history };
  const login = { id: "endpoint:POST /auth/login", kind: "endpoint" } as const;
  const table = { id: "table:orders_history", kind: "table" } as const;
  const states = async (decisions: string): Promise<string[]> =>
    (await reviewed(code, decisions)).coverage.elements
      .filter(({ id }) => /login|history/.test(id))
      .map(({ id, status, code: place, isLinked = false }) => `${status} ${id} ${place?.path} ${isLinked}`);
  const linked = linkElement(linkElement(undefined, table, "models.py::versioned"), login, "models.py::versioned");
  assert.match(linked, /endpoints:\n {2}POST \/auth\/login: models.py::versioned\n/);
  assert.deepEqual(await states(linked), [
    "implemented endpoint:POST /auth/login models.py true",
    ...historyParts.map((id) => `implemented ${id} models.py true`),
  ]);
  const gone = await states(linkElement(linkElement(linked, login, "models.py::lost"), table));
  assert.deepEqual(gone.slice(0, 2), [
    "mismatched endpoint:POST /auth/login undefined true",
    "missing table:orders_history undefined false",
  ]);
});
