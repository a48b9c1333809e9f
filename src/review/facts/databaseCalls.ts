import type { Project } from "../project.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import type { Receivers } from "./receivers.ts";
import { isInHandler } from "./repetition.ts";
import { sessionUse } from "./sessions.ts";
import { isCode } from "./syntax.ts";

/** Which functions reach the database, directly or through what they call. */
export interface DatabaseCalls {
  /** What a call does to the database; undefined when it does not reach it or that is not visible. */
  effectOf(call: CallFact): DatabaseEffect | undefined;
  /** The same without what only waits in the session for its flush: `session.add()`, `session.delete()`. */
  roundTripOf(call: CallFact): DatabaseEffect | undefined;
}

/** `write` also covers what reads as well. */
export type DatabaseEffect = "read" | "write";

/**
 * Follows calls from every use of a session back to all callers, over an index that is built once:
 * the work grows with the number of calls, not with its square. What only the handling of an error does, is no effect.
 */
export function traceDatabaseCalls(project: Project, receivers: Receivers): DatabaseCalls {
  const { conclusions } = project;
  const steps = project.code.flatMap((file) => conclusions.aboutFile(stepsIn, { project, receivers }, file));
  const callers = callersIn(steps);
  const effects = trace(callers, new Map(steps.flatMap(({ fact, effect }) => (effect ? [[fact, effect]] : []))));
  const trips = trace(callers, new Map(steps.flatMap(({ fact, roundTrip }) => (roundTrip ? [[fact, roundTrip]] : []))));
  conclusions.settle("effect", effects);
  conclusions.settle("roundTrip", trips);
  const effectThrough = (call: CallFact, kind: "effect" | "roundTrip"): DatabaseEffect | undefined => {
    const targets = receivers.targetsOf(call);
    for (const target of targets) conclusions.note(kind, target);
    const known = kind === "effect" ? effects : trips;
    return targets.length > 0 ? strongest(targets.map((target) => known.get(target))) : namedEffect(call);
  };
  return {
    effectOf: (call) => sessionEffect(project, call) ?? effectThrough(call, "effect"),
    roundTripOf: (call) => sessionRoundTrip(project, call) ?? effectThrough(call, "roundTrip"),
  };
}

/** What a function does itself, and what it calls. */
interface Step {
  readonly fact: FunctionFact;
  readonly effect: DatabaseEffect | undefined;
  readonly roundTrip: DatabaseEffect | undefined;
  readonly targets: readonly FunctionFact[];
}

interface StepContext {
  readonly project: Project;
  readonly receivers: Receivers;
}

function stepsIn({ project, receivers }: StepContext, { functions }: PythonFile): readonly Step[] {
  return functions
    .filter((fact) => !runsOnce(fact))
    .map((fact) => ({
      fact,
      effect: ownEffect(project, fact, sessionEffect),
      roundTrip: ownEffect(project, fact, sessionRoundTrip),
      targets: fact.calls.filter(({ node }) => !isInHandler(node)).flatMap((call) => receivers.targetsOf(call)),
    }));
}

/** `@cache def salt()`: what it asks the database for the first time, no later call asks again. */
function runsOnce({ parameters, decorators }: FunctionFact): boolean {
  return parameters.length === 0 && decorators.some(({ text }) => /^@(functools\.)?(lru_)?cache\b/.test(text));
}

function callersIn(steps: readonly Step[]): ReadonlyMap<FunctionFact, readonly FunctionFact[]> {
  const callers = new Map<FunctionFact, FunctionFact[]>();
  for (const { fact, targets } of steps) {
    for (const target of targets) {
      const known = callers.get(target);
      if (known) known.push(fact);
      else callers.set(target, [fact]);
    }
  }
  return callers;
}

/** How many calls away a use of the session still says something of the caller: farther, it keeps accounts or a lock. */
const farthest = 4;

type Effect = (project: Project, call: CallFact) => DatabaseEffect | undefined;

function trace(
  callers: ReadonlyMap<FunctionFact, readonly FunctionFact[]>,
  own: ReadonlyMap<FunctionFact, DatabaseEffect>,
): ReadonlyMap<FunctionFact, DatabaseEffect> {
  const effects = new Map(own);
  let level = [...own.keys()];
  for (let distance = 0; distance < farthest; distance++) {
    const reached = level;
    level = [];
    for (const fact of reached) {
      const effect = effects.get(fact);
      for (const caller of callers.get(fact) ?? []) {
        const known = effects.get(caller);
        if (!effect || known === effect || known === "write") continue;
        effects.set(caller, effect);
        level.push(caller);
      }
    }
  }
  return effects;
}

/** A port's method has no body to look into: its name tells. What the port keeps to itself is no operation. */
function ownEffect(project: Project, fact: FunctionFact, own: Effect): DatabaseEffect | undefined {
  const usual = fact.calls.filter(({ node }) => !isInHandler(node));
  const direct = strongest(usual.map((call) => own(project, call) ?? namedEffect(call)));
  if (direct) return direct;
  if (fact.name.startsWith("_")) return undefined;
  const isPort = fact.owner?.bases.some((base) => base === "Protocol" || base === "ABC");
  if (!isPort || !isDeclared(fact) || !/Repositor(y|ies)|Repo$|Dao$/.test(fact.owner?.name ?? "")) return undefined;
  return writing.test(fact.name) ? "write" : "read";
}

/** Without a body of its own: `...`, `pass`, a docstring, `raise NotImplementedError`. */
function isDeclared({ body }: FunctionFact): boolean {
  const statements = body.children.filter(isCode);
  return statements.every(({ type, text }) => {
    return /^(pass_statement|raise_statement)$/.test(type) || text === "..." || /^[rR]?["']/.test(text);
  });
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
