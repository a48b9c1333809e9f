/** What the editor's side shows goes through `vscode.l10n.t`, and the bundles have it (`l10n/README.md`). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { steps } from "../../../src/compiler/compilation.ts";
import { englishArchitectureWords } from "../../../src/session/architecture/architectureWords.ts";
import { statusWords } from "../../../src/session/coverageWords.ts";
import { type EditorString, readEditorStrings } from "../../support/editorStrings.ts";
import { japanese, partsOf } from "../../support/translations.ts";

const sources = join(import.meta.dirname, "../../../src");
const checkFiles = readdirSync(join(sources, "review/checks")).map((name) => `review/checks/${name}`);
const folder = join(import.meta.dirname, "../../../l10n");
const { localised, unknown, bare } = readEditorStrings(join(folder, ".."));
const texts = [...new Set(localised.map(({ text }) => text))].sort();
const bundles = readdirSync(folder).filter((name) => /^bundle\.l10n\.[\w-]+\.json$/.test(name));

/** What reads like words for people and is none: names, what another program reads, and what is said in English. */
const notForPeople: ReadonlySet<string> = new Set([
  "Backend Implementer",
  "Backend Implementer (offline)",
  "Backend Implementer checklist",
  "/Backend Implementer Report.md",
  "$(check) Backend",
  "Opus",
  "Sonnet",
  "Haiku",
  "pasted text",
  "backendImplementer.models {}",
  "Drifted",
  "Linked",
  "Linkable",
  "{}# backend: ignore[{}] ",
  "written by a newer version of this extension",
  "{} failed without saying why.",
  // Questions are read, and answers end, in English.
  "what is missing?",
  "{}\n\n### Skills Used\n\nNone",
  "\n\n### Skills Used\n\nNone",
]);

test("what people see in the editor goes through vscode.l10n.t", () => {
  const past = bare.filter(({ text }) => !notForPeople.has(text));
  assert.ok(
    past.length === 0,
    told('Write these as vscode.l10n.t("… {0} …", value), or name them in `notForPeople` of this test:', past),
  );
  assert.ok(unknown.length === 0, told("The text of vscode.l10n.t must be one literal, with {0} for values:", unknown));
});

test("every word of the core that is a label in the editor is known there", () => {
  const labels = {
    "coverage/coverageWords.ts": Object.values(statusWords),
    "architecture/architectureWords.ts": Object.values(englishArchitectureWords.states),
    "stepTitles.ts": steps,
    "trees/checklistTitles.ts": coreTexts(/\btitle: "([^"]+)"/g, ...checkFiles),
    "careReasons.ts": [
      ...coreTexts(/names\(\s*"(?:confirmEach|runsCode)",\s*"([^"]+)"/g, "support/pathClass.ts"),
      ...coreTexts(/(?:return|\?) "([^"]+)"/g, "changes/ownYes.ts"),
    ],
  };
  for (const [file, words] of Object.entries(labels)) {
    assert.ok(words.length > 3, file);
    const lacking = words.filter((word) => !texts.includes(word));
    assert.deepEqual(lacking, [], `src/vscode/${file} lacks these.`);
  }
});

test("a placeholder has its value, and a value its placeholder", () => {
  const broken = localised.filter(({ text, values }) => {
    const named = new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
    return named.size !== values || [...named].some((index) => index >= values);
  });
  assert.ok(
    broken.length === 0,
    told("These have placeholders without values, or values without placeholders:", broken),
  );
});

test("the Japanese bundle has every text, and no other", () => {
  const path = join(folder, "bundle.l10n.ja.json");
  const before = readBundle("bundle.l10n.ja.json");
  if (process.env["UPDATE_GOLDEN"] === "1") {
    const renewed = Object.fromEntries(texts.map((text) => [text, before[text] ?? ""]));
    writeFileSync(path, `${JSON.stringify(renewed, undefined, 2)}\n`);
  }
  const bundle = readBundle("bundle.l10n.ja.json");
  const lacking = localised.filter(({ text }) => !japanese.test(bundle[text] ?? ""));
  assert.ok(
    lacking.length === 0,
    told("Give these their Japanese in l10n/bundle.l10n.ja.json; l10n/README.md has the terms:", lacking),
  );
  const hint =
    "A text that is used no more is taken out of l10n/bundle.l10n.ja.json with UPDATE_GOLDEN=1, which sorts it too.";
  assert.deepEqual(Object.keys(bundle), texts, hint);
});

test("a translation has the placeholders, icons, links and names of its text", () => {
  for (const name of bundles) {
    const bundle = readBundle(name);
    const strangers = Object.keys(bundle).filter((text) => !texts.includes(text));
    assert.deepEqual(strangers, [], `${name} translates what is not used.`);
    for (const [text, translation] of Object.entries(bundle))
      assert.deepEqual(partsOf(translation), partsOf(text), name);
  }
});

test("a command that a text names is named as the palette has it", () => {
  const titles = (name: string): ReadonlySet<unknown> =>
    new Set(Object.values(JSON.parse(readFileSync(join(folder, "..", name), "utf8"))));
  const namedIn = (shown: readonly string[]): readonly string[] =>
    shown.flatMap((text) => [...text.matchAll(/"Backend Implementer: ([^"]+)"/g)].map(([, title = ""]) => title));
  const strangers = (named: readonly string[], file: string) => named.filter((title) => !titles(file).has(title));
  const translations = Object.values(readBundle("bundle.l10n.ja.json"));
  assert.ok(namedIn(texts).length > 0 && namedIn(translations).length === namedIn(texts).length);
  assert.deepEqual(strangers(namedIn(texts), "package.nls.json"), []);
  assert.deepEqual(strangers(namedIn(translations), "package.nls.ja.json"), []);
});

/** What the expression finds in files of the core. */
function coreTexts(expression: RegExp, ...files: readonly string[]): readonly string[] {
  const all = files.map((file) => readFileSync(join(sources, file), "utf8"));
  return all.flatMap((text) => [...text.matchAll(expression)].map(([, found = ""]) => found));
}

function readBundle(name: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

function told(remedy: string, strings: readonly EditorString[]): string {
  return [remedy, ...strings.map(({ text, place }) => `  ${JSON.stringify(text)}  (${place})`)].join("\n");
}
