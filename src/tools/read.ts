import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import type { FilePlace } from "../session/ports.ts";
import { UserFacingError } from "../support/errors.ts";
import { isEnvironmentFile, isSecretPath } from "../support/pathClass.ts";
import { counted } from "../support/words.ts";
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
      if (isSecretPath(path) && !isEnvironmentFile(path)) throw secret(path);
      const place = await ports.disk.place?.(path);
      if (place && isSecretPath(place.realPath) && place.realPath !== path) throw secret(path);
      const text = await ports.overlay.readText(path);
      if (text === undefined) throw unreadable(path, place?.kind);
      if (isEnvironmentFile(path)) return withoutValues(text);
      ports.seen?.set(path, text);
      const label = place && place.realPath !== path ? `(${path} is a link to ${place.realPath})\n` : "";
      return label + toldOfRejections(path, ports) + numbered(text.split("\n"), offset, Math.min(limit, linesAtOnce));
    },
  });
}

/** What was rejected is not in the text, and would otherwise be proposed again as if it had been forgotten. */
function toldOfRejections(path: string, { changes }: ToolPorts): string {
  const count = changes.rejectedIn(path);
  return count === 0
    ? ""
    : `(the user has rejected ${counted(count, "change")} of ${path}; they are not in this text)\n`;
}

function secret(path: string): UserFacingError {
  return new UserFacingError("PATH_SECRET", `${path} holds secrets and is not shown; work with the names of settings.`);
}

function unreadable(path: string, kind: FilePlace["kind"] | undefined): UserFacingError {
  if (kind === "folder") return new UserFacingError("PATH_IS_DIR", `${path} is a folder; list it with Glob.`);
  if (kind === "file")
    return new UserFacingError("FILE_SIZE", `${path} is too large to be read; it is data and is left alone.`);
  if (kind === "special") return new UserFacingError("PATH_SPECIAL", `${path} is a pipe, socket or device.`);
  return new UserFacingError("NO_FILE", `${path} does not exist; find it with Glob.`);
}

/** The names of the settings only: also a comment or the further lines of a value may hold a secret. */
function withoutValues(text: string): string {
  const names = [...text.matchAll(/^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=/gm)].map(([, name]) => name);
  return ["(values are hidden)", ...names.map((name) => `${name}=«hidden»`)].join("\n");
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
