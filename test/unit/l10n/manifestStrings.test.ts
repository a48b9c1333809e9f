/** What people read of the manifest is in `package.nls.json`, and Japanese has all of it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { japanese, partsOf } from "../../support/translations.ts";

const root = join(import.meta.dirname, "../../..");
const manifest = readJson("package.json");
const english: Readonly<Record<string, string>> = readJson("package.nls.json");
const keyForm = /^%([\w.]+)%$/;
const product = "Backend Implementer";

test("every text of the manifest that people see is a key", () => {
  const { description, capabilities, contributes } = manifest;
  const views = Object.values<{ name: string }[]>(contributes.views).flat();
  const shown = [...textsIn({ description, capabilities, contributes }), ...views.map(({ name }) => name)];
  assert.ok(shown.length > 100);
  assert.deepEqual(
    shown.filter((text) => text !== product && !keyForm.test(text)),
    [],
    "Write %key% in package.json, and the text in package.nls.json and package.nls.ja.json.",
  );
});

test("every key of the manifest has its text, and every text its key", () => {
  const keys = JSON.stringify(manifest).match(/(?<=")%[^%"]+%(?=")/g) ?? [];
  assert.deepEqual([...new Set(keys.map((key) => key.slice(1, -1)))].sort(), Object.keys(english).sort());
});

test("Japanese has every text of the manifest", () => {
  const translated: Readonly<Record<string, string>> = readJson("package.nls.ja.json");
  const lacking = Object.keys(english).filter((key) => !japanese.test(translated[key] ?? ""));
  assert.deepEqual(lacking, [], "Give these keys their Japanese in package.nls.ja.json; l10n/README.md has the terms.");
});

test("a translation of the manifest has no other keys, and the links and code of its text", () => {
  for (const name of readdirSync(root).filter((file) => /^package\.nls\.[\w-]+\.json$/.test(file))) {
    const translated: Readonly<Record<string, string>> = readJson(name);
    assert.deepEqual(
      Object.keys(translated).filter((key) => english[key] === undefined),
      [],
      name,
    );
    for (const [key, text] of Object.entries(translated)) {
      assert.deepEqual(partsOf(text), partsOf(english[key] ?? ""), `${name}: ${key}`);
    }
  }
});

/** Of a model, not of people, are the description of a tool and that of its input. */
const notForPeople = ["modelDescription", "inputSchema"];
const forPeople =
  /^(?:title|description|displayName|fullName|userDescription|contents|altText|category|contextualTitle|markdownDescription|enumDescriptions|aliases)$/;

function* textsIn(value: unknown, name = ""): Generator<string> {
  if (typeof value === "string" && forPeople.test(name)) yield value;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!notForPeople.includes(key)) yield* textsIn(inner, Array.isArray(value) ? name : key);
  }
}

function readJson(file: string) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}
