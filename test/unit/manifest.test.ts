import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readmeOfPackage } from "../harness/packageTexts.ts";

const root = join(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const contributes = manifest.contributes;
const english: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8"));
const textOf = (key: string): string => english[key.slice(1, -1)] ?? "";
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.startsWith("vscode/") && file.endsWith(".ts"))
  .map((file) => readFileSync(join(root, "src", file), "utf8"))
  .join("\n");

const contributedCommands: readonly string[] = contributes.commands.map((entry: { command: string }) => entry.command);

test("the code registers exactly the commands that the manifest contributes", () => {
  const source = readFileSync(join(root, "src/vscode/commands.ts"), "utf8");
  const lists = [...source.matchAll(/const \w+CommandIds = \[([\s\S]*?)\] as const/g)].map(([, list]) => list).join();
  const registered = [...lists.matchAll(/"(backendImplementer\.\w+)"/g)].map((match) => match[1]);
  assert.deepEqual([...contributedCommands].sort(), registered.sort());
});

test("every command, menu and key names a contributed command", () => {
  const menus = Object.values(contributes.menus ?? {}).flat() as { command?: string }[];
  const keys = (contributes.keybindings ?? []) as { command: string }[];
  const named = [...menus, ...keys].flatMap((entry) => (entry.command ? [entry.command] : []));
  assert.deepEqual(
    named.filter((command) => !contributedCommands.includes(command)),
    [],
  );
});

test("every view that is contributed is created", () => {
  const views = Object.values(contributes.views ?? {}).flat() as { id: string }[];
  assert.deepEqual(
    views.filter((view) => !sources.includes(`"${view.id}"`)).map((view) => view.id),
    [],
  );
});

test("no proposed API is asked for, and the API floor is the types' version", () => {
  assert.equal(manifest.enabledApiProposals, undefined);
  assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"]}`);
});

test("the participant's commands are those that the code reads", () => {
  const contributed = contributes.chatParticipants[0].commands.map((entry: { name: string }) => entry.name);
  const source = readFileSync(join(root, "src/session/prompt.ts"), "utf8");
  const kinds = /export const runKinds = \[([^\]]*)\]/.exec(source)?.[1] ?? "";
  assert.deepEqual(
    contributed,
    [...kinds.matchAll(/"(\w+)"/g)].map((match) => match[1]),
  );
});

test("every file that the manifest names exists", () => {
  const files = JSON.stringify(contributes).match(/"(?:media|\.\/agents)\/[^"]+"/g) ?? [];
  const named = files.map((file) => file.slice(1, -1)).concat(manifest.icon ?? []);
  assert.deepEqual(
    named.filter((file) => !existsSync(join(root, file))),
    [],
  );
});

test("the extension has a picture of its own in the size that galleries ask for", () => {
  const png = readFileSync(join(root, manifest.icon));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.deepEqual([png.toString("latin1", 1, 4), width, height], ["PNG", 256, 256]);
});

test("the page of the extension in the editor has no picture and no link that would lead nowhere", () => {
  const readme = readmeOfPackage();
  assert.match(readme, /^# Backend Implementer$/m);
  assert.deepEqual(readme.match(/\]\((?!https:)[^)]*\)/g) ?? [], []);
});

test("every view says what comes next in each state in which it has nothing to show", () => {
  const phases = ["running", "noDocuments", "stopped", "failed"];
  const views = Object.values(contributes.views).flat() as { id: string }[];
  for (const { id } of views) {
    const welcomes = contributes.viewsWelcome.filter((entry: { view: string }) => entry.view === id);
    const conditions = welcomes.map((entry: { when: string }) => entry.when).join(" || ");
    const wanted = ["workspaceFolderCount == 0", "!backendImplementer.phase", ...phases.map((it) => `phase == ${it}`)];
    assert.deepEqual(
      wanted.filter((state) => !conditions.includes(state)),
      [],
      id,
    );
    for (const { contents, when } of welcomes)
      assert.ok(/phase == running/.test(when) || /\]\(command:/.test(textOf(contents)), contents);
  }
});

test("links of welcome views and walkthroughs name commands of ours or of VS Code", () => {
  const steps = contributes.walkthroughs.flatMap((it: { steps: readonly { description: string }[] }) => it.steps);
  const texts = [...contributes.viewsWelcome, ...steps].map(({ contents, description }) =>
    textOf(contents ?? description),
  );
  const named = [...texts.join("\n").matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? "");
  assert.deepEqual(
    named.filter((command) => !contributedCommands.includes(command) && !command.startsWith("workbench.")),
    [],
  );
});

test("dependencies are pinned to exact versions", () => {
  const ranges = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
  assert.deepEqual(
    ranges.filter(([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range)),
    [],
  );
});

test("every skill and rule that is shipped is offered to the chat, a skill under the name of its folder", () => {
  const shipped = readdirSync(join(root, "agents"), { recursive: true, encoding: "utf8" });
  const paths = (point: string): readonly string[] => contributes[point].map((entry: { path: string }) => entry.path);
  const skills = shipped.filter((file) => file.endsWith("/SKILL.md"));
  assert.deepEqual([...paths("chatSkills")].sort(), skills.map((file) => `./agents/${file}`).sort());
  const rules = shipped.filter((file) => /^rules\/.*\.md$/.test(file));
  assert.deepEqual([...paths("chatInstructions")].sort(), rules.map((file) => `./agents/${file}`).sort());
  for (const file of skills) {
    const name = /^name: (.+)$/m.exec(readFileSync(join(root, "agents", file), "utf8"))?.[1];
    assert.equal(name, file.split("/").at(-2));
  }
});

test("the chat's agent and prompts name the tools that are contributed", () => {
  const own: readonly string[] = contributes.languageModelTools.map(
    (tool: { toolReferenceName: string }) => `${manifest.publisher}.${manifest.name}/${tool.toolReferenceName}`,
  );
  const files = [...contributes.chatAgents, ...contributes.chatPromptFiles] as { path: string }[];
  for (const { path } of files) {
    const named = readFileSync(join(root, path), "utf8").match(/[\w.-]+\.backend-implementer\/\w+/g) ?? [];
    assert.ok(named.length > 0, path);
    assert.deepEqual(
      named.filter((name) => !own.includes(name)),
      [],
    );
  }
});
