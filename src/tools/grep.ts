import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { messageOf, UserFacingError } from "../support/errors.ts";
import { globPattern } from "./globPattern.ts";
import { type ListedFile, listFiles } from "./listing.ts";
import { createTimedMatcher, type TimedMatcher } from "./timedMatch.ts";
import type { ToolPorts } from "./toolPorts.ts";

const mostLines = 500;
const longestLine = 500;
const largestFile = 1_000_000;

const input = z.strictObject({
  pattern: z.string().min(1).max(500).describe("Regular expression, searched line by line"),
  path: z.string().optional().describe("File or folder to search; the whole workspace without it"),
  glob: z.string().optional().describe("Only files whose path matches, such as *.py"),
  output_mode: z
    .enum(["files_with_matches", "content", "count"])
    .optional()
    .describe("Paths only (the default), matching lines with their numbers, or how many lines match"),
});

export function createGrepTool(ports: ToolPorts): Tool {
  return defineTool({
    name: "Grep",
    description: "Searches the files, proposed ones included, for a regular expression.",
    kind: "read",
    input,
    run: async ({ pattern, path, glob, output_mode = "files_with_matches" }, signal) => {
      const expression = compile(pattern);
      const match = createTimedMatcher(expression);
      const candidates = await ports.overlay.candidates?.(expression, signal);
      const selected = glob === undefined ? undefined : globPattern(glob);
      const files = (await listFiles(ports, path)).filter(({ inFolder }) => selected?.test(inFolder) ?? true);
      const found: string[] = [];
      for (const file of files) {
        signal.throwIfAborted();
        if (candidates?.has(file.path) === false) continue;
        found.push(...formatted(file, await matches(file, match, ports), output_mode));
        if (found.length > mostLines) break;
      }
      if (found.length === 0) return "No matches.";
      const rest = found.length > mostLines ? [`(cut after ${mostLines} lines; narrow the search)`] : [];
      return [...found.slice(0, mostLines), ...rest].join("\n");
    },
  });
}

interface Match {
  readonly line: number;
  readonly text: string;
}

async function matches({ path }: ListedFile, match: TimedMatcher, ports: ToolPorts): Promise<readonly Match[]> {
  const text = await ports.overlay.readText(path);
  if (text === undefined || text.length > largestFile || text.includes("\0")) return [];
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, longestLine));
  return match(lines).map((index) => ({ line: index + 1, text: lines[index] ?? "" }));
}

function formatted({ path }: ListedFile, found: readonly Match[], mode: string): readonly string[] {
  if (found.length === 0) return [];
  if (mode === "content") return found.map(({ line, text }) => `${path}:${line}:${text}`);
  return [mode === "count" ? `${path}:${found.length}` : path];
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ""), pattern.startsWith("(?i)") ? "i" : "");
  } catch (thrown) {
    throw new UserFacingError("GREP_REGEX", `${messageOf(thrown)}; escape special characters.`);
  }
}
