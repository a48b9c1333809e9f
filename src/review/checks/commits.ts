import type { Conclusions } from "../conclusions.ts";
import { oncePerFile } from "../facts/oncePerFile.ts";
import type { CallFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { sessionUse } from "../facts/sessions.ts";
import { descendants } from "../facts/syntax.ts";
import type { Project } from "../project.ts";

/** Functions of the whole project of which something is true; whoever asks for one of them rests on its answer. */
export interface FunctionSet {
  readonly all: ReadonlySet<FunctionFact>;
  has(fact: FunctionFact): boolean;
}

export function settledFunctions(
  conclusions: Conclusions,
  kind: "committing" | "owning",
  facts: Iterable<FunctionFact>,
): FunctionSet {
  const all = new Set(facts);
  conclusions.settle(kind, new Map([...all].map((fact) => [fact, true])));
  return {
    all,
    has: (fact) => {
      conclusions.note(kind, fact);
      return all.has(fact);
    },
  };
}

/** All but where a transaction is meant to end: a unit of work, or the provider of a session. */
export const judgedIn = oncePerFile(({ functions }) => functions.filter((fact) => !isBoundary(fact)));

function isBoundary(fact: FunctionFact): boolean {
  if (/^(__a?exit__|commit)$/.test(fact.name)) return true;
  return descendants(fact.body).some((node) => node.type === "yield");
}

export function commitsOf(project: Project, fact: FunctionFact): readonly CallFact[] {
  return project.conclusions.aboutFile(commitsIn, project, project.fileOf(fact)).get(fact) ?? [];
}

/** The functions that commit, with their commits. */
export function commitsIn(project: Project, { functions }: PythonFile): ReadonlyMap<FunctionFact, readonly CallFact[]> {
  const isCommit = (call: CallFact) => call.method === "commit" && sessionUse(project, call) === "control";
  const commits = functions.map((fact) => [fact, fact.calls.filter(isCommit)] as const);
  return new Map(commits.filter(([, own]) => own.length > 0));
}
