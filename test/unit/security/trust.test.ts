/** Catalogue I, what the manifest promises about trust (research/security.md §3, §4). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { riskyKeys } from "../../../src/support/riskyKeys.ts";

const root = join(import.meta.dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const prefix = "backendImplementer.";
type Setting = { readonly scope?: string; readonly default: unknown };
const groups: readonly { properties: Record<string, Setting> }[] = manifest.contributes.configuration;
const settings: Readonly<Record<string, Setting>> = Object.assign({}, ...groups.map(({ properties }) => properties));
const restricted: readonly string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;

test("I05 the settings that decide where secrets go and what is asked are the machine's, with safe defaults", () => {
  const ofMachine = Object.entries(settings).filter(([, { scope }]) => scope === "machine");
  assert.deepEqual(Object.fromEntries(ofMachine.map(([key, setting]) => [key.replace(prefix, ""), setting.default])), {
    "anthropic.baseUrl": "https://api.anthropic.com",
    "anthropic.auth": "bearer",
    "budget.dollars": 5,
    "commands.approval": "outsideSandbox",
  });
  for (const [key] of ofMachine) assert.ok(restricted.includes(key), key);
});

test("I05 every setting with a path, an address, a price or a model is restricted, and each name exists", () => {
  const telling = /url|path|executable|globs|approval|sandbox|auth|model|budget|proxy|key/i;
  const open = Object.keys(settings).filter(
    (key) => telling.test(key.replace(prefix, "")) && !restricted.includes(key),
  );
  assert.deepEqual(open, []);
  assert.deepEqual(
    restricted.filter((key) => !(key in settings)),
    [],
  );
});

test("I05 no setting names a program or a path to run", () => {
  assert.deepEqual(
    Object.keys(settings).filter((key) => /executable|command\b|binary|interpreter|path/i.test(key)),
    [],
  );
});

test("I07 I08 I09 where commands and files are not those of a disk, the extension says so", () => {
  const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
  assert.equal(untrustedWorkspaces.supported, "limited");
  assert.equal(virtualWorkspaces.supported, false);
  assert.equal(manifest.browser, undefined, "not offered in a web extension host");
  assert.deepEqual(manifest.extensionKind, ["workspace"]);
});

test("G13 the key is asked for as a password, and nothing is synchronised", () => {
  const source = readFileSync(join(root, "src/vscode/settings.ts"), "utf8");
  assert.match(source, /password: true/);
  assert.equal(
    Object.keys(settings).some((key) => /apiKey|token|secret/i.test(key)),
    false,
  );
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const synchronised = sources.filter((name) => name.endsWith(".ts") && /setKeysForSync/.test(text(name)));
  assert.deepEqual(synchronised, []);
});

test("C34 C35 a command is allowed in our own dialog only, where an answer is to that very command", () => {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const using = (pattern: RegExp) => sources.filter((name) => name.endsWith(".ts") && pattern.test(text(name)));
  assert.deepEqual(using(/lm\.invokeTool\(|confirmationMessages/), [], "nothing is asked through VS Code's tools");
  assert.deepEqual(using(/lm\s*\.registerTool\b/), ["vscode/tools/registerTools.ts"]);
  const tools = manifest.contributes.languageModelTools.map(({ name }: { name: string }) => name);
  assert.deepEqual(tools, ["backend_spec", "backend_coverage", "backend_check"], "tools for others only look");
  assert.doesNotMatch(text("vscode/tools/invokeTool.ts"), /createShell|carryOut|\.implement\(|\.propose\(/);
  const keys = riskyKeys('{"chat.permissions.default": "autopilot", "chat.fontSize": 12}');
  assert.deepEqual(keys, ["chat.permissions.default"]);
});

function text(name: string): string {
  return readFileSync(join(root, "src", name), "utf8");
}
