import type { Project } from "../project.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";

/** Who calls a function. */
export interface Callers {
  /** The calls, anywhere in the code, that are seen to run the function. */
  callersOf(fact: FunctionFact): readonly CallFact[];
}

export function indexCallers(project: Project, receivers: Receivers): Callers {
  const { conclusions } = project;
  const callers = new Map<FunctionFact, CallFact[]>();
  for (const [target, call] of project.code.flatMap((file) => conclusions.aboutFile(runsIn, receivers, file))) {
    const known = callers.get(target);
    if (known) known.push(call);
    else callers.set(target, [call]);
  }
  conclusions.settle("callers", callers);
  return {
    callersOf: (fact) => {
      conclusions.note("callers", fact);
      return callers.get(fact) ?? [];
    },
  };
}

function runsIn(receivers: Receivers, { calls }: PythonFile): readonly (readonly [FunctionFact, CallFact])[] {
  return calls.flatMap((call) => receivers.targetsOf(call).map((target) => [target, call] as const));
}
