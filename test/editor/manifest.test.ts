import assert from "node:assert/strict";
import { test } from "node:test";
import * as vscode from "vscode";
import { ourExtension } from "./ourExtension.ts";

test("every contributed command is registered", async () => {
  await ourExtension().activate();
  const registered = new Set(await vscode.commands.getCommands(true));
  const declared: readonly { command: string }[] = ourExtension().packageJSON.contributes.commands;
  assert.ok(declared.length > 0);
  assert.deepEqual(
    declared.filter(({ command }) => !registered.has(command)),
    [],
  );
});

test("every contributed view exists", async () => {
  await ourExtension().activate();
  const registered = new Set(await vscode.commands.getCommands(true));
  const containers: Record<string, readonly { id: string }[]> = ourExtension().packageJSON.contributes.views;
  const ids = Object.values(containers).flatMap((views) => views.map(({ id }) => id));
  assert.ok(ids.length >= 3, ids.join(", "));
  assert.deepEqual(
    ids.filter((id) => !registered.has(`${id}.focus`)),
    [],
  );
});

test("every setting has the default that the manifest states", () => {
  const groups: readonly { properties: Record<string, { default: unknown }> }[] =
    ourExtension().packageJSON.contributes.configuration;
  const declared = groups.flatMap(({ properties }) => Object.entries(properties));
  const settings = vscode.workspace.getConfiguration();
  const actual = Object.fromEntries(declared.map(([key]) => [key, settings.inspect(key)?.defaultValue]));
  const wanted = Object.fromEntries(declared.map(([key, value]) => [key, value.default]));
  assert.deepEqual(actual, wanted);
});

test("the offline engine is a model that the chat can pick", async () => {
  await ourExtension().activate();
  const models = await vscode.lm.selectChatModels({ vendor: "backend-implementer" });
  assert.ok(models.length > 0);
});

test("proposed API throws here as it does for users", () => {
  const proposed = vscode.window as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  assert.throws(
    () => proposed["registerQuickDiffProvider"]?.({ scheme: "file" }, {}, "x", "x"),
    /CANNOT use API proposal/,
  );
});

interface KeyBinding {
  readonly key: string;
  readonly mac?: string;
  readonly command: string;
  readonly when?: string;
}

test("a key is ours only where something of ours is in front, and never where a default has the same condition", async () => {
  const uri = vscode.Uri.parse("vscode://defaultsettings/keybindings.json");
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  const defaults: readonly KeyBinding[] = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
  const theirs = defaults.filter(({ command }) => !command.startsWith("backendImplementer."));
  assert.ok(theirs.length > 500, `${theirs.length} keys are read`);
  const ours: readonly KeyBinding[] = ourExtension().packageJSON.contributes.keybindings;
  const scope =
    /(?<!!)(?:resourceScheme == '?backend-proposed|focusedView == '?backendImplementer\.\w+|backendImplementer\.reviewing)/;
  assert.deepEqual(
    ours.filter(({ when }) => (when ?? "").split("||").some((condition) => !scope.test(condition))),
    [],
  );
  const condition = ({ when = "" }: KeyBinding): string =>
    when
      .split(/\s*&&\s*/)
      .toSorted()
      .join(" && ");
  const keyOf = ({ key, mac }: KeyBinding): string => (process.platform === "darwin" && mac) || key;
  const collides = (one: KeyBinding, other: KeyBinding): boolean =>
    one !== other && keyOf(one) === keyOf(other) && condition(one) === condition(other);
  assert.deepEqual(
    ours.filter((one) => [...theirs, ...ours].some((other) => collides(one, other))),
    [],
  );
});
