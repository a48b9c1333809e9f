import type { Diagnostic } from "@astral-sh/ruff-wasm-nodejs";
import { applyLintEdits } from "../support/lintEdits.ts";
import type { StyleSettings } from "./facts/pyproject.ts";

/** One lint finding. `code` is ruff's: `ANN001`, `S608`, `I001`, `invalid-syntax`. */
export interface Lint {
  readonly code: string;
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
}

/** Ruff in WebAssembly, with the rules that the checklist needs and the project's own style settings. */
export interface Ruff {
  lint(text: string): readonly Lint[];
  /** The text as the formatter would write it; undefined when it does not parse. */
  format(text: string): string | undefined;
  /** The text with its imports sorted and formatted; undefined when it does not parse. */
  tidy(text: string): string | undefined;
  /** The text with the return type of the function at this line, where its own text decides it. */
  annotate(text: string, line: number): string | undefined;
  dispose(): void;
}

/** What is asked of ruff; `preview` stays off, because it renames the codes. */
export const lintRules = [
  ...["ANN001", "ANN002", "ANN003", "ANN201", "ANN202", "ANN204", "ANN205", "ANN206"],
  ...["S105", "S106", "S107", "S608"],
  "I001",
] as const;

/** `Depends(...)` as a default is FastAPI's idiom, not a mutable default. */
const immutableCalls = ["Depends", "Security", "Query", "Path", "Body", "Header", "Cookie", "Form", "File"].map(
  (name) => `fastapi.${name}`,
);

/**
 * Starts ruff. It is imported here and not at the top because loading compiles 10 MB of
 * WebAssembly. `preview` stays off: it renames the codes. Ruff sees no file system and calls every
 * file `<filename>`, so what depends on paths is decided by the checks.
 */
export async function startRuff(style: StyleSettings, firstParty: readonly string[]): Promise<Ruff> {
  const { PositionEncoding, Workspace } = await import("@astral-sh/ruff-wasm-nodejs");
  const options = {
    "line-length": style.lineLength,
    lint: {
      select: lintRules,
      isort: { ...style.isort, "known-first-party": [...new Set([...style.knownFirstParty, ...firstParty])] },
      "flake8-bugbear": { "extend-immutable-calls": immutableCalls },
    },
  };
  const open = (version: string) => new Workspace({ ...options, "target-version": version }, PositionEncoding.Utf16);
  const workspace = openWorkspace(open, style.targetVersion ?? newestTarget);
  const formatters = style.targetVersion === undefined ? [open(oldestTarget), workspace] : [workspace];
  const format = (marked: string): string | undefined => {
    const text = marked.replace(byteOrderMark, "");
    const mark = marked.slice(0, marked.length - text.length);
    try {
      const [written, ...others] = formatters.map((formatter) => () => formatLikeBlack(formatter, text));
      const first = written?.();
      const isKept = first === undefined || (first !== text && others.some((other) => other() === text));
      return isKept ? marked : mark + first;
    } catch {
      // The formatter throws only for code that does not parse.
      return undefined;
    }
  };
  return {
    lint: (text) =>
      workspace.check(text).map((diagnostic: Diagnostic) => ({
        code: diagnostic.code ?? "",
        line: diagnostic.start_location.row,
        column: diagnostic.start_location.column,
        message: diagnostic.message,
      })),
    format,
    tidy: (text) => {
      const unsorted = workspace.check(text).filter((diagnostic: Diagnostic) => diagnostic.code === "I001");
      return format(
        applyLintEdits(
          text,
          unsorted.flatMap(({ fix }: Diagnostic) => fix?.edits ?? []),
        ),
      );
    },
    annotate: (text, line) => {
      const missing = workspace.check(text).find(({ code, start_location }: Diagnostic) => {
        return code?.startsWith("ANN2") && start_location.row === line;
      });
      const edits = missing?.fix?.edits ?? [];
      // What needs an import as well is a type that somebody should choose.
      return edits.length === 1 ? applyLintEdits(text, edits) : undefined;
    },
    dispose: () => {
      for (const formatter of formatters) formatter.free();
    },
  };
}

const newestTarget = "py314";
/**
 * Where a project does not say which Python it needs, black takes each file for as old as its syntax allows; text that either
 * the oldest or the newest would leave as it is counts as formatted.
 */
const oldestTarget = "py38";

/** Black leaves it where it is, and ruff would take it away. */
const byteOrderMark = /^\uFEFF/;

/** Comments for tools, which ruff does not count to the width of a line and black does. */
const pragma = /(#\s*)([nNpfrit])(?=oqa\b|OQA\b|yright:|ylint:|lake8:|uff:|sort:|y:|osec\b)/g;
const disguised = /(#\s*)([\u{E041}-\u{E07A}])/gu;
const offset = 0xe000;

/** Ruff's formatter, with comments for tools disguised as others of the same width while it runs. `# type:` black knows, too. */
function formatLikeBlack(formatter: { format(text: string): string }, text: string): string {
  const hidden = text.replace(pragma, (_, start: string, letter: string) => {
    return start + String.fromCodePoint(offset + (letter.codePointAt(0) ?? 0));
  });
  const formatted = formatter.format(hidden);
  if (hidden === text) return formatted;
  return formatted.replace(disguised, (_, start: string, letter: string) => {
    return start + String.fromCodePoint((letter.codePointAt(0) ?? offset) - offset);
  });
}

/** A Python version that this ruff does not know is not the code's fault: the newest it knows stands in. */
function openWorkspace<W>(open: (target: string) => W, target: string): W {
  try {
    return open(target);
  } catch (error) {
    if (target === newestTarget) throw error;
    return open(newestTarget);
  }
}
