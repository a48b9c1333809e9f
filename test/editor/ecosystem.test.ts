import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import * as vscode from "vscode";
import { ourExtension } from "./ourExtension.ts";
import { startWithoutChat, uriOf } from "./testFolder.ts";

async function invoke(name: string, input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
}

test("the tools are offered to other agents, with their schemas", async () => {
  await ourExtension().activate();
  const ours = vscode.lm.tools.filter(({ name }) => name.startsWith("backend_"));
  const contributed: readonly { name: string; inputSchema: unknown }[] =
    ourExtension().packageJSON.contributes.languageModelTools;
  assert.deepEqual(
    ours.map(({ name, inputSchema }) => ({ name, inputSchema })).sort((a, b) => a.name.localeCompare(b.name)),
    contributed.map(({ name, inputSchema }) => ({ name, inputSchema })).sort((a, b) => a.name.localeCompare(b.name)),
  );
});

test("a tool answers from the documents of the folder, without a run before it", { timeout: 60_000 }, async () => {
  await startWithoutChat();
  assert.match(await invoke("backend_spec", { element: "ORDER_NOT_FOUND" }), /^### Error code `ORDER_NOT_FOUND`/);
  assert.match(await invoke("backend_coverage", { kinds: ["table"] }), /^Coverage of the design: \d+ implemented/);
  assert.match(await invoke("backend_check", { items: ["secrets"] }), /^- secrets \(/);
});

test("a tool that is cancelled does not answer", async () => {
  await ourExtension().activate();
  const source = new vscode.CancellationTokenSource();
  source.cancel();
  const call = vscode.lm.invokeTool("backend_check", { input: {}, toolInvocationToken: undefined }, source.token);
  await assert.rejects(async () => call);
});

test("agent, skills, rules and prompts are listed by the chat", { timeout: 60_000 }, async (context) => {
  if (vscode.version.startsWith("1.105.")) return context.skip("VS Code 1.105 cannot list them");
  const home = ourExtension().extensionUri.path;
  const listed: readonly { uri: vscode.Uri; type: string }[] =
    await vscode.commands.executeCommand("_listExtensionPromptFiles");
  const ours = listed.filter(({ uri }) => uri.path.startsWith(home)).map(({ uri }) => uri.path.slice(home.length + 1));
  const { chatAgents, chatSkills, chatInstructions, chatPromptFiles } = ourExtension().packageJSON.contributes;
  const contributed: readonly { path: string }[] = [chatAgents, chatSkills, chatInstructions, chatPromptFiles].flat();
  assert.deepEqual([...ours].sort(), contributed.map(({ path }) => path.replace(/^\.\//, "")).sort());
});

test("the agent's front matter names tools that there are", async () => {
  const [{ path }] = ourExtension().packageJSON.contributes.chatAgents;
  const uri = vscode.Uri.joinPath(ourExtension().extensionUri, path);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  const problems = vscode.languages.getDiagnostics(uri).map(({ message }) => message);
  assert.deepEqual(problems, []);
  assert.ok(uriOf("docs").path.length > 0);
});

test("the folder has the task that checks it, and it can be run", { timeout: 60_000 }, async () => {
  await ourExtension().activate();
  const [task, ...others] = await vscode.tasks.fetchTasks({ type: "backend-implementer" });
  assert.deepEqual(others, []);
  const { execution } = task ?? {};
  assert.ok(execution instanceof vscode.ProcessExecution);
  assert.deepEqual(execution.args.slice(1), ["check", ".", "--docs", "docs"]);
  assert.deepEqual(task?.problemMatchers, ["$backend-implementer"]);
  const { args, options } = execution;
  const environment = { cwd: options?.cwd ?? "", env: { ...process.env, ...options?.env } };
  const { code, stdout } = await new Promise<{ code: unknown; stdout: string }>((done) => {
    execFile(execution.process, args, environment, (error, text) => done({ code: error?.code, stdout: text }));
  });
  assert.equal(code, 1, "nothing is implemented yet");
  assert.match(stdout, /^docs\/openapi\.yaml:\d+: endpoint:POST \S*\/orders is missing$/m);
});
