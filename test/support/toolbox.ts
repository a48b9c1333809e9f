import { createSkillShelf } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { ChangeSet } from "../../src/changes/model.ts";
import { createOverlay } from "../../src/changes/overlay.ts";
import { createFileWorkspace } from "../../src/node/fileWorkspace.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import type { ToolPorts } from "../../src/tools/toolPorts.ts";

export interface UsedToolbox {
  /** What the model reads: the tool's answer, or its refusal after "! ". */
  use(name: string, input: unknown): Promise<string>;
  readonly changes: ChangeSet;
  readonly ports: ToolPorts;
}

/** The six tools over a real folder, as a model has them. */
export function toolboxOver(root: string, overrides: Partial<ToolPorts> = {}): UsedToolbox {
  const disk = createFileWorkspace(root);
  const changes = overrides.changes ?? createChangeSet();
  const overlay = createOverlay(disk, changes);
  const ports: ToolPorts = {
    disk,
    overlay,
    changes,
    shelf: createSkillShelf([]),
    root,
    seen: new Map(),
    ...overrides,
  };
  const tools = createToolbox(["Read", "Write", "Edit", "Bash", "Grep", "Glob"], ports);
  const use = async (name: string, input: unknown): Promise<string> => {
    try {
      const tool = tools.find((candidate) => candidate.name === name);
      return (await tool?.run(input, new AbortController().signal)) ?? "! no such tool";
    } catch (thrown) {
      return `! ${(thrown as Error).message}`;
    }
  };
  return { use, changes, ports };
}
