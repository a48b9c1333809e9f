import * as z from "zod";
import { defineTool, type Tool } from "../agent/tool.ts";
import { refusePlaceholders, refuseRedacted, shrinkRefusal, shrinksMuch } from "./contentGuard.ts";
import { proposablePath, proposeAndInspect, refuseOtherCase, refuseUnseen } from "./proposing.ts";
import type { ToolPorts } from "./toolPorts.ts";

const input = z.strictObject({
  file_path: z.string().describe("Path of the file, relative to the workspace folder"),
  content: z.string().describe("The whole text of the file"),
});

export function createWriteTool(ports: ToolPorts): Tool {
  /** Rewrites that were refused for what they lose; the same one again is meant. */
  const refusedBefore = new Map<string, string>();
  const refuseShrinking = (path: string, current: string, text: string): void => {
    if (!ports.seen || !shrinksMuch(current, text) || refusedBefore.get(path) === text) return;
    refusedBefore.set(path, text);
    throw shrinkRefusal(path, current, text);
  };
  return defineTool({
    name: "Write",
    description: "Proposes a whole file, new or in place of what is there. The user reviews it before it is written.",
    kind: "propose",
    input,
    run: async ({ file_path, content }, signal) => {
      const path = await proposablePath(file_path, ports);
      const current = await ports.overlay.readText(path);
      if (current === undefined) await refuseOtherCase(path, ports);
      else refuseUnseen(path, current, ports);
      refuseRedacted(path, content);
      refusePlaceholders(path, content, current);
      if (current !== undefined) refuseShrinking(path, current, content);
      return proposeAndInspect(path, content, ports, signal);
    },
  });
}
