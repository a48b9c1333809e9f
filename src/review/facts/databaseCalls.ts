import type { Project } from "../project.ts";
import { absentParameters, givenParameters } from "./absentParameters.ts";
import { goesItsOwnWay } from "./ownWay.ts";
import type { CallFact, FunctionFact, PythonFile } from "./pythonFile.ts";
import { isKeptAfterwards } from "./readThrough.ts";
import type { Receivers } from "./receivers.ts";
import { isInHandler } from "./repetition.ts";
import { sessionUse } from "./sessions.ts";
import { isCode, lastOfChain } from "./syntax.ts";

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
 * the work grows with the number of calls, not with its square. What only the handling of an error does, is no effect, nor
 * what a task does that is only started (`goesItsOwnWay`), nor
 * what a cache answers first (`isKeptAfterwards`), nor what a function does for callers that do not hand in a parameter
 * (`absentParameters`), where the call hands it in.
 */
export function traceDatabaseCalls(project: Project, receivers: Receivers): DatabaseCalls {
  const { conclusions } = project;
  const steps = new Map(
    project.code
      .flatMap((file) => conclusions.aboutFile(stepsIn, { project, receivers }, file))
      .map((step) => [step.fact, step]),
  );
  const graph = buildGraph(steps);
  const effects = trace(graph, "effect");
  const trips = trace(graph, "roundTrip");
  conclusions.settle("effect", answersOf(graph, effects));
  conclusions.settle("roundTrip", answersOf(graph, trips));
  const effectThrough = (call: CallFact, kind: EffectKind): DatabaseEffect | undefined => {
    const targets = receivers.targetsOf(call);
    for (const target of targets) conclusions.note(kind, target);
    const known = kind === "effect" ? effects : trips;
    if (targets.length === 0) return namedEffect(call);
    return strongest(targets.map((target) => known.get(reachedBy(steps, call, target))));
  };
  return {
    effectOf: (call) => sessionEffect(project, call) ?? effectThrough(call, "effect"),
    roundTripOf: (call) => sessionRoundTrip(project, call) ?? effectThrough(call, "roundTrip"),
  };
}

type EffectKind = "effect" | "roundTrip";

/** What a function does itself, and what it calls. */
interface Step {
  readonly fact: FunctionFact;
  readonly parts: readonly Part[];
  /** The parameters without which alone some of the parts run. */
  readonly optional: readonly string[];
}

interface Part {
  readonly effect: DatabaseEffect | undefined;
  readonly roundTrip: DatabaseEffect | undefined;
  /** Undefined for what the function does as a whole. */
  readonly call: CallFact | undefined;
  readonly targets: readonly FunctionFact[];
  readonly without: readonly string[];
}

interface StepContext {
  readonly project: Project;
  readonly receivers: Receivers;
}

function stepsIn({ project, receivers }: StepContext, { functions }: PythonFile): readonly Step[] {
  return functions
    .filter((fact) => !runsOnce(fact))
    .map((fact) => {
      const usual = fact.calls.filter((call) => !isInHandler(call.node) && !goesItsOwnWay(call));
      const asked = usual.flatMap((call) => partOf({ project, receivers }, fact, call));
      const parts = asked.filter(({ call }) => !call || !isKeptAfterwards(fact, call.node));
      const declared = parts.some(({ effect }) => effect) ? undefined : declaredEffect(fact);
      const whole = { effect: declared, roundTrip: declared, call: undefined, targets: [], without: [] };
      const optional = [...new Set(parts.flatMap(({ without }) => without))].sort();
      return { fact, parts: declared ? [...parts, whole] : parts, optional };
    });
}

function partOf({ project, receivers }: StepContext, fact: FunctionFact, call: CallFact): Part[] {
  const effect = sessionEffect(project, call) ?? namedEffect(call);
  const roundTrip = sessionRoundTrip(project, call) ?? namedEffect(call);
  const targets = receivers.targetsOf(call);
  if (!effect && !roundTrip && targets.length === 0) return [];
  return [{ effect, roundTrip, call, targets, without: absentParameters(fact, call) }];
}

/** `@cache def salt()`: what it asks the database for the first time, no later call asks again. */
function runsOnce({ parameters, decorators }: FunctionFact): boolean {
  return parameters.length === 0 && decorators.some(({ text }) => /^(functools\.)?(lru_)?cache\b/.test(text));
}

/** A function as it runs where it is given these of the parameters that decide what it does. */
interface Variant {
  readonly fact: FunctionFact;
  readonly given: readonly string[];
}

/** A function that is given none of them stands for itself. */
type Way = FunctionFact | Variant;

const variants = new WeakMap<FunctionFact, Map<string, Variant>>();

/** How the call runs the function; always the same object for the same parameters. */
function reachedBy(steps: ReadonlyMap<FunctionFact, Step>, call: CallFact | undefined, target: FunctionFact): Way {
  const optional = steps.get(target)?.optional ?? [];
  const given = call && optional.length > 0 ? givenParameters(call, target, optional) : [];
  if (given.length === 0) return target;
  const known = variants.get(target) ?? new Map<string, Variant>();
  variants.set(target, known);
  const variant = known.get(given.join()) ?? { fact: target, given };
  known.set(given.join(), variant);
  return variant;
}

interface Graph {
  readonly ways: ReadonlyMap<Way, readonly Part[]>;
  readonly callers: ReadonlyMap<Way, readonly Way[]>;
}

function buildGraph(steps: ReadonlyMap<FunctionFact, Step>): Graph {
  const ways = new Map<Way, readonly Part[]>([...steps].map(([fact, { parts }]) => [fact, parts]));
  const callers = new Map<Way, Way[]>();
  for (const [way, parts] of ways) {
    for (const reached of parts.flatMap((part) => part.targets.map((target) => reachedBy(steps, part.call, target)))) {
      if ("given" in reached && !ways.has(reached)) ways.set(reached, partsWith(steps.get(reached.fact), reached));
      const known = callers.get(reached);
      if (known) known.push(way);
      else callers.set(reached, [way]);
    }
  }
  return { ways, callers };
}

function partsWith(step: Step | undefined, { given }: Variant): readonly Part[] {
  return step?.parts.filter(({ without }) => !without.some((name) => given.includes(name))) ?? [];
}

/** What others learn of each function: its effect, and those of its variants. */
function answersOf(
  { ways }: Graph,
  effects: ReadonlyMap<Way, DatabaseEffect>,
): ReadonlyMap<FunctionFact, readonly string[]> {
  const answers = new Map<FunctionFact, string[]>(
    [...effects].flatMap(([way, effect]) => ("given" in way ? [] : [[way, [effect]]])),
  );
  for (const way of ways.keys()) {
    if ("given" in way) answers.get(way.fact)?.push(`${way.given.join()} ${effects.get(way) ?? ""}`);
  }
  return answers;
}

/** How many calls away a use of the session still says something of the caller: farther, it keeps accounts or a lock. */
const farthest = 4;

function trace({ ways, callers }: Graph, kind: EffectKind): ReadonlyMap<Way, DatabaseEffect> {
  const effects = new Map<Way, DatabaseEffect>();
  for (const [way, parts] of ways) {
    const own = strongest(parts.map((part) => part[kind]));
    if (own) effects.set(way, own);
  }
  let level = [...effects.keys()];
  for (let distance = 0; distance < farthest; distance++) {
    const reached = level;
    level = [];
    for (const way of reached) {
      const effect = effects.get(way);
      for (const caller of callers.get(way) ?? []) {
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
function declaredEffect(fact: FunctionFact): DatabaseEffect | undefined {
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
  return use === "control" || isOnlyBuilt(call) ? undefined : use;
}

/** `session.query(Order).filter(…).exists()` is part of another query, which runs it. */
function isOnlyBuilt({ method, node }: CallFact): boolean {
  return method === "query" && /^(exists|subquery|scalar_subquery|cte|as_scalar)$/.test(lastOfChain(node));
}

function sessionRoundTrip(project: Project, call: CallFact): DatabaseEffect | undefined {
  return /^(add|add_all|delete)$/.test(call.method) ? undefined : sessionEffect(project, call);
}

function strongest(effects: readonly (DatabaseEffect | undefined)[]): DatabaseEffect | undefined {
  if (effects.includes("write")) return "write";
  return effects.includes("read") ? "read" : undefined;
}
