import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../../src");

/** Which folders of `src` a folder may import from, besides itself. This table is the architecture. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  support: [],
  spec: ["support"],
  changes: ["support"],
  agent: ["support", "spec"],
  compiler: ["support", "spec"],
  review: ["support", "spec"],
  tools: ["support", "agent", "changes", "session/ports.ts"],
  models: ["support", "agent", "compiler", "spec"],
  session: ["support", "spec", "compiler", "agent", "changes", "tools", "models", "review"],
  node: ["support", "spec", "compiler", "changes", "review", "session"],
  vscode: [
    "support",
    "spec",
    "agent",
    "changes",
    "review",
    "session",
    "compiler/compilation.ts",
    "compiler/delta/recordPath.ts",
  ],
  "runtime.ts": ["support", "spec", "compiler", "agent", "changes", "tools", "models", "review", "session", "node"],
  "extension.ts": [
    "support",
    "session",
    "changes",
    "node/analyzerProcess.ts",
    "node/diskWriter.ts",
    "node/documentFile.ts",
    "node/folderStore.ts",
    "node/scratchDatabaseProcess.ts",
    "node/stateLog.ts",
    "vscode",
    "runtime.ts",
    "surface.ts",
  ],
  "surface.ts": ["node/fileWorkspace.ts", "node/ripgrep.ts", "vscode"],
  "cli.ts": ["support", "spec", "compiler", "agent", "changes", "tools", "models", "review", "session", "node"],
};

/** Packages that only some places may know. */
const owners: Readonly<Record<string, readonly string[]>> = {
  vscode: ["vscode", "extension.ts"],
  "@anthropic-ai/sdk": ["models/anthropic.ts"],
  "@electric-sql/pglite": ["node/scratchDatabase.ts"],
  "gray-matter": ["agent/definition.ts", "agent/frontMatter.ts"],
  "node:fs": ["node", "cli.ts"],
  "node:fs/promises": ["node", "cli.ts"],
  "node:child_process": ["node", "cli.ts"],
  "node:os": ["node", "cli.ts"],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: readonly Import[] = sources().flatMap((file) =>
  [
    ...readFileSync(join(root, file), "utf8").matchAll(
      /^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)/gm,
    ),
  ].map((match) => ({ from: file, to: match[1] ?? match[2] ?? "" })),
);

test("the sources are found at all", () => {
  assert.ok(imports.length > 50);
});

test("every import follows the table", () => {
  const broken = imports
    .filter(({ to }) => to.startsWith("."))
    .map(({ from, to }) => ({ from, target: relative(root, join(root, dirname(from), to)) }))
    .filter(({ from, target }) => top(from) !== top(target) && !mayImport(top(from), target));
  assert.deepEqual(broken, []);
});

test("a package stays with its owner", () => {
  const strays = imports.filter(({ from, to }) => {
    const owner = Object.keys(owners).find((name) => to === name || to.startsWith(`${name}/`));
    return (
      owner !== undefined && !(owners[to] ?? owners[owner])?.some((place) => place === from || place === top(from))
    );
  });
  assert.deepEqual(strays, []);
});

test("nobody imports an entry point", () => {
  const entries = ["extension.ts", "cli.ts"];
  const strays = imports.filter(({ to }) => entries.some((entry) => to.endsWith(`/${entry}`)));
  assert.deepEqual(strays, []);
});

test("no file is longer than 400 lines", () => {
  const long = sources().filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 401);
  assert.deepEqual(long, []);
});

test("no module keeps state in a variable, and no catch is empty", () => {
  const broken = sources().filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return /^(export )?let /m.test(text) || /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text);
  });
  assert.deepEqual(broken, []);
});

test("the environment, the clock and chance are read at the edges only", () => {
  const edges = ["node", "vscode", "extension.ts", "cli.ts"];
  const broken = sources().filter(
    (file) =>
      !edges.includes(top(file)) && /\bprocess\.env\b|\bMath\.random\(/.test(readFileSync(join(root, file), "utf8")),
  );
  assert.deepEqual(broken, []);
});

function mayImport(from: string, target: string): boolean {
  return allowed[from]?.some((place) => place === target || place === top(target)) ?? false;
}

function top(path: string): string {
  return path.split("/")[0] ?? path;
}

function sources(): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" }).filter((entry) => entry.endsWith(".ts"));
}
