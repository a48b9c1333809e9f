import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { UserFacingError } from "../support/errors.ts";
import { workspacePath } from "../support/workspacePath.ts";
import type { ToolPorts } from "./toolPorts.ts";

const linesAtOnce = 2000;
const charactersAtOnce = 50_000;
const longestLine = 2000;

const input = z.strictObject({
  file_path: z.string().describe("Path of the file, relative to the workspace folder"),
  offset: z.int().min(1).optional().describe("First line to read, counting from 1"),
  limit: z.int().min(1).optional().describe(`How many lines to read; at most ${linesAtOnce}`),
});

export function createReadTool(ports: ToolPorts): Tool {
  return defineTool({
    name: "Read",
    description:
      "Reads a text file with line numbers, as it would be with the proposals. At most 2000 lines or 50 KB at once.",
    kind: "read",
    input,
    run: async ({ file_path, offset = 1, limit = linesAtOnce }) => {
      const path = workspacePath(file_path, ports.root);
      const text = await ports.overlay.readText(path);
      if (text === undefined) throw new UserFacingError("NO_FILE", `${path} does not exist; find it with Glob.`);
      ports.seen?.set(path, text);
      return numbered(text.split("\n"), offset, Math.min(limit, linesAtOnce));
    },
  });
}

function numbered(lines: readonly string[], offset: number, limit: number): string {
  if (offset > lines.length) {
    throw new UserFacingError("READ_RANGE", `The file ends at line ${lines.length}; read from an earlier line.`);
  }
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
    const text = line.length > longestLine ? `${line.slice(0, longestLine)}… (${line.length} characters)` : line;
    characters += text.length;
    if (characters > charactersAtOnce && shown.length > 0) break;
    shown.push(`${offset + shown.length}\t${text}`);
  }
  const next = offset + shown.length;
  const rest = next <= lines.length ? `\n(${lines.length} lines in all; go on with offset ${next})` : "";
  return shown.join("\n") + rest;
}
