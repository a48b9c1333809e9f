import matter from "gray-matter";
import type { Problem } from "../spec/reading.ts";
import { messageOf } from "../support/errors.ts";

export interface FrontMatter {
  /** Undefined when the file has no front matter, or none that can be read. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly body: string;
  readonly problems: readonly Problem[];
}

/** Front matter is a dozen keys; parsing hundreds of thousands takes seconds. */
const largestFrontMatter = 64 * 1024;

/**
 * Splits a Markdown file of the Claude Code format into its YAML front matter and its text.
 *
 * gray-matter would run front matter that calls itself JavaScript, and would answer a broken file
 * from its cache the second time (research/model-clients.md §4). So the language is checked before
 * it sees the text, its script engines are replaced, and it always gets an options object. `data`
 * has no prototype.
 */
export function readFrontMatter(text: string, path: string): FrontMatter {
  const opening = /^\ufeff?---([^\r\n]*)(\r?\n|$)/.exec(text);
  if (!opening) return { data: undefined, body: text, problems: [] };
  const fault = openingFault((opening[1] ?? "").trim(), text);
  if (fault !== undefined) return unusable(problem(path, 1, fault));
  try {
    const { data, content } = matter(text, { language: "yaml", engines });
    const { plain, ignored } = withoutPrototypeKeys(data);
    const problems = ignored.map((key) => problem(path, 1, `The key "${key}" has no meaning here and is ignored.`));
    return { data: plain, body: content.trim(), problems };
  } catch (thrown) {
    return readLeniently(text, path, thrown);
  }
}

function unusable(...problems: Problem[]): FrontMatter {
  return { data: undefined, body: "", problems };
}

/** What forbids to give the text to a YAML parser at all. */
function openingFault(language: string, text: string): string | undefined {
  if (language !== "" && !/^ya?ml$/i.test(language)) {
    return `The front matter calls itself "${language}", but only YAML is read; remove the word after "---".`;
  }
  const end = /\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!end) return 'The front matter has no end; add a line "---" below it.';
  if (end.index > largestFrontMatter) {
    const size = Math.ceil(end.index / 1024);
    return `The front matter has ${size} KB, the limit is ${largestFrontMatter / 1024} KB; move text below the second "---".`;
  }
  const alias = /(?:^|[\s,[:-])\*[\w-]+[ \t]*(?:[,\]}\r\n]|$)/.exec(text.slice(0, end.index));
  return alias && /(?:^|[\s,[:-])&[\w-]+/.test(text.slice(0, end.index))
    ? "The front matter repeats itself with YAML aliases, which can grow without bound; write the values out."
    : undefined;
}

function withoutPrototypeKeys(data: object): { plain: Readonly<Record<string, unknown>>; ignored: readonly string[] } {
  const isReserved = (key: string): boolean => ["__proto__", "constructor", "prototype"].includes(key);
  const entries = Object.entries(data);
  return {
    plain: Object.assign(Object.create(null), Object.fromEntries(entries.filter(([key]) => !isReserved(key)))),
    ignored: entries.flatMap(([key]) => (isReserved(key) ? [key] : [])),
  };
}

const refuse = () => {
  throw new Error("Front matter is never run.");
};
const engines = { js: refuse, javascript: refuse, coffee: refuse, coffeescript: refuse, cson: refuse };

/** Two of three published agent files are not valid YAML: a description holds ": " or runs over lines. */
function readLeniently(text: string, path: string, thrown: unknown): FrontMatter {
  const { reason, line } = yamlFault(thrown);
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((entry, index) => index > 0 && /^---\s*$/.test(entry));
  const twice = repeatedKey(lines.slice(1, end));
  if (twice) {
    const [first, second] = twice.lines;
    const message = `The key "${twice.key}" stands on lines ${first} and ${second}; keep one of them.`;
    return unusable(problem(path, second, message));
  }
  return {
    data: keysByLine(lines.slice(1, end)),
    body: lines
      .slice(end + 1)
      .join("\n")
      .trim(),
    problems: [
      problem(path, line, `The front matter is not YAML (${reason}); it was read line by line. Quote the value.`),
    ],
  };
}

/** Lines count from the first one of the file, which is the opening `---`. */
function repeatedKey(
  lines: readonly string[],
): { readonly key: string; readonly lines: readonly [number, number] } | undefined {
  const first = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const key = /^([A-Za-z][\w-]*):/.exec(line)?.[1];
    if (key === undefined || !knownKeys.has(key)) continue;
    const known = first.get(key);
    if (known !== undefined) return { key, lines: [known, index + 2] };
    first.set(key, index + 2);
  }
  return undefined;
}

const knownKeys: ReadonlySet<string> = new Set([
  "name",
  "description",
  "tools",
  "disallowedTools",
  "model",
  "color",
  "maxTurns",
  "permissionMode",
  "skills",
  "effort",
]);

function keysByLine(lines: readonly string[]): Record<string, unknown> {
  const collected = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const match = /^([A-Za-z][\w-]*):(?:\s+(.*)|\s*)$/.exec(line);
    if (match?.[1] && knownKeys.has(match[1])) {
      current = [match[2] ?? ""];
      collected.set(match[1], current);
    } else {
      current.push(line);
    }
  }
  return Object.fromEntries([...collected].map(([key, parts]) => [key, scalar(parts.join("\n").trim())]));
}

function scalar(value: string): unknown {
  const list = /^\[(.*)\]$/s.exec(value)?.[1];
  if (list !== undefined) return list.split(",").map((entry) => unquote(entry.trim()));
  return /^\d+$/.test(value) ? Number(value) : unquote(value);
}

function unquote(value: string): string {
  return value.replace(/^(['"])([\s\S]*)\1$/, "$2");
}

/** The mark counts from 0 in a block that begins with the line break after the opening `---`. */
function yamlFault(thrown: unknown): { readonly reason: string; readonly line: number } {
  if (thrown instanceof Error && "reason" in thrown && "mark" in thrown) {
    const { reason, mark } = thrown as { reason: unknown; mark: { line?: unknown } | undefined };
    return { reason: String(reason), line: typeof mark?.line === "number" ? mark.line + 1 : 1 };
  }
  return { reason: messageOf(thrown), line: 1 };
}

function problem(path: string, line: number, message: string): Problem {
  return { path, line, severity: "warning", code: "AGENT-FRONT-MATTER", message };
}
