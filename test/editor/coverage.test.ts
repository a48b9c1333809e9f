import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import * as vscode from "vscode";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { type CoverageNode, registerCoverageTree } from "../../src/vscode/trees/coverageTree.ts";
import { createReviewStore } from "../../src/vscode/trees/reviewStore.ts";
import { startWithoutChat, uriOf, write } from "./testFolder.ts";

const sql =
  "CREATE TABLE shelves (\n  id uuid PRIMARY KEY,\n  title text NOT NULL\n);\n\nCREATE TABLE lamps (\n  id uuid PRIMARY KEY\n);\n";
const models = `from sqlalchemy import Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"

    id: Mapped[str] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(Text, nullable=False)
`;

async function lenses(path: string): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf(path),
    50,
  );
  return found
    .filter(({ command }) => command?.title.startsWith("$(") === true)
    .map(({ range, command }) => `${range.start.line + 1} ${command?.title}`)
    .sort();
}

/** What is shown follows an edit by itself; undefined as soon as it says what it should. */
async function until(path: string, expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await lenses(path);
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) assert.deepEqual(found, expected);
    await setTimeout(100);
  }
}

test("design and code lead to each other, and what is shown follows edits of both", {
  timeout: 120_000,
}, async (context) => {
  await startWithoutChat();
  await write("library/schema.sql", sql);
  await write("library/app/models.py", models);
  context.after(async () => {
    for (const path of ["library/schema.sql", "library/app/models.py"]) {
      await vscode.window.showTextDocument(uriOf(path), { preview: false });
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
    await vscode.workspace.fs.delete(uriOf("library"), { recursive: true });
  });
  const design = await vscode.window.showTextDocument(uriOf("library/schema.sql"), { preview: false });
  await vscode.commands.executeCommand("backendImplementer.check");
  const missing = "6 $(error) missing";
  await until("library/schema.sql", ["1 $(pass-filled) implemented · app/models.py:9", missing]);

  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    uriOf("library/app/models.py"),
    new vscode.Position(12, 6),
  );
  const texts = hovers.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value));
  const ours = texts.find((text) => text.includes("title"));
  assert.match(ours ?? "", /implemented · \[schema\.sql:3\]\(file:.*schema\.sql#L3\)\n```text\ntitle text not null/);

  const code = await vscode.window.showTextDocument(uriOf("library/app/models.py"), { preview: false });
  const above = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uriOf("library/app/models.py"),
    50,
  );
  const titles = above.map(({ range, command }) => `${range.start.line + 1} ${command?.title}`);
  assert.ok(titles.includes("9 implements shelves · schema.sql:1"), titles.join(", "));
  code.selection = new vscode.Selection(12, 0, 12, 0);
  await vscode.commands.executeCommand("backendImplementer.goToDesign");
  const there = vscode.window.activeTextEditor;
  assert.deepEqual([there?.document.uri.path, there?.selection.active.line], [uriOf("library/schema.sql").path, 2]);

  // Neither edit is saved: what people see is what counts.
  const editor = await vscode.window.showTextDocument(uriOf("library/app/models.py"), { preview: false });
  await editor.edit((edit) => edit.replace(new vscode.Range(12, 39, 12, 43), "Uuid"));
  await until("library/schema.sql", [
    "1 $(warning) differs: 1 part of it is not as designed · app/models.py:9",
    "3 $(warning) differs: Type is uuid, the design says text · app/models.py:13",
    missing,
  ]);
  assert.equal(design.document.isDirty, false);
  const again = await vscode.window.showTextDocument(uriOf("library/schema.sql"), { preview: false });
  await again.edit((edit) => edit.replace(new vscode.Range(2, 8, 2, 12), "uuid"));
  await until("library/schema.sql", ["1 $(pass-filled) implemented · app/models.py:9", missing]);
});

test("the tree is filtered by state, kind and document, and says of each kind what the whole project has", async (context) => {
  const rows: vscode.TreeDataProvider<CoverageNode>[] = [];
  context.mock.method(vscode.window, "createTreeView", (_: string, options: vscode.TreeViewOptions<CoverageNode>) => {
    rows.push(options.treeDataProvider);
    return { dispose: () => undefined };
  });
  const store = createReviewStore(createChangeSet());
  const tree = registerCoverageTree(store);
  context.after(() => tree.dispose());
  const at = (path: string) => ({ path, line: 1, endLine: 1 });
  const table = (name: string, path: string) =>
    ({ id: `table:${name}`, kind: "table", name, design: at(path) }) as const;
  store.setReview({
    checklist: [],
    coverage: {
      totals: { implemented: 1, missing: 2, mismatched: 0, extra: 0 },
      elements: [
        { ...table("cups", "a.sql"), status: "implemented" },
        { ...table("jugs", "b.sql"), status: "missing" },
        { ...table("pots", "b.sql"), status: "missing", isKnown: true },
      ],
      unlinkedRules: [{ id: "rule:BR-1", name: "BR-1", text: "Only staff.", design: at("a.md") }],
    },
    baseline: "applied",
  });
  const [provider] = rows;
  assert.ok(provider);
  const shown = (): readonly string[] => {
    const tops = provider.getChildren() as CoverageNode[];
    return tops.flatMap((top) => [
      String((provider.getTreeItem(top) as vscode.TreeItem).description),
      ...(provider.getChildren(top) as CoverageNode[]).map((node) =>
        String((provider.getTreeItem(node) as vscode.TreeItem).label),
      ),
    ]);
  };
  const filterBy = async (...labels: readonly string[]): Promise<readonly string[]> => {
    const pick = context.mock.method(vscode.window, "showQuickPick", async (items: readonly vscode.QuickPickItem[]) =>
      items.filter(({ label }) => labels.includes(label)),
    );
    await tree.handlers["backendImplementer.filterCoverage"]();
    pick.mock.restore();
    return shown();
  };
  assert.deepEqual(shown(), ["1/2 · 1/3 in the whole project", "jugs", "cups", "1 not linked", "BR-1"]);
  assert.deepEqual(await filterBy("missing"), ["0/1 · 1/3 in the whole project", "jugs"]);
  assert.deepEqual(await filterBy("a.sql"), ["1/1 · 1/3 in the whole project", "cups"]);
  assert.deepEqual(await filterBy("Business rules"), ["1 not linked", "BR-1"]);
  assert.deepEqual(await filterBy("not linked to a function"), ["1 not linked", "BR-1"]);
  await tree.handlers["backendImplementer.showAllCoverage"]();
  assert.equal(shown().length, 5);
});

test("of thousands of elements a hundred are unfolded at a time, those that need a look first", (context) => {
  const rows: vscode.TreeDataProvider<CoverageNode>[] = [];
  context.mock.method(vscode.window, "createTreeView", (_: string, options: vscode.TreeViewOptions<CoverageNode>) => {
    rows.push(options.treeDataProvider);
    return { dispose: () => undefined };
  });
  const store = createReviewStore(createChangeSet());
  const tree = registerCoverageTree(store);
  context.after(() => tree.dispose());
  const elements = Array.from({ length: 250 }, (_, at) => {
    const status = at === 249 ? ("missing" as const) : ("implemented" as const);
    return { id: `table:t${at}`, kind: "table" as const, name: `t${at}`, status };
  });
  const totals = { implemented: 249, missing: 1, mismatched: 0, extra: 0 };
  store.setReview({ checklist: [], coverage: { totals, elements } });
  const [provider] = rows;
  assert.ok(provider);
  const below = (node: CoverageNode | undefined) => provider.getChildren(node) as CoverageNode[];
  const labels = (nodes: readonly CoverageNode[]) =>
    nodes.map((node) => String((provider.getTreeItem(node) as vscode.TreeItem).label));
  const first = below(below(undefined)[0]);
  assert.deepEqual([labels(first)[0], ...labels(first).slice(-2)], ["t249", "t98", "150 more"]);
  const second = below(first.at(-1));
  assert.deepEqual([labels(second)[0], ...labels(second).slice(-2)], ["t99", "t198", "50 more"]);
  assert.deepEqual(labels(below(second.at(-1))).at(-1), "t248");
});
