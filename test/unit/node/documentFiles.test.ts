/** Files that are no documents: A18, A19, A26–A29, A33 and A36 of the security catalogue. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readDocumentFile } from "../../../src/node/documentFile.ts";
import { readDocumentFiles } from "../../../src/node/documentFiles.ts";
import { readSpec } from "../../../src/spec/readSpec.ts";
import { decodeText } from "../../../src/support/decodeText.ts";
import { scratchFolder } from "../../support/scratchFolder.ts";

const text = "# Größe\r\n\r\nÜber € und 日本語\r\n";
const wide = Buffer.from(text, "utf16le");
const marked = Buffer.from(`\ufeff${text}`, "utf16le");
const latin = "# Größe\n\nÜber\n";

for (const [name, bytes, expected] of [
  ["UTF-8", Buffer.from(text), { text }],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`), { text }],
  ["UTF-16LE", wide, { text, encoding: "UTF-16LE" }],
  ["UTF-16LE with a byte order mark", marked, { text, encoding: "UTF-16LE" }],
  ["UTF-16BE", Buffer.from(wide).swap16(), { text, encoding: "UTF-16BE" }],
  ["UTF-16BE with a byte order mark", Buffer.from(marked).swap16(), { text, encoding: "UTF-16BE" }],
  ["Latin-1", Buffer.from(latin, "latin1"), { text: latin, encoding: "Windows-1252" }],
  ["a lone 0x80", Buffer.from([0x61, 0x80]), { text: "a€", encoding: "Windows-1252" }],
  ["bytes with a NUL", Buffer.from([1, 0, 2, 3, 4]), undefined],
  ["nothing", Buffer.from([]), { text: "" }],
] as const) {
  test(`A18, A19: ${name} is decoded as what it is`, () => assert.deepEqual(decodeText(bytes), expected));
}

test("A19: a document in another encoding is used and noted, one that is no text is left out", async (context) => {
  const base = scratchFolder(context, { "docs/a.md": "", "docs/b.md": "", "docs/c.md": "# C\n" });
  writeFileSync(
    join(base, "docs/a.md"),
    Buffer.from("# Errors\n\n| Code | HTTP | Message |\n|---|---|---|\n| `A_B` | 404 | Größe |\n", "utf16le"),
  );
  writeFileSync(join(base, "docs/b.md"), Buffer.from([1, 0, 2]));
  const { spec, problems } = await readSpec(await readDocumentFiles(["docs"], base));
  assert.deepEqual(
    spec.errors.codes.map(({ name, message }) => [name, message]),
    [["A_B", "Größe"]],
  );
  const own = problems
    .filter(({ path, line }) => path !== "docs/c.md" && line === 1)
    .map(({ path, code }) => `${path} ${code}`);
  assert.deepEqual(own.slice(0, 1), ["docs/a.md SPEC-DECODED"]);
  assert.ok(own.includes("docs/b.md SPEC-ENCODING"));
});

test("A26 A27 A28 A29 A33: what cannot be a document is refused without opening it, and the others are used", async (context) => {
  const outside = scratchFolder(context, { "secret.md": "# Secret" });
  const home = scratchFolder(context, { "a.md": "# A", "big.md": "", "b.docx": "PK", "c.pdf": "%PDF" });
  truncateSync(join(home, "big.md"), 4 * 1024 ** 3);
  symlinkSync(join(outside, "secret.md"), join(home, "link.md"));
  symlinkSync(outside, join(home, "linked"));
  symlinkSync(join(home, "a.md"), join(home, "inside.md"));
  mkdirSync(join(home, "folder.md"));
  execFileSync("mkfifo", [join(home, "pipe.md")]);
  const outcome = async (name: string): Promise<string> => {
    const document = await readDocumentFile(join(home, name), { path: name, home });
    assert.equal(document.text === "", document.notice !== undefined, name);
    return document.notice?.code ?? "read";
  };
  assert.deepEqual(await Promise.all(["a.md", "inside.md"].map(outcome)), ["read", "read"]);
  assert.equal(await outcome("big.md"), "SPEC-SIZE");
  assert.equal(await outcome("link.md"), "SPEC-LINK");
  assert.equal(await outcome("linked/secret.md"), "SPEC-LINK");
  assert.equal(await outcome("folder.md"), "SPEC-NOT-FILE");
  assert.equal(await outcome("pipe.md"), "SPEC-NOT-FILE");
  assert.equal(await outcome("gone.md"), "SPEC-UNREADABLE");
  assert.equal(await outcome("b.docx"), "SPEC-TYPE");
  assert.equal(await outcome("c.pdf"), "SPEC-TYPE");
});

test("A36, F07: names with spaces, percent signs, emoji and shell text are names", async (context) => {
  const names = [
    "a b.md",
    "a#b.md",
    "a%20b.md",
    "😀.md",
    `${"x".repeat(200)}.md`,
    "$(touch pwned).md",
    "[x](command:y).md",
  ];
  const base = scratchFolder(context, Object.fromEntries(names.map((name) => [`docs/${name}`, name])));
  const documents = await readDocumentFiles(["docs"], base);
  assert.deepEqual(documents.map((document) => document.text).sort(), [...names].sort());
});
