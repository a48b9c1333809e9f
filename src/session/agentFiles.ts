import { type AgentDefinition, narrowDefinition, readDefinition } from "../agent/definition.ts";
import { readSkills, type Skill, type SkillFile } from "../agent/skills.ts";
import type { Problem } from "../spec/reading.ts";
import { UserFacingError } from "../support/errors.ts";

/** The agent as the run uses it. */
export interface Agent {
  readonly definition: AgentDefinition;
  readonly skills: readonly Skill[];
}

/** Markdown files under `agents/` of the extension, or `.claude/` of a trusted workspace. */
export interface AgentFiles {
  readonly definition: SkillFile | undefined;
  /** Skills and rules; files at other places are left alone. */
  readonly skills: readonly SkillFile[];
}

/** Which of a folder's Markdown files is which; the shipped `agents` and a workspace's `.claude` alike. */
export function sortAgentFiles(files: readonly SkillFile[]): AgentFiles {
  return {
    definition: files.find(({ path }) => /(^|\/)(agents\/)?backend-implementer\.md$/.test(path)),
    skills: files.filter(({ path }) => /(^|\/)(skills|rules)\//.test(path)),
  };
}

/**
 * Reads the shipped agent and, over it, the workspace's own. A workspace's definition that cannot be
 * read does not count, so that a slip in it never takes a restriction away.
 */
export function readAgent(shipped: AgentFiles, workspace?: AgentFiles): { agent: Agent; problems: readonly Problem[] } {
  const base = shipped.definition && readDefinition(shipped.definition.text, shipped.definition.path);
  if (!base?.definition) {
    const why = base?.problems[0]?.message ?? "its file is missing";
    throw new UserFacingError("AGENT_MISSING", `The agent cannot be read: ${why} Install the extension again.`);
  }
  const own = workspace?.definition && readDefinition(workspace.definition.text, workspace.definition.path);
  const { skills, problems } = readSkills(shipped.skills, workspace?.skills);
  const definition = own?.definition ? narrowDefinition(base.definition, own.definition) : base.definition;
  return { agent: { definition, skills }, problems: [...base.problems, ...(own?.problems ?? []), ...problems] };
}
