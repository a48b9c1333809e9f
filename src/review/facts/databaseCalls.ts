import type { Project } from "../project.ts";
import type { CallFact, FunctionFact } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";
import { isInHandler } from "./repetition.ts";
import { sessionUse } from "./sessions.ts";

/** Which functions reach the database, directly or through what they call. */
export interface DatabaseCalls {
  /** What a call does to the database; undefined when it does not reach it or that is not visible. */
  effectOf(call: CallFact): DatabaseEffect | undefined;
  /** The same without what only waits in the session for its flush: `session.add()`, `session.delete()`. */
  roundTripOf(call: CallFact): DatabaseEffect | undefined;
  /** Whether any call of the project is seen to run the function. */
  isCalled(fact: FunctionFact): boolean;
}

/** `write` also covers what reads as well. */
export type DatabaseEffect = "read" | "write";

/**
 * Follows calls from every use of a session back to all callers, over an index that is built once:
 * the work grows with the number of calls, not with its square. What only the handling of an error does, is no effect.
 */
export function traceDatabaseCalls(project: Project, receivers: Receivers): DatabaseCalls {
  const graph = readCallGraph(project, receivers);
  let called: ReadonlySet<FunctionFact> | undefined;
  return {
    effectOf: trace(project, receivers, graph, sessionEffect),
    roundTripOf: trace(project, receivers, graph, sessionRoundTrip),
    isCalled: (fact) => {
      called ??= new Set(project.code.flatMap(({ calls }) => calls.flatMap((call) => receivers.targetsOf(call))));
      return called.has(fact);
    },
  };
}

/** How many calls away a use of the session still says something of the caller: farther, it keeps accounts or a lock. */
const farthest = 4;

type Effect = (project: Project, call: CallFact) => DatabaseEffect | undefined;

function trace(
  project: Project,
  receivers: Receivers,
  graph: CallGraph,
  own: Effect,
): (call: CallFact) => DatabaseEffect | undefined {
  const effects = new Map<FunctionFact, DatabaseEffect>();
  let level: FunctionFact[] = [];
  const mark = (fact: FunctionFact, effect: DatabaseEffect | undefined) => {
    if (!effect || effects.get(fact) === effect || effects.get(fact) === "write") return;
    effects.set(fact, effect);
    level.push(fact);
  };
  for (const fact of project.code.flatMap((file) => file.functions)) mark(fact, ownEffect(project, fact, own));
  for (let distance = 0; distance < farthest; distance++) {
    const reached = level;
    level = [];
    for (const fact of reached) for (const caller of graph.callers.get(fact) ?? []) mark(caller, effects.get(fact));
  }
  const targetEffect = (call: CallFact) => {
    const targets = graph.targets.get(call) ?? receivers.targetsOf(call);
    return targets.length > 0 ? strongest(targets.map((target) => effects.get(target))) : namedEffect(call);
  };
  return (call) => own(project, call) ?? targetEffect(call);
}

interface CallGraph {
  readonly targets: ReadonlyMap<CallFact, readonly FunctionFact[]>;
  readonly callers: ReadonlyMap<FunctionFact, readonly FunctionFact[]>;
}

function readCallGraph(project: Project, receivers: Receivers): CallGraph {
  const targets = new Map<CallFact, readonly FunctionFact[]>();
  const callers = new Map<FunctionFact, FunctionFact[]>();
  for (const fact of project.code.flatMap((file) => file.functions)) {
    for (const call of fact.calls) {
      const found = receivers.targetsOf(call);
      targets.set(call, found);
      if (isInHandler(call.node)) continue;
      for (const target of found) {
        const known = callers.get(target);
        if (known) known.push(fact);
        else callers.set(target, [fact]);
      }
    }
  }
  return { targets, callers };
}

/** A port's method has no body to look into: its name tells. */
function ownEffect(project: Project, fact: FunctionFact, own: Effect): DatabaseEffect | undefined {
  const usual = fact.calls.filter(({ node }) => !isInHandler(node));
  const direct = strongest(usual.map((call) => own(project, call) ?? namedEffect(call)));
  if (direct) return direct;
  const isPort = fact.owner?.bases.some((base) => base === "Protocol" || base === "ABC");
  if (!isPort || !/Repositor(y|ies)|Repo$|Dao$/.test(fact.owner?.name ?? "")) return undefined;
  return writing.test(fact.name) ? "write" : "read";
}

const writing = /^(create|add|insert|update|delete|remove|save|replace|set|mark|upsert)/;
const reading = /^(find|get|list|load|fetch|read|count|exists|search)(_|$)/;

/** A repository whose class is not known is still called one. */
function namedEffect({ receiver, method, awaited }: CallFact): DatabaseEffect | undefined {
  if (receiver === undefined || !/(^|[._])(repo|repository|dao)$/.test(receiver)) return undefined;
  if (reading.test(method)) return "read";
  return awaited && writing.test(method) ? "write" : undefined;
}

function sessionEffect(project: Project, call: CallFact): DatabaseEffect | undefined {
  const use = sessionUse(project, call);
  return use === "control" ? undefined : use;
}

function sessionRoundTrip(project: Project, call: CallFact): DatabaseEffect | undefined {
  return /^(add|add_all|delete)$/.test(call.method) ? undefined : sessionEffect(project, call);
}

function strongest(effects: readonly (DatabaseEffect | undefined)[]): DatabaseEffect | undefined {
  if (effects.includes("write")) return "write";
  return effects.includes("read") ? "read" : undefined;
}
