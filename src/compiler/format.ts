import type { Diagnostic } from "@astral-sh/ruff-wasm-nodejs";
import ruff from "@astral-sh/ruff-wasm-nodejs";
import { applyLintEdits } from "../support/lintEdits.ts";
import { lineWidth } from "./python.ts";

/**
 * Drops unused imports, sorts the rest and formats, as `ruff check --fix` and `ruff format` would.
 *
 * `firstParty` are the top-level names whose imports stand last. Throws when the text is not valid Python, which for a generated file is a bug of its emitter.
 */
export function formatPython(text: string, width = lineWidth, firstParty = ownPackage): string {
  const workspace = workspaceFor(width, firstParty);
  const formatted = workspace.format(fixed(text, workspace));
  const bracketed = formatted.replace(brokenCondition, "$1$2($3)$4");
  return bracketed === formatted ? formatted : workspace.format(bracketed);
}

/** An argument `x=a\nif b\nelse c,`: black puts brackets around it, and ruff leaves them when they are there. */
const brokenCondition = /^( *)(\w+=)?(?! )(.+\n\1if .+\n\1else .+)(,)$/gm;

/** The text with its imports as isort has them; nothing else in it changes. */
export function sortImports(text: string, width: number, firstParty: readonly string[]): string {
  const diagnostics: readonly Diagnostic[] = workspaceFor(width, firstParty).check(text);
  return applyLintEdits(
    text,
    diagnostics.filter(({ code }) => code === "I001").flatMap(({ fix }) => fix?.edits ?? []),
  );
}

/** Formats a piece without imports: a function whose length has to be known. */
export function formatBlock(text: string, width = lineWidth): string {
  return workspaceFor(width, ownPackage).format(text);
}

const ownPackage: readonly string[] = ["app"];

/** One for each width and package, because it is costly to make and its memory is never given back. */
const workspaces = new Map<string, ruff.Workspace>();

function workspaceFor(width: number, firstParty: readonly string[]): ruff.Workspace {
  const key = [width, ...firstParty].join(" ");
  const known = workspaces.get(key);
  if (known) return known;
  // Never with preview: the codes would become names.
  const options = {
    "line-length": width,
    "target-version": "py311",
    lint: { select: ["F401", "I001"], isort: { "known-first-party": [...firstParty] } },
  };
  const workspace = new ruff.Workspace(options, ruff.PositionEncoding.Utf16);
  workspaces.set(key, workspace);
  return workspace;
}

/** A fix can uncover another one (an emptied block, say), so rounds follow until nothing is left. */
function fixed(text: string, workspace: ruff.Workspace): string {
  const diagnostics: readonly Diagnostic[] = workspace.check(text);
  const unused = diagnostics.filter(({ code }) => code === "F401");
  const edits = (unused.length > 0 ? unused : diagnostics).flatMap(({ fix }) => fix?.edits ?? []);
  const next = applyLintEdits(text, edits);
  return next === text ? text : fixed(next, workspace);
}
