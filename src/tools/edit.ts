import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { UserFacingError } from "../support/errors.ts";
import { refusePlaceholders, refuseRedacted } from "./contentGuard.ts";
import { proposablePath, proposeAndInspect, refuseUnseen } from "./proposing.ts";
import { replaceIn } from "./replacement.ts";
import type { ToolPorts } from "./toolPorts.ts";

const input = z.strictObject({
  file_path: z.string().describe("Path of the file, relative to the workspace folder"),
  old_string: z.string().describe("The text to replace, with enough lines around it to be unique"),
  new_string: z.string().describe("The text in its place"),
  replace_all: z.boolean().optional().describe("Replace every occurrence instead of the only one"),
});

export function createEditTool(ports: ToolPorts): Tool {
  return defineTool({
    name: "Edit",
    description: "Proposes to replace a passage of a file that was read before. Use Write for a new file.",
    kind: "propose",
    input,
    run: async ({ file_path, old_string, new_string, replace_all = false }, signal) => {
      const path = await proposablePath(file_path, ports);
      const current = await ports.overlay.readText(path);
      if (current === undefined)
        throw new UserFacingError("NO_FILE", `${path} does not exist; use Write for a new file.`);
      refuseUnseen(path, current, ports);
      refuseRedacted(path, new_string);
      refusePlaceholders(path, new_string, current);
      const text = replaceIn(current, { old: old_string, new: new_string, all: replace_all });
      return proposeAndInspect(path, text, ports, signal);
    },
  });
}
