import { readSkills } from "../../src/agent/skills.ts";
import { createChangeSet } from "../../src/changes/changeSet.ts";
import type { RunResult, SessionEvent } from "../../src/session/events.ts";
import { type ImplementPorts, type ImplementRequest, implement } from "../../src/session/implement.ts";
import { fakeAnalyzer } from "./designFixture.ts";
import { memoryWorkspace } from "./memoryWorkspace.ts";

export const testAgent: ImplementPorts["agent"] = {
  definition: {
    name: "backend-implementer",
    description: "",
    tools: ["Read", "Write", "Edit", "Bash", "Grep", "Glob"],
    model: "opus",
    instructions: "You implement.",
  },
  skills: readSkills([
    { path: "agents/skills/backend-patterns/SKILL.md", text: "---\ndescription: Layers\n---\nUse layers." },
    { path: "agents/rules/python/security.md", text: "Secrets from the environment." },
  ]).skills,
};

export interface ImplementRun {
  readonly events: readonly SessionEvent[];
  readonly result: RunResult;
  readonly changes: ImplementPorts["changes"];
}

/** A run of the use case, on the smallest design there is unless said otherwise. */
export function openRun(
  ports: Partial<ImplementPorts>,
  request: Partial<ImplementRequest> = {},
): ReturnType<typeof implement> {
  const full: ImplementPorts = {
    workspace: memoryWorkspace({ "notes.md": "Money is in euro.\n" }),
    root: "/ws",
    changes: createChangeSet(),
    analyzer: fakeAnalyzer(),
    agent: testAgent,
    ...ports,
  };
  return implement(
    {
      kind: "implement",
      documents: [{ path: "docs/domain.md", text: "# Order" }],
      instructions: "",
      signal: new AbortController().signal,
      ...request,
    },
    full,
  );
}

/** The same, to its end. */
export async function implementRun(
  ports: Partial<ImplementPorts>,
  request: Partial<ImplementRequest> = {},
): Promise<ImplementRun> {
  const changes = ports.changes ?? createChangeSet();
  const session = openRun({ ...ports, changes }, request);
  const events: SessionEvent[] = [];
  for (;;) {
    const { value, done } = await session.next();
    if (done) return { events, result: value, changes };
    events.push(value);
  }
}
