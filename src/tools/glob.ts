import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { globPattern } from "./globPattern.ts";
import { listFiles } from "./listing.ts";
import type { ToolPorts } from "./toolPorts.ts";

const mostPaths = 1000;

const input = z.strictObject({
  pattern: z.string().min(1).describe("Glob such as src/**/*.py"),
  path: z.string().optional().describe("Folder to look in; the whole workspace without it"),
});

export function createGlobTool(ports: ToolPorts): Tool {
  return defineTool({
    name: "Glob",
    description: "Lists the files whose path matches a glob, proposed files included.",
    kind: "read",
    input,
    run: async ({ pattern, path }) => {
      const matches = globPattern(pattern);
      const files = await listFiles(ports, path);
      const found = files.filter(({ inFolder }) => matches.test(inFolder)).map((file) => file.path);
      if (found.length === 0) return "No files match.";
      const rest = found.length > mostPaths ? [`(${mostPaths} of ${found.length} shown)`] : [];
      return [...found.slice(0, mostPaths), ...rest].join("\n");
    },
  });
}
