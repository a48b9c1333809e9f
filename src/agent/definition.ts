import * as z from "zod";
import type { Problem } from "../spec/reading.ts";
import { readFrontMatter } from "./frontMatter.ts";

/** Who the agent is and what it may do, as `agents/backend-implementer.md` says it. */
export interface AgentDefinition {
  readonly name: string;
  readonly description: string;
  /** Names of the tools it may use; what it does not name it does not get. */
  readonly tools: readonly string[];
  /** Alias (`opus`), model id, or `inherit`. */
  readonly model: string;
  readonly maxTurns?: number;
  /** The Markdown below the front matter: the system text. */
  readonly instructions: string;
}

export interface DefinitionReading {
  /** Undefined when the file cannot be used; `problems` says why. */
  readonly definition: AgentDefinition | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads a sub-agent file of the Claude Code format. Never throws. Fields that Claude Code knows and
 * we do not are accepted and left alone.
 */
export function readDefinition(text: string, path: string): DefinitionReading {
  const { data, body, problems } = readFrontMatter(text, path);
  if (!data) {
    const missing = problem(path, 1, 'An agent file starts with YAML front matter between two "---" lines; add it.');
    return { definition: undefined, problems: problems.length > 0 ? problems : [missing] };
  }
  const parsed = frontMatterShape.safeParse(data);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const key = String(issue.path[0] ?? "");
      return problem(path, lineOf(text, key), `${key}: ${issue.message}.`);
    });
    return { definition: undefined, problems: [...problems, ...faults] };
  }
  const { name, description, tools, disallowedTools, model, maxTurns } = parsed.data;
  const definition: AgentDefinition = {
    name,
    description,
    tools: tools.filter((tool) => !disallowedTools.includes(tool)),
    model,
    ...(maxTurns === undefined ? {} : { maxTurns }),
    instructions: body,
  };
  return { definition, problems };
}

/**
 * A workspace's own definition over the shipped one. It can say things differently and take tools
 * away, but never gain one: a workspace is not trusted to widen what the agent may do.
 */
export function narrowDefinition(shipped: AgentDefinition, override: AgentDefinition): AgentDefinition {
  const turns = [shipped.maxTurns, override.maxTurns].filter((limit) => limit !== undefined);
  return {
    ...override,
    tools: override.tools.filter((tool) => shipped.tools.includes(tool)),
    ...(turns.length === 0 ? {} : { maxTurns: Math.min(...turns) }),
  };
}

/** A comma inside parentheses belongs to a tool's own argument: `Bash(git log, git diff)`. */
const toolList = z
  .union([z.array(z.string()), z.string()], { error: "must be a list of tool names" })
  .transform((value) => (Array.isArray(value) ? value : value.split(/,(?![^(]*\))/)))
  .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ""));

const frontMatterShape = z.looseObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lowercase letters, digits and hyphens"),
  description: z.string().min(1, "must not be empty"),
  tools: toolList.default(["Read", "Write", "Edit", "Bash", "Grep", "Glob"]),
  disallowedTools: toolList.default([]),
  model: z.string().min(1).default("inherit"),
  maxTurns: z.int().positive().optional(),
});

function lineOf(text: string, key: string): number {
  const index = text.split(/\r?\n/).findIndex((line) => line.startsWith(`${key}:`));
  return index < 0 ? 1 : index + 1;
}

function problem(path: string, line: number, message: string): Problem {
  return { path, line, severity: "error", code: "AGENT-DEFINITION", message };
}
