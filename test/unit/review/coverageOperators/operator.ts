import type { CoverageStatus, SourceText } from "../../../../src/review/model.ts";
import type { DesignSpec, ElementKind } from "../../../../src/spec/model.ts";

export interface Backend {
  readonly spec: DesignSpec;
  readonly files: readonly SourceText[];
}

/** What coverage has to say of an element after a mutation. */
export interface Expected {
  readonly id: string;
  readonly status: CoverageStatus;
  /** Part of what differs. */
  readonly difference?: string;
  /** In which file of the code, and what its lines show there. */
  readonly path?: string;
  readonly shows?: string;
}

export interface Mutated {
  readonly files: readonly SourceText[];
  readonly expected: readonly Expected[];
}

/** One way in which the code departs from the design; undefined where this element cannot be treated so. */
export interface Operator {
  readonly what: string;
  readonly kind: ElementKind;
  apply(backend: Backend, id: string): Mutated | undefined;
}

/** The files with the only place of `from` in one of them replaced; undefined where it stands nowhere or twice. */
export function replaced(
  files: readonly SourceText[],
  path: string | undefined,
  from: string,
  to: string,
): readonly SourceText[] | undefined {
  const text = files.find((file) => file.path === path)?.text;
  if (text === undefined || from === "" || text.split(from).length !== 2) return undefined;
  return files.map((file) => (file.path === path ? { path: file.path, text: text.replace(from, () => to) } : file));
}

/** The first file whose text the pattern finds, below a folder. */
export function pathOf(files: readonly SourceText[], folder: string, pattern: RegExp): string | undefined {
  return files.find(({ path, text }) => path.includes(folder) && pattern.test(text))?.path;
}

export function textOf(files: readonly SourceText[], path: string | undefined): string {
  return files.find((file) => file.path === path)?.text ?? "";
}

/** Every call of `callee` with its brackets, in text order. */
export function callsOf(text: string, callee: string): string[] {
  const calls: string[] = [];
  for (let at = text.indexOf(`${callee}(`); at >= 0; at = text.indexOf(`${callee}(`, at + 1)) {
    calls.push(text.slice(at, endOfCall(text, at + callee.length)));
  }
  return calls;
}

function endOfCall(text: string, open: number): number {
  let depth = 0;
  let quote = "";
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
