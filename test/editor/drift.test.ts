import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const design = "CREATE TABLE jars (\n  id uuid PRIMARY KEY,\n  label varchar(40) NOT NULL\n);\n";
const models = `from sqlalchemy import String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Jar(Base):
    __tablename__ = "jars"

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    label: Mapped[str] = mapped_column(String(60), nullable=False)


def opened(jar):
    return jar
`;

/** What an implementation of the design above leaves, as far as drift is concerned. */
const record = JSON.stringify({
  format: 1,
  files: {},
  design: {
    api: { basePath: "", endpoints: [], schemas: [], securitySchemes: [] },
    database: {
      tables: [
        {
          id: "table:jars",
          kind: "table",
          name: "jars",
          confidence: "declared",
          source: "doc:schema.sql",
          rowSecurity: "off",
          constraints: [
            {
              id: "constraint:jars.jars_pkey",
              kind: "constraint",
              name: "jars_pkey",
              confidence: "declared",
              source: "doc:schema.sql",
              table: "jars",
              type: "primaryKey",
              named: false,
              columns: ["id"],
            },
          ],
          columns: [
            column("id", { name: "uuid", arguments: [], array: false }),
            column("label", { name: "varchar", arguments: [40], array: false }),
          ],
        },
      ],
      enums: [],
      indexes: [],
      policies: [],
      statements: [],
    },
    domain: { entities: [], valueObjects: [], rules: [], stateMachines: [], events: [] },
    errors: { codes: [] },
  },
});

function column(name: string, type: object): object {
  const id = `column:jars.${name}`;
  return {
    id,
    kind: "column",
    name,
    confidence: "declared",
    source: "doc:schema.sql",
    table: "jars",
    type,
    nullable: false,
  };
}

async function lenses(): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf("pantry/schema.sql"),
    50,
  );
  return found
    .map(({ range, command }) => `${range.start.line + 1} ${command?.title}`)
    .filter((text) => /implemented|differs|Accept/.test(text));
}

function annotations(): number {
  return vscode.languages
    .getDiagnostics(uriOf("pantry/models.py"))
    .filter(({ code }) => typeof code === "object" && code.value === "annotations").length;
}

async function until(what: () => Promise<unknown> | unknown, expected: unknown): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await what();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) assert.deepEqual(found, expected);
    await setTimeout(100);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uriOf(path)));
  } catch {
    return undefined;
  }
}

test("a design that moved on is marked in its document until the change is accepted; a baseline keeps what was there apart", {
  timeout: 120_000,
}, async (context) => {
  await startWithoutChat();
  await write("pantry/schema.sql", design.replace("varchar(40)", "varchar(60)"));
  await write("pantry/models.py", models);
  await write(".backend/design.json", record);
  context.after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const path of ["pantry", ".backend"]) await vscode.workspace.fs.delete(uriOf(path), { recursive: true });
  });
  await vscode.window.showTextDocument(uriOf("pantry/schema.sql"), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.check");
  const changed = "design changed since it was implemented: type varchar(40) → varchar(60)";
  await until(lenses, [
    "1 $(warning) implemented · pantry/models.py:9 · design of 1 part of it changed since",
    `3 $(warning) implemented · pantry/models.py:13 · ${changed}`,
    "3 Accept the Change",
  ]);

  await vscode.commands.executeCommand("backendImplementer.acceptDrift", "column:jars.label");
  await until(lenses, ["1 $(pass-filled) implemented · pantry/models.py:9"]);
  assert.match((await textOf(".backend/design.json")) ?? "", /"accepted": \{"column:jars\.label":"[0-9a-f]{16}"\}/);

  await until(annotations, 2);
  await vscode.commands.executeCommand("backendImplementer.recordBaseline");
  await until(annotations, 0);
  assert.match((await textOf(".backend/baseline.json")) ?? "", /"id":"annotations","path":"pantry\/models\.py"/);
  await vscode.commands.executeCommand("backendImplementer.showWholeProject");
  await until(annotations, 2);
  await vscode.commands.executeCommand("backendImplementer.showSinceBaseline");
  await until(annotations, 0);
  const editor = await vscode.window.showTextDocument(uriOf("pantry/models.py"), { preview: false });
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "import os\n"));
  await until(annotations, 0);
  await editor.edit((edit) =>
    edit.insert(
      editor.document.lineAt(editor.document.lineCount - 1).range.end,
      "\n\ndef closed(jar):\n    return os, jar\n",
    ),
  );
  await until(annotations, 2);
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await vscode.commands.executeCommand("backendImplementer.forgetBaseline");
  await until(annotations, 2);
  assert.equal(await textOf(".backend/baseline.json"), undefined);
});
