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
  if (body.trim() === "") {
    const empty = problem(
      path,
      text.split("\n").length,
      "The agent file has no text below its front matter; write the instructions there.",
    );
    return { definition: undefined, problems: [...problems, empty] };
  }
  const { name, description, tools, disallowedTools, model, maxTurns } = parsed.data;
  const { known, unknown } = knownTools(tools);
  const definition: AgentDefinition = {
    name,
    description,
    tools: known.filter((tool) => !knownTools(disallowedTools).known.includes(tool)),
    model,
    ...(maxTurns === undefined ? {} : { maxTurns }),
    instructions: body,
  };
  return { definition, problems: [...problems, ...remarks(text, path, unknown)] };
}

/** Fields of the format by which a file would widen what the agent may do; only the user's settings can. */
const powers = ["permissionMode", "hooks", "mcpServers", "env", "baseUrl", "allowedCommands"];

function remarks(text: string, path: string, unknown: readonly string[]): Problem[] {
  const granted = powers.filter((key) => lineOf(text, key) > 1);
  const lines = { tools: lineOf(text, "tools"), powers: lineOf(text, granted[0] ?? "") };
  return [
    ...(unknown.length === 0
      ? []
      : [
          warning(
            path,
            lines.tools,
            `There is no tool ${unknown.join(", ")}, so it is left out; there are ${toolNames.join(", ")}.`,
          ),
        ]),
    ...(granted.length === 0
      ? []
      : [
          warning(
            path,
            lines.powers,
            `${granted.join(", ")}: an agent file cannot change permissions, so this is ignored; use the settings.`,
          ),
        ]),
  ];
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

const toolNames = ["Read", "Write", "Edit", "Bash", "Grep", "Glob"];

/** Each tool once, spelled as we do. `*` means all of them. */
function knownTools(names: readonly string[]): {
  readonly known: readonly string[];
  readonly unknown: readonly string[];
} {
  const known = new Set<string>();
  const unknown: string[] = [];
  for (const name of names.flatMap((given) => (given === "*" ? toolNames : [given]))) {
    const [, word = "", argument = ""] = /^(\w*)(.*)$/s.exec(name) ?? [];
    const tool = [...toolNames, "Skill"].find((candidate) => candidate.toLowerCase() === word.toLowerCase());
    if (tool === undefined || (argument !== "" && !argument.startsWith("("))) unknown.push(name);
    else known.add(`${tool}${argument}`);
  }
  return { known: [...known], unknown };
}

const frontMatterShape = z.looseObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be lowercase letters, digits and hyphens"),
  description: z.string().min(1, "must not be empty"),
  tools: toolList.default([...toolNames]),
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

function warning(path: string, line: number, message: string): Problem {
  return { path, line, severity: "warning", code: "AGENT-DEFINITION", message };
}
