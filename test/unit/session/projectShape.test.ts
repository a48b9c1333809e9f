import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { before, test } from "node:test";
import type { ProjectShape } from "../../../src/compiler/brownfield/projectShape.ts";
import { loadSqlGrammar } from "../../../src/review/facts/rawSql.ts";
import { createFileReader, type FileReader } from "../../../src/review/fileReader.ts";
import { readProject } from "../../../src/review/project.ts";
import { createPythonParser } from "../../../src/review/pythonParser.ts";
import { projectShape } from "../../../src/session/projectShape.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/brownfield");
const require = createRequire(import.meta.url);
let reader: FileReader;

before(async () => {
  await loadSqlGrammar();
  const wasm = (path: string) => readFileSync(require.resolve(path));
  const parser = await createPythonParser({
    runtime: wasm("web-tree-sitter/web-tree-sitter.wasm"),
    grammar: wasm("tree-sitter-python/tree-sitter-python.wasm"),
  });
  reader = createFileReader(parser);
});

type Summary = Pick<ProjectShape, "folder" | "package" | "layout" | "environment"> & {
  readonly application: string;
  readonly base: string;
  readonly engine: string;
  readonly models: readonly string[];
};

/** How each project is built; lines are those of its files. */
const cases: Readonly<Record<string, Summary>> = {
  layers: {
    folder: "app/",
    package: "app",
    layout: { kind: "layers", routers: "app/api/routes/" },
    application: "app/main.py app 8-10",
    base: "app.models.Base",
    engine: "app.core.db.engine async",
    models: ["app.models.Customer mapped mapped_column 27"],
    environment: "alembic/env.py",
  },
  features: {
    folder: "src/",
    package: "src",
    layout: { kind: "features" },
    application: "src/main.py application 10-11",
    base: "src.database.Base",
    engine: "src.database.engine async",
    models: ["src.customers.models.Customer mapped mapped_column 26"],
    environment: "migrations/env.py",
  },
  flat: {
    folder: "",
    package: "",
    layout: { kind: "layers" },
    application: "main.py app 14-14",
    base: "tables.Base",
    engine: "main.engine async",
    models: ["tables.Customer mapped mapped_column 27"],
    environment: "migrations/env.py",
  },
  bigger: {
    folder: "app/",
    package: "app",
    layout: { kind: "layers", routers: "app/routers/" },
    application: "app/main.py app 5-8",
    base: "app.database.Base",
    engine: "app.database.engine blocking",
    models: ["app.models.Customer column Column 15", "app.models.Visit column Column 26"],
    environment: "alembic/env.py",
  },
  template: {
    folder: "backend/app/",
    package: "app",
    layout: { kind: "layers", routers: "backend/app/api/routes/" },
    application: "backend/app/main.py app 17-27",
    base: "sqlmodel.SQLModel",
    engine: "app.core.db.engine blocking",
    models: ["app.models.Customer field Field 32"],
    environment: "backend/app/alembic/env.py",
  },
  modules: {
    folder: "shop/",
    package: "shop",
    layout: { kind: "features", router: "endpoints.py", isSingular: true },
    application: "shop/app.py app 17-19",
    base: "shop.kit.models.Model",
    engine: "shop.kit.postgres.engine async",
    models: ["shop.models.customer.Customer mapped mapped_column 15"],
    environment: "migrations/env.py",
  },
};

for (const [name, expected] of Object.entries(cases)) {
  test(`the shape of a project in ${name}`, async () => {
    const shape = await shapeOf(name);
    assert.ok(shape);
    const { folder, layout, environment, application, base, engine, models } = shape;
    const { path, variable, createdAt, includesUntil } = application;
    assert.deepEqual(
      {
        folder,
        package: shape.package,
        layout,
        environment,
        application: `${path} ${variable} ${createdAt}-${includesUntil}`,
        base: `${base?.module}.${base?.name}`,
        engine: `${engine?.module}.${engine?.name} ${engine?.isAsync ? "async" : "blocking"}`,
        models: models.map(
          ({ module, name: className, place }) =>
            `${module}.${className} ${place?.style} ${place?.callee} ${place?.columnsEnd}`,
        ),
      },
      expected,
    );
  });
}

test("what a table of the project lacks of the design's, in its class and in its migrations", async () => {
  const shape = await shapeOf("layers");
  const lacking = ["phone", "points", "credit", "tier", "seen_at"].map((column) => `column:customers.${column}`);
  const added = [
    ...lacking,
    "constraint:customers.customers_phone_key",
    "constraint:customers.customers_points_check",
    "index:customers_created_idx",
  ];
  assert.deepEqual(shape?.models[0]?.lacks, { model: added, database: added, differences: [] });
  assert.deepEqual(
    shape?.implemented.filter((id) => id.startsWith("endpoint:")),
    ["endpoint:GET /api/v1/customers/{customerId}"],
  );
});

test("what is there in another way is told as it is", async () => {
  const shape = await shapeOf("template");
  assert.deepEqual(shape?.models[0]?.lacks?.differences, ["created_at: Is nullable, the design says NOT NULL"]);
});

test("a folder without an application has no shape", async () => {
  const project = await readProject({ spec: await designed(), files: [{ path: "a.py", text: "x = 1\n" }] }, reader);
  assert.equal(projectShape(project), undefined);
});

async function shapeOf(name: string): Promise<ProjectShape | undefined> {
  return projectShape(await readProject({ spec: await designed(), files: textsBelow(join(fixtures, name)) }, reader));
}

async function designed() {
  return (await readSpec(textsBelow(join(fixtures, "docs")))).spec;
}

function textsBelow(folder: string) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}
