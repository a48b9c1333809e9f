import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { settingsSchema } from "../../src/session/settings.ts";
import { contributedSettings, settingsTable } from "../support/settingsDocuments.ts";

const root = join(import.meta.dirname, "../..");
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

test("the manifest contributes the settings of the schema, with their types, defaults and words", () => {
  const { configuration, restricted, texts } = contributedSettings();
  const manifest = readJson("package.json");
  const words = readJson("package.nls.json");
  const isSettings = ([key]: readonly [string, unknown]): boolean => key.startsWith("settings.");
  if (isUpdating) {
    manifest.contributes.configuration = configuration;
    manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restricted;
    writeJson("package.json", manifest);
    const others = Object.entries(words).filter((entry) => !isSettings(entry));
    writeJson("package.nls.json", { ...Object.fromEntries(others), ...texts });
  }
  assert.deepEqual(manifest.contributes.configuration, configuration);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, restricted);
  const written = Object.entries(readJson("package.nls.json")).filter(isSettings);
  assert.deepEqual(Object.fromEntries(written), texts);
});

test("the README has the table of the settings", () => {
  const path = join(root, "README.md");
  const text = readFileSync(path, "utf8");
  const section = /(?<=<!-- settings -->\n)[\s\S]*?(?=\n<!-- \/settings -->)/;
  if (isUpdating) writeFileSync(path, text.replace(section, settingsTable));
  assert.equal(section.exec(readFileSync(path, "utf8"))?.[0], settingsTable());
});

test("what is missing or not allowed counts as its default", () => {
  const defaults = settingsSchema.parse({});
  assert.equal(defaults.model, "auto");
  assert.equal(defaults.budget.dollars, 5);
  const section = {
    model: "gpt",
    anthropic: { effort: "high", auth: 3 },
    budget: "none",
    documents: { globs: ["docs/*", 4] },
    get: () => undefined,
  };
  assert.deepEqual(settingsSchema.parse(section), {
    ...defaults,
    anthropic: { ...defaults.anthropic, effort: "high" },
  });
});

function readJson(file: string) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(join(root, file), `${JSON.stringify(value, undefined, 2)}\n`);
}
