import type { Tool } from "../agent/tool.ts";
import { UserFacingError } from "../support/errors.ts";
import { createBashTool } from "./bash.ts";
import { createCheckTool } from "./check.ts";
import { createEditTool } from "./edit.ts";
import { createGlobTool } from "./glob.ts";
import { createGrepTool } from "./grep.ts";
import { createReadTool } from "./read.ts";
import { createSkillTool } from "./skill.ts";
import type { ToolPorts } from "./toolPorts.ts";
import { createWriteTool } from "./write.ts";

/**
 * The tools an agent definition names, in its order, and always Skill. Bash, and Check with
 * it, are left out where commands cannot run. Throws a {@link UserFacingError} for a name that no tool has.
 */
export function createToolbox(names: readonly string[], ports: ToolPorts): readonly Tool[] {
  const wanted = new Set(names.filter((name) => name !== "Skill" && name !== "Check"));
  const checks = wanted.has("Bash") && ports.commands ? [createCheckTool(ports.commands, ports)] : [];
  return [...[...wanted].flatMap((name) => createTool(name, ports) ?? []), ...checks, createSkillTool(ports.shelf)];
}

function createTool(name: string, ports: ToolPorts): Tool | undefined {
  switch (name) {
    case "Read":
      return createReadTool(ports);
    case "Write":
      return createWriteTool(ports);
    case "Edit":
      return createEditTool(ports);
    case "Grep":
      return createGrepTool(ports);
    case "Glob":
      return createGlobTool(ports);
    case "Bash":
      return ports.commands && createBashTool(ports.commands, ports);
    default:
      throw new UserFacingError(
        "TOOL_UNKNOWN",
        `The agent definition names the tool "${name}", which does not exist; use Read, Write, Edit, Bash, Grep and Glob.`,
      );
  }
}
