/** F08–F10: looking at hostile proposals tells nobody of it (research/security.md §0.8). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import { createSnapshotKeys } from "../../src/changes/snapshot.ts";
import { createStateLog } from "../../src/node/stateLog.ts";
import { eventually } from "../harness/polling.ts";
import { type EditorWindow, windowTest } from "../harness/window.ts";

/** Counts connections, whatever they are for: a refused certificate has told as much as an answer. */
async function listen() {
  const hits: string[] = [];
  const server = createServer((socket) => {
    hits.push("connection");
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      hits.push(data.toString("latin1").split("\r\n")[0] ?? "");
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return { hits, server, host: `127.0.0.1:${typeof address === "object" ? address?.port : 0}` };
}

/** Fifty files that ask an editor to fetch something, in the ways that editors know. */
function hostileFiles(host: string): Readonly<Record<string, string>> {
  const endings: Readonly<Record<string, (url: string) => string>> = {
    json: (url) => `{"$schema": "${url}", "a": 1}\n`,
    jsonc: (url) => `// ${url}\n{"$schema": "${url}"}\n`,
    "code-workspace": (url) => `{"$schema": "${url}", "folders": []}\n`,
    yaml: (url) => `# yaml-language-server: $schema=${url}\n$schema: ${url}\n`,
    xml: (url) => `<a xmlns:xsi="x" xsi:schemaLocation="${url} ${url}"><!DOCTYPE a SYSTEM "${url}"></a>\n`,
    html: (url) => `<img src="${url}"><script src="${url}"></script><link rel="stylesheet" href="${url}">\n`,
    svg: (url) => `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}"/></svg>\n`,
    md: (url) => `![x](${url})\n\n<img src="${url}">\n\n[Accept](command:backendImplementer.acceptAll)\n`,
    py: (url) => `"""![x](${url})"""\nX = "${url}"\n`,
    ipynb: (url) => `{"cells": [{"cell_type": "markdown", "source": ["![x](${url})"]}], "$schema": "${url}"}\n`,
  };
  const files = Object.entries(endings).flatMap(([ending, text]) =>
    [0, 1, 2, 3, 4].map((index) => {
      const url = `${index % 2 === 0 ? "https" : "http"}://${host}/${ending}${index}?d=SECRET`;
      return [`src/h${index}.${ending}`, text(url)] as const;
    }),
  );
  return Object.fromEntries(files);
}

/** Puts proposals where the extension looks for those of an earlier window. */
async function storeProposals({ editor }: EditorWindow, files: Readonly<Record<string, string>>): Promise<void> {
  const changes = createChangeSet();
  for (const [path, text] of Object.entries(files)) changes.propose(path, undefined, text);
  const data = join(editor.dataFolder, "data");
  const find = () =>
    readdirSync(data, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith("/review.log"));
  const stored = await eventually(find, (name) => name !== undefined);
  // The window writes its own proposals when it closes, which would take these away.
  const before = readFileSync(join(data, stored ?? ""), "utf8");
  assert.notEqual(before, "");
  const log = createStateLog(join(data, dirname(stored ?? "")));
  await log.load();
  await log.save(createSnapshotKeys(Date.now())(changes.snapshot()));
}

windowTest(
  "F08 F09 F10 opening and reviewing fifty hostile proposals calls nobody",
  { allBuiltins: true },
  async (window) => {
    const { hits, server, host } = await listen();
    try {
      const { workbench, bridge } = window;
      await workbench.command("Backend Implementer: Create Design Document Templates");
      await workbench.tab("Proposed backend changes (4 files)").waitFor();
      const files = hostileFiles(host);
      await new Promise((done) => setTimeout(done, 1000));
      await storeProposals(window, files);
      await window.reload();
      await workbench.page
        .getByText(`${Object.keys(files).length} changes proposed`)
        .first()
        .waitFor();
      await workbench.command("Backend Implementer: Review All Proposals");
      await workbench.tab(`Proposed backend changes (${Object.keys(files).length} files)`).waitFor();
      await openEach(window, Object.keys(files));
      const languages = await bridge.run(
        (vscode) =>
          vscode.workspace.textDocuments
            .filter(({ uri }) => uri.scheme === "backend-proposed")
            .map((it) => it.languageId),
        undefined,
      );
      assert.ok(languages.length >= 10, `${languages.length} documents are open`);
      assert.deepEqual(
        languages.filter((language) => /json|yaml|xml|html|toml/.test(language)),
        [],
      );
      assert.deepEqual(hits, []);

      await acceptOnlyWhatIsHarmless(window, Object.keys(files));
      assert.deepEqual(hits, []);

      // The very same text as a file of the user's own is fetched for: the listener would have heard.
      await bridge.run(async (vscode, text) => {
        const document = await vscode.workspace.openTextDocument({ language: "json", content: text });
        await vscode.window.showTextDocument(document);
      }, files["src/h1.json"] ?? "");
      await eventually(
        () => hits.length,
        (count) => count > 0,
      );
    } finally {
      server.close();
    }
  },
);

/** Two of each kind, one by one, as a reviewer would; the review of all has shown the others. */
async function openEach({ bridge }: EditorWindow, paths: readonly string[]): Promise<void> {
  for (const path of paths.filter((each) => /[01]\.[\w-]+$/.test(each))) {
    await bridge.run(async (vscode, each) => {
      await vscode.commands.executeCommand("backendImplementer.openProposal", each);
    }, path);
  }
  // A language server waits a moment before it looks at a document.
  await new Promise((done) => setTimeout(done, 4000));
}

/** B25, E28: what steers an editor is left out by Accept All, and accepted after a question of its own. */
async function acceptOnlyWhatIsHarmless({ workbench, bridge, folder }: EditorWindow, paths: readonly string[]) {
  const alone = paths.filter((path) => path.endsWith(".code-workspace"));
  await workbench.command("Backend Implementer: Accept All Proposals");
  await workbench.status(`${paths.length - alone.length} of ${paths.length} decided`).waitFor();
  await workbench.notification(`Look at ${alone.join(", ")} and accept each by itself`);
  const onDisk = () => readdirSync(join(folder, "src")).map((name) => `src/${name}`);
  assert.deepEqual(onDisk().sort(), paths.filter((path) => !alone.includes(path)).sort());

  const [first = ""] = alone;
  const accept = () =>
    bridge.run((vscode, path) => {
      void vscode.commands.executeCommand("backendImplementer.acceptFile", path);
    }, first);
  const dialog = workbench.page.locator(".monaco-dialog-box");
  await accept();
  await dialog.getByText(`Accept ${first}?`).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.equal(onDisk().includes(first), false);
  await accept();
  await dialog.getByText("can run programs").waitFor();
  await dialog.getByRole("button", { name: "Accept" }).click();
  await eventually(onDisk, (names) => names.includes(first));
}
