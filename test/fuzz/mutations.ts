import type { DesignDocument } from "../../src/spec/model.ts";
import type { Random } from "../support/seededRandom.ts";

/** What is done to one document. `other` is a second document to take pieces from. */
export interface Mutation {
  readonly name: string;
  readonly apply: (document: DesignDocument, other: DesignDocument, random: Random) => DesignDocument;
}

/** Changes the text and leaves the name. */
function ofText(name: string, change: (text: string, random: Random, other: string) => string): Mutation {
  return {
    name,
    apply: (document, other, random) => ({ path: document.path, text: change(document.text, random, other.text) }),
  };
}

function insertion(name: string, piece: (random: Random) => string): Mutation {
  return ofText(name, (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + piece(random) + text.slice(at);
  });
}

/** Inserted as lines of their own. */
function lineInsertion(name: string, piece: (random: Random) => string): Mutation {
  return ofText(name, (text, random) => {
    const at = lineStart(text, random(text.length + 1));
    return `${text.slice(0, at)}${piece(random)}\n${text.slice(at)}`;
  });
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", Math.max(0, at - 1)) + 1;
}

function pick<T>(items: readonly [T, ...T[]], random: Random): T {
  return items[random(items.length)] ?? items[0];
}

const splinters = [
  "\0",
  "'",
  '"',
  "`",
  "$$",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "|",
  "\n",
  "#",
  "\uD800",
  "- ",
  "::",
  "&a *a",
  "\\",
  "😀",
  "CREATE TABLE ",
  "/*",
  "--",
  "<!--",
  "${",
  "<<: *x\n",
  "__proto__: ",
  "constructor",
] as const;

const invisible = ["\u202e", "\u2066", "\u200b", "\u200d", "\u3164", "\u{e0041}", "\ufeff", "\u2028", "е"] as const;

const fences = ["```", "~~~", "````", "```sql", "```yaml", "```json", "```mermaid", "> ```", "   ```ts"] as const;

const runs = [
  "|",
  "`",
  "(",
  "[[",
  "<!--",
  "a ",
  "- ",
  "{",
  "*",
  "_",
  "→ ",
  "/x",
  "`|",
  "\\|",
  "&amp;",
  "GET /a ",
] as const;

export const mutations: readonly [Mutation, ...Mutation[]] = [
  ofText("truncated", (text, random) => text.slice(0, random(text.length))),
  ofText("beheaded", (text, random) => text.slice(random(text.length))),
  ofText("spliced", (text, random, other) => text.slice(0, random(text.length)) + other.slice(random(other.length))),
  ofText("embedded", (text, random, other) => {
    const at = random(text.length);
    const from = random(other.length);
    return text.slice(0, at) + other.slice(from, from + random(4000)) + text.slice(at);
  }),
  insertion("splinter", (random) => pick(splinters, random)),
  insertion("many NULs", (random) => "\0".repeat(1 + random(50))),
  insertion("invisible", (random) => pick(invisible, random).repeat(1 + random(3))),
  insertion("run", (random) => pick(runs, random).repeat(10 + random(3000))),
  lineInsertion("fence", (random) => pick(fences, random)),
  lineInsertion("deep list", (random) => {
    const depth = 5 + random(60);
    return Array.from({ length: depth }, (_, level) => `${" ".repeat(level * 2)}- a`).join("\n");
  }),
  lineInsertion("deep quote", (random) => `${">".repeat(1 + random(200))} GET /quoted`),
  lineInsertion("deep JSON", (random) => {
    const depth = 10 + random(3000);
    return `\`\`\`json\n${'{"a":['.repeat(depth)}${random(2) === 0 ? "]}".repeat(depth) : ""}\n\`\`\``;
  }),
  lineInsertion("anchors", (random) => {
    const levels = 3 + random(12);
    const of = (level: number): string => `[${Array.from({ length: 9 }, () => `*b${level - 1}`).join(",")}]`;
    return Array.from(
      { length: levels },
      (_, level) => `b${level}: &b${level} ${level === 0 ? "[x]" : of(level)}`,
    ).join("\n");
  }),
  ofText("gap", (text, random) => {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at + random(400));
  }),
  ofText("stutter", (text, random) => {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at, at + 120).repeat(20) + text.slice(at);
  }),
  ofText("line twice", (text, random) => {
    const at = lineStart(text, random(text.length));
    const end = text.indexOf("\n", at) + 1 || text.length;
    return text.slice(0, end) + text.slice(at, end) + text.slice(end);
  }),
  ofText("lines shuffled", (text, random) => {
    const lines = text.split("\n");
    for (let count = 1 + random(20); count > 0; count--) {
      const [from, to] = [random(lines.length), random(lines.length)];
      [lines[from], lines[to]] = [lines[to] ?? "", lines[from] ?? ""];
    }
    return lines.join("\n");
  }),
  ofText("fence lost", (text, random) => {
    const marks = [...text.matchAll(/^ *(?:```|~~~).*\n/gm)];
    const mark = marks[random(marks.length)];
    return mark === undefined ? text : text.slice(0, mark.index) + text.slice(mark.index + mark[0].length);
  }),
  ofText("indented", (text, random) => {
    const [from, to] = [lineStart(text, random(text.length)), text.length];
    const prefix = pick(["> ", "    ", "- ", "\t", "1. ", "// ", "* "], random);
    return text.slice(0, from) + text.slice(from, to).replace(/^/gm, prefix);
  }),
  ofText("mojibake", (text) => Buffer.from(text, "utf8").toString("latin1")),
  ofText("UTF-16 as UTF-8", (text) => Buffer.from(`\ufeff${text}`, "utf16le").toString("utf8")),
  ofText("line ends", (text, random) => text.replace(/\n/g, pick(["\r\n", "\r", "\u2028", "\n\r\n"], random))),
  { name: "swapped", apply: (document, other) => ({ path: document.path, text: other.text }) },
  {
    name: "renamed",
    apply: (document, _, random) => {
      const ending = pick([".md", ".sql", ".yaml", ".json", ".dbml", ".prisma", ".mmd", ".txt", ""], random);
      return { path: document.path.replace(/\.\w+$/, ending), text: document.text };
    },
  },
];

const mebibyte = 1024 * 1024;

/** A line of up to 50 MiB; one round in a few hundred, because even copying it takes time. */
export const hugeLine: Mutation = insertion("huge line", (random) => {
  const piece = pick(runs, random);
  const size = pick([0.1, 0.3, 1, 3, 7, 9, 50], random) * mebibyte;
  return piece.repeat(Math.floor(size / piece.length));
});
