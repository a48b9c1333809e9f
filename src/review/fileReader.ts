import { RecentValues } from "../support/recentValues.ts";
import type { StyleSettings } from "./facts/pyproject.ts";
import type { PythonFile } from "./facts/pythonFile.ts";
import { readPythonFile } from "./facts/readPythonFile.ts";
import type { SourceText } from "./model.ts";
import type { FileStyle } from "./project.ts";
import type { PythonParser } from "./pythonParser.ts";
import { type Ruff, startRuff } from "./ruff.ts";

/**
 * Reads what one file says, and a second time only when its text is another one: after an edit a
 * review is the work of that file and of the conclusions. Facts are not changed by those who use them.
 */
export interface FileReader {
  facts(source: SourceText): PythonFile;
  /** The text with its imports sorted and formatted; undefined when it does not parse, or not to its end. */
  tidy(text: string, rules: StyleRules): Promise<string | undefined>;
  /** The text with the return type of the function at this line; undefined where that is not certain. */
  annotate(text: string, line: number, rules: StyleRules): Promise<string | undefined>;
  /** By path. Of files that parse to their end, see `PythonNode.cutLine`. */
  styles(files: readonly SourceText[], rules: StyleRules): Promise<ReadonlyMap<string, FileStyle>>;
}

export interface StyleRules {
  readonly settings: StyleSettings;
  readonly firstParty: readonly string[];
}

/** UTF-16 units of source. A syntax tree takes some forty times as many bytes: this is 500 MB, of a process that ends. */
const mostText = 12_000_000;

type KnownStyle = FileStyle & SourceText;

export function createFileReader(parser: PythonParser): FileReader {
  const sizeOf = ({ text }: SourceText): number => text.length;
  const facts = new RecentValues<PythonFile>({ largest: mostText, sizeOf });
  const styles = new RecentValues<KnownStyle>({ largest: mostText, sizeOf });
  const isTooDeep = (text: string): boolean => parser.parse(text).cutLine !== undefined;
  return {
    facts: (source) => {
      const before = facts.get(source.path);
      if (before?.text === source.text) return before;
      const read = readPythonFile(source, parser);
      facts.set(source.path, read);
      return read;
    },
    tidy: async (text, rules) => (isTooDeep(text) ? undefined : withRuff(rules, (ruff) => ruff.tidy(text))),
    annotate: async (text, line, rules) =>
      isTooDeep(text) ? undefined : withRuff(rules, (ruff) => ruff.annotate(text, line)),
    styles: async (files, rules) => {
      const kind = JSON.stringify(rules);
      const keyOf = (path: string): string => `${kind}\n${path}`;
      const before = files.map(({ path }) => styles.get(keyOf(path)));
      const changed = files.filter(({ text }, index) => before[index]?.text !== text);
      const read = changed.length === 0 ? [] : await withRuff(rules, (ruff) => readStyles(changed, ruff));
      for (const style of read) styles.set(keyOf(style.path), style);
      return new Map([...before.flatMap((style) => style ?? []), ...read].map((style) => [style.path, style]));
    },
  };
}

async function withRuff<Result>({ settings, firstParty }: StyleRules, work: (ruff: Ruff) => Result): Promise<Result> {
  const ruff = await startRuff(settings, firstParty);
  try {
    return work(ruff);
  } finally {
    ruff.dispose();
  }
}

function readStyles(files: readonly SourceText[], ruff: Ruff): readonly KnownStyle[] {
  return files.map(({ path, text }) => {
    const formatted = ruff.format(text);
    // The same string where it is equal, which most are: it is kept.
    return { path, text, lints: ruff.lint(text), formatted: formatted === text ? text : formatted };
  });
}
