import type { Analysis } from "../analysis.ts";
import type { DatabaseEffect } from "../facts/databaseCalls.ts";
import { oncePerFile } from "../facts/oncePerFile.ts";
import { isStatementOfItsOwn } from "../facts/ownStatements.ts";
import { goesItsOwnWay } from "../facts/ownWay.ts";
import type { CallFact, FieldFact, LoopFact, PythonFile } from "../facts/pythonFile.ts";
import { createRelationReads } from "../facts/relationReads.ts";
import { runsForEveryItem, takesGroup } from "../facts/repetition.ts";
import { sessionUse } from "../facts/sessions.ts";
import { emptyScope, evaluateString } from "../facts/staticValue.ts";
import {
  calledMethod,
  dottedName,
  fieldOf,
  keywordArgument,
  lastName,
  lastOfChain,
  positionalArguments,
  shortText,
} from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { judge, notApplicable } from "./check.ts";

/**
 * No query runs once an item: a read inside a loop or comprehension fails, directly or in whatever the
 * call leads to. A write an item asks for a review, because a batch is not always possible; so does
 * a relationship that loads lazily, that no query loads ahead, and that something reads object by object.
 *
 * Loops that page or work through chunks are left out, and calls that `runsForEveryItem` knows to be rare or that are statements
 * of their own (`isStatementOfItsOwn`); of `while` only the queue that is worked off counts. A relationship that only a serializer reads is not seen. Calls are
 * resolved by annotations, repositories also by name: about one in five queries in loops of code without either is not seen.
 */
export const nPlusOne: Check = {
  id: "nPlusOne",
  title: "N+1 queries prevented",
  run: (analysis) => {
    const { project, models } = analysis;
    const files = project.code.filter((file) => file.layer !== "migration");
    const loops = files.flatMap((file) => project.conclusions.aboutFile(loopsIn, analysis, file));
    const reads = loops.flatMap(({ effect, finding }) => (effect === "read" ? [finding] : []));
    const writes = loops.flatMap(({ effect, finding }) => (effect === "write" ? [finding] : []));
    const usesDatabase =
      models.tables.size > 0 || files.some((file) => file.calls.some((call) => analysis.databaseCalls.effectOf(call)));
    return usesDatabase ? judge(reads, [...writes, ...lazyFindings(analysis, files)]) : notApplicable;
  },
};

interface LoopVerdict {
  readonly effect: DatabaseEffect;
  readonly finding: Finding;
}

function loopsIn(analysis: Analysis, { calls }: PythonFile): readonly LoopVerdict[] {
  return [...calls.filter((call) => call.loop), ...calls.flatMap(mappedCall)].flatMap((call) => {
    const effect = effectOf(analysis, call);
    if (effect === undefined || !repeatsQuery(analysis, call)) return [];
    return [{ effect, finding: loopFinding(call, effect === "read" ? "runs a query" : "writes") }];
  });
}

/** A flush sends what waits: in a loop, a statement an item. */
function effectOf({ project, databaseCalls }: Analysis, call: CallFact): DatabaseEffect | undefined {
  const flushes = call.method === "flush" && sessionUse(project, call) === "control";
  return flushes ? "write" : databaseCalls.roundTripOf(call);
}

/** `map(repository.find_by_id, ids)` calls it for every id. */
function mappedCall(call: CallFact): CallFact[] {
  const [first, over] = positionalArguments(call.node);
  const name = call.receiver === undefined && call.method === "map" ? dottedName(first) : undefined;
  if (name === undefined || !name.includes(".") || !over) return [];
  const loop: LoopFact = { kind: "comprehension", over: over.text, line: call.line };
  return [{ ...call, receiver: name.slice(0, name.lastIndexOf(".")), method: lastName(name), loop }];
}

function repeatsQuery(analysis: Analysis, call: CallFact): boolean {
  const { loop, method } = call;
  if (!loop || !runsForEveryItem(analysis, call) || takesGroup(call) || isStatementOfItsOwn(call)) return false;
  if (/^(add|add_all|merge|flush)$/.test(method) && !call.awaited) return false;
  if (goesItsOwnWay(call)) return false;
  if (isStarted(call)) return true;
  if (call.awaited || loop.kind === "comprehension" || isRunAtOnce(analysis, call)) return true;
  const targets = analysis.receivers.targetsOf(call);
  return targets.length > 0 && !targets.some((target) => target.isAsync);
}

/** By a session that is none of asyncio's; `session.query(…)` waits until its rows are asked for. */
function isRunAtOnce({ project }: Analysis, call: CallFact): boolean {
  if (call.within?.isAsync !== false || sessionUse(project, call) === undefined) return false;
  if (call.method !== "query") return true;
  return /^(all|first|one|one_or_none|scalar|scalars|count|get|update|delete)$/.test(lastOfChain(call.node));
}

/** The coroutine is kept for later or started at once; either way there is one for every item. */
function isStarted({ node }: CallFact): boolean {
  const outer = node.parent?.parent;
  return (
    outer?.type === "call" && /^(append|create_task|ensure_future|start_soon|submit)$/.test(calledMethod(outer) ?? "")
  );
}

function loopFinding({ path, line, node, loop }: CallFact, does: string): Finding {
  const over = loop?.over.replace(/\s+/g, " ").slice(0, 40) ?? "";
  const remedy =
    does === "writes"
      ? "one statement can write them all, unless each depends on the one before"
      : "fetch all at once (in_, selectinload) before the loop";
  return { path, line, message: `${shortText(node)} ${does} for every item of ${over}; ${remedy}.` };
}

const loaders = /^(selectinload|joinedload|subqueryload|contains_eager|raiseload)$/;
const eagerLoading = /^(raise|raise_on_sql|selectin|joined|subquery|immediate|noload|write_only)$/;

function lazyFindings({ project, receivers }: Analysis, files: readonly PythonFile[]): Finding[] {
  const loaded = files.flatMap(loadedIn).join("\n");
  const lazy = files.flatMap(lazyIn).filter(({ fact, field }) => !loaded.includes(`${fact.name}.${field.name}`));
  if (lazy.length === 0) return [];
  const reads = createRelationReads(project, receivers);
  return lazy.flatMap(({ fact, field }) => {
    const read = reads.perObject(fact, field.name);
    if (!read) return [];
    const where = `${fact.name}.${field.name} loads lazily and ${read.path}:${read.line} reads it object by object, one query each`;
    const remedy = 'set lazy="raise" and load it with selectinload, unless it is always one object.';
    return [{ path: fact.path, line: field.line, message: `${where}; ${remedy}` }];
  });
}

const loadedIn = oncePerFile(({ calls }) =>
  calls.filter(({ method }) => loaders.test(method)).map(({ node }) => node.text),
);

const lazyIn = oncePerFile(({ classes }) =>
  classes.flatMap((fact) => fact.fields.filter(loadsLazily).map((field) => ({ fact, field }))),
);

function loadsLazily({ value }: FieldFact): boolean {
  if (!value || !/^(relationship|Relationship)$/.test(lastName(calledMethod(value) ?? ""))) return false;
  return !eagerLoading.test(
    evaluateString(keywordArgument(value, "lazy") ?? lazyOfModel(value), emptyScope) ?? "select",
  );
}

/** SQLModel passes on what SQLAlchemy takes: `sa_relationship_kwargs={"lazy": "selectin"}`, or `dict(lazy="selectin")`. */
function lazyOfModel(declaration: PythonNode): PythonNode | undefined {
  const given = keywordArgument(declaration, "sa_relationship_kwargs");
  if (given?.type === "call") return keywordArgument(given, "lazy");
  const pair = given?.children.find((entry) => evaluateString(fieldOf(entry, "key"), emptyScope) === "lazy");
  return pair && fieldOf(pair, "value");
}
