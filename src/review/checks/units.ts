import type { Analysis } from "../analysis.ts";
import type { CallFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { handlesFailure, runsForEveryItem } from "../facts/repetition.ts";
import { sessionUse } from "../facts/sessions.ts";
import {
  ancestor,
  argumentsOf,
  calledMethod,
  descendants,
  fieldOf,
  isCode,
  keywordArgument,
  positionalArguments,
  shortText,
} from "../facts/syntax.ts";
import { contains, leaves, onSameWay } from "../facts/ways.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import { isAside } from "./asides.ts";
import { commitsOf, type FunctionSet, judgedIn, settledFunctions } from "./commits.ts";

/**
 * Operations whose writes are spread over several units of work: two `with` blocks one after the other, one for every
 * item, a call that opens its own inside another, two such calls, one such call an item; and blocks whose writes
 * nothing commits. `committing` are the functions that commit by themselves.
 */
export function unitFindings(
  analysis: Analysis,
  files: readonly PythonFile[],
  committing: FunctionSet,
): readonly Finding[] {
  const { conclusions } = analysis.project;
  const direct = files.flatMap((file) => [...conclusions.aboutFile(blocksIn, analysis, file).keys()]);
  const owning = settledFunctions(
    conclusions,
    "owning",
    withCallers(analysis, new Set([...direct, ...committing.all])),
  );
  return files.flatMap((file) => conclusions.aboutFile(findingsIn, { analysis, committing, owning }, file));
}

interface Owning {
  readonly analysis: Analysis;
  readonly committing: FunctionSet;
  readonly owning: FunctionSet;
}

function findingsIn({ analysis, committing, owning }: Owning, file: PythonFile): readonly Finding[] {
  const { project, receivers } = analysis;
  const blocks = project.conclusions.aboutFile(blocksIn, analysis, file);
  return judgedIn(file).flatMap((fact) => {
    const own = blocks.get(fact) ?? [];
    const calls = fact.calls.filter((call) =>
      receivers.targetsOf(call).some((target) => {
        return target !== fact && owning.has(target) && commitsFor(call, target, endsOf(analysis, target, owning));
      }),
    );
    const isJudgedAlready = calls.every((call) => receivers.targetsOf(call).some((target) => committing.has(target)));
    return [
      ...blockFindings(fact, own),
      ...(isJudgedAlready ? [] : callFindings({ analysis, committing, owning }, fact, own, calls)),
      ...lostWrites(analysis, fact),
    ];
  });
}

/** Where a function ends a transaction: its commits, its units of work, and its calls of others that do. */
function endsOf(analysis: Analysis, fact: FunctionFact, owning: FunctionSet): readonly PythonNode[] {
  const { project, receivers } = analysis;
  const blocks = project.conclusions.aboutFile(blocksIn, analysis, project.fileOf(fact)).get(fact) ?? [];
  const handedOn = fact.calls.filter((call) =>
    receivers.targetsOf(call).some((target) => target !== fact && owning.has(target)),
  );
  return [...[...commitsOf(project, fact), ...handedOn].map(({ node }) => node), ...blocks];
}

/** The functions in which something is written in a unit of work, with its blocks. */
function blocksIn(analysis: Analysis, file: PythonFile): ReadonlyMap<FunctionFact, readonly PythonNode[]> {
  const blocks = judgedIn(file).map((fact) => [fact, writingBlocks(analysis, fact)] as const);
  return new Map(blocks.filter(([, own]) => own.length > 0));
}

/**
 * Whether a call of a function that commits really does: not where the commit waits for a parameter that the call, or the
 * default, leaves off, nor where it waits for the lack of one (`if not uow`) and the call gives it; what the call hands on decides
 * somebody else.
 */
export function commitsFor(call: CallFact, target: FunctionFact, ends: readonly PythonNode[]): boolean {
  return ends.length === 0 || ends.some((end) => isSwitchedOn(call, target, end));
}

function isSwitchedOn({ node }: CallFact, target: FunctionFact, end: PythonNode): boolean {
  const parameters = target.parameters.filter(({ name }) => name !== "self" && name !== "cls");
  return parameters.every(({ name, value }, index) => {
    const given = keywordArgument(node, name) ?? positionalArguments(node)[index];
    if (waitsFor(end, [`not ${name}`, `${name} is None`]) || isLeftBefore(end, [name, `${name} is not None`]))
      return /^(None|False)$/.test((given ?? value)?.text ?? "None");
    if (!waitsFor(end, [name]) && !isLeftBefore(end, [`not ${name}`])) return true;
    const isFlag = /^(True|False)$/.test(value?.text ?? "");
    return !isFlag || (given ?? value)?.text === "True";
  });
}

/** `if commit:`, `if row and commit:` around the node. */
function waitsFor(node: PythonNode, needed: readonly string[]): boolean {
  const stops = ["function_definition"];
  for (let at = ancestor(node, ["if_statement"], stops); at; at = ancestor(at, ["if_statement"], stops)) {
    const conditions = fieldOf(at, "condition")?.text.split(/\s+and\s+/) ?? [];
    if (needed.some((condition) => conditions.includes(condition))) return true;
  }
  return false;
}

/**
 * `task = await find(…)` and then `if not task: return`: the step ends a transaction only on the ways on which it gives nothing,
 * and then its caller leaves.
 */
export function isLeftAfter({ receivers }: Analysis, call: CallFact, endsOf: EndsOf): boolean {
  const assignment = ancestor(call.node, ["assignment"], ["block"]);
  const name = assignment && fieldOf(assignment, "left")?.text;
  const statements = assignment?.parent?.parent?.children.filter(isCode) ?? [];
  const next = assignment && statements.find(({ start }) => start > assignment.end);
  if (name === undefined || next?.type !== "if_statement") return false;
  const isAsked = [`not ${name}`, `${name} is None`].includes(fieldOf(next, "condition")?.text ?? "");
  if (!isAsked || !leaves(fieldOf(next, "consequence")?.children.findLast(isCode))) return false;
  return receivers.targetsOf(call).every((target) => {
    const ends = endsOf(target);
    return ends.length > 0 && ends.every(givesNothing);
  });
}

/** Where a function ends a transaction. */
type EndsOf = (fact: FunctionFact) => readonly PythonNode[];

/** The block around ends in `return None` or in an error. */
function givesNothing(node: PythonNode): boolean {
  const last = ancestor(node, ["block"], ["function_definition"])?.children.findLast(isCode);
  return last?.type === "raise_statement" || /^return( None| False)?$/.test(last?.text ?? "");
}

export function commitNodes(project: Project, fact: FunctionFact): readonly PythonNode[] {
  return commitsOf(project, fact).map(({ node }) => node);
}

/** `if not commit: return` before the node. */
function isLeftBefore(node: PythonNode, conditions: readonly string[]): boolean {
  const stops = ["function_definition"];
  for (let at = ancestor(node, ["block"], stops); at; at = ancestor(at, ["block"], stops)) {
    const isLeft = at.children.some((statement) => {
      if (statement.type !== "if_statement" || statement.end > node.start) return false;
      const last = fieldOf(statement, "consequence")?.children.findLast(isCode);
      return conditions.includes(fieldOf(statement, "condition")?.text ?? "") && leaves(last);
    });
    if (isLeft) return true;
  }
  return false;
}

/**
 * A call that works off batches is followed by one for the rest, one that handles an error, or stands before the error that is
 * raised, takes back or notes what was written, what is noted beside the operation is none of it, and a task that is only started goes its own way.
 */
export function isOwnStep(analysis: Analysis, call: CallFact): boolean {
  const outer = call.node.parent?.parent;
  if (outer?.type === "call" && /^(create_task|ensure_future|add_task)$/.test(calledMethod(outer) ?? "")) return false;
  return (
    !handlesFailure(call.node) &&
    !isBeforeRaise(call.node) &&
    !makesReady(analysis, call) &&
    !isAside(analysis, call) &&
    (call.loop === undefined || runsForEveryItem(analysis, call))
  );
}

/** `if not sent: await orders.reopen(order)`, and then `raise`. */
function isBeforeRaise(node: PythonNode): boolean {
  const stops = ["function_definition"];
  for (let at = ancestor(node, ["block"], stops); at; at = ancestor(at, ["block"], stops)) {
    const isBranch = at.parent?.type === "if_statement" || at.parent?.type === "else_clause";
    if (isBranch && at.children.findLast(isCode)?.type === "raise_statement") return true;
  }
  return false;
}

/** One round of a loop that never ends: jobs that are handed nothing have nothing to do with each other. */
export function isRound({ callers }: Analysis, fact: FunctionFact, jobs: readonly CallFact[]): boolean {
  const rounds = callers.callersOf(fact);
  if (jobs.some(({ node }) => argumentsOf(node).length > 0)) return false;
  return rounds.length > 0 && rounds.every(({ loop }) => loop?.kind === "while" && /^(True|1)$/.test(loop.over));
}

/**
 * A start or a command of a script, what only such functions call, and what changes the schema: steps that have nothing to do with
 * each other, and that the next start repeats.
 */
export function isSetUp({ callers }: Pick<Analysis, "callers">, fact: FunctionFact, depth = 0): boolean {
  if (startsSomething(fact) || changesSchema(fact)) return true;
  const calls = depth < deepestStart ? callers.callersOf(fact) : [];
  return (
    calls.length > 0 && calls.every(({ within, loop }) => within && !loop && isSetUp({ callers }, within, depth + 1))
  );
}

const deepestStart = 1;

function changesSchema({ body }: FunctionFact): boolean {
  return /\b(CREATE|ALTER|DROP)\s+((VIRTUAL|TEMP|TEMPORARY)\s+)?(TABLE|EXTENSION)\b|\.create_all\b/.test(body.text);
}

/** `await self._ensure_tables()`: what is made ready before the work is no part of it, here and in what is called at once. */
function makesReady({ receivers }: Analysis, call: CallFact): boolean {
  const targets = receivers.targetsOf(call);
  return targets.some((target) => {
    return changesSchema(target) || target.calls.flatMap((inner) => receivers.targetsOf(inner)).some(changesSchema);
  });
}

function startsSomething({ name, parameters, decorators }: FunctionFact): boolean {
  const isAlone = parameters.every((parameter) => parameter.name === "self");
  return (
    /^(main|lifespan|(on_)?start(up|ing)|(provision|bootstrap|seed|init|initialize)_\w+)$/.test(name) ||
    (isAlone && /^(start|init|setup|set_up)$/.test(name)) ||
    decorators.some(({ text }) => /\.(command|callback)\b/.test(text))
  );
}

/**
 * What calls one of the functions has a transaction of its own as well; what calls that in turn is far away, set-up and no
 * operation.
 */
function withCallers({ project, callers }: Analysis, start: ReadonlySet<FunctionFact>): Iterable<FunctionFact> {
  const reached = new Set(start);
  for (const fact of start) {
    for (const call of callers.callersOf(fact)) {
      if (call.within && commitsFor(call, fact, commitNodes(project, fact))) reached.add(call.within);
    }
  }
  return reached;
}

/** `async with …uow…:` and `async with ….begin():` in which something is written. */
function writingBlocks(analysis: Analysis, fact: FunctionFact): readonly PythonNode[] {
  return withStatements(fact).filter((block) => {
    const header = block.children[0]?.text ?? "";
    if (!/uow|unit_of_work|UnitOfWork|\.begin\(/i.test(header)) return false;
    return fact.calls.some((call) => contains(block, call.node) && analysis.databaseCalls.effectOf(call) === "write");
  });
}

function withStatements(fact: FunctionFact): readonly PythonNode[] {
  return descendants(fact.body, ({ type }) => type !== "function_definition").filter(
    ({ type }) => type === "with_statement",
  );
}

function blockFindings({ name, path }: FunctionFact, blocks: readonly PythonNode[]): Finding[] {
  const second = blocks.find((block, index) =>
    blocks.slice(0, index).some((before) => !contains(before, block) && onSameWay(before, block)),
  );
  const split = `${name} writes in two units of work; join them unless the first must stand when the second fails.`;
  const repeated = blocks.filter((block) => ancestor(block, ["for_statement"], ["function_definition"]));
  const each = `${name} opens a unit of work for every item; open one around the loop unless each must stand alone.`;
  return [
    ...(second ? [{ path, line: second.line, message: split }] : []),
    ...repeated.map(({ line }) => ({ path, line, message: each })),
  ];
}

function callFindings(
  { analysis, owning }: Owning,
  fact: FunctionFact,
  blocks: readonly PythonNode[],
  calls: readonly CallFact[],
): Finding[] {
  const at = ({ path, line, node }: CallFact, text: string): Finding => ({
    path,
    line,
    message: `${shortText(node)} ${text}`,
  });
  const repeated = calls.find((call) => call.loop?.kind !== "while" && runsForEveryItem(analysis, call));
  if (repeated) return [at(repeated, "writes in a unit of work of its own for every item; hand one unit of work in.")];
  const inside = calls.find((call) => blocks.some((block) => contains(block, call.node)));
  if (inside) return [at(inside, "writes in a unit of work of its own inside another; hand the outer one in.")];
  const steps = calls.filter((call) => isOwnStep(analysis, call));
  const second = steps.find((call, index) => {
    const before = [
      ...steps
        .slice(0, index)
        .filter((step) => !isLeftAfter(analysis, step, (target) => endsOf(analysis, target, owning)))
        .map(({ node }) => node),
      ...blocks.filter(({ end }) => end < call.node.start),
    ];
    return before.some((node) => onSameWay(node, call.node));
  });
  if (!second || isSetUp(analysis, fact) || isRound(analysis, fact, steps)) return [];
  const text = `is a second unit of work of ${fact.name}; join them unless the first must stand when the second fails.`;
  return [at(second, text)];
}

/** `async with factory() as session:` closes the session; what nothing committed until then is rolled back. */
function lostWrites({ project }: Analysis, fact: FunctionFact): Finding[] {
  return withStatements(fact).flatMap((block) => {
    const opened = descendants(block.children[0] ?? block).find(({ type }) => type === "as_pattern");
    const alias = (opened && fieldOf(opened, "alias")?.text) ?? "";
    const value = opened?.children[0]?.text ?? "";
    if (!/(factory|maker|Session|SessionLocal)\)*(\(\))+$/.test(value) || alias === "") return [];
    const calls = fact.calls.filter((call) => contains(block, call.node));
    const write = calls.find((call) => call.receiver === alias && sessionUse(project, call) === "write");
    const isHandedOn = calls.some((call) => argumentsOf(call.node).some(({ text }) => text === alias));
    const isEnded = calls.some(({ method }) => method === "commit" || method === "begin");
    if (!write || isHandedOn || isEnded) return [];
    const message = `${shortText(write.node)} is not seen to be committed; commit before the session is closed, unless something else does.`;
    return [{ path: fact.path, line: write.line, message }];
  });
}
