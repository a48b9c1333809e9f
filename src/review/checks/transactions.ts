import type { Analysis } from "../analysis.ts";
import { oncePerFile } from "../facts/oncePerFile.ts";
import type { CallFact, ClassFact, FunctionFact, PythonFile } from "../facts/pythonFile.ts";
import { isKeptAfterwards } from "../facts/readThrough.ts";
import { isInHandler, runsForEveryItem } from "../facts/repetition.ts";
import { sessionUse, valuesOf } from "../facts/sessions.ts";
import { argumentsOf, descendants, fieldOf, shortText } from "../facts/syntax.ts";
import { onSameWay } from "../facts/ways.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { judge, notApplicable } from "./check.ts";
import { commitsOf, type FunctionSet, judgedIn, settledFunctions } from "./commits.ts";
import { commitNodes, commitsFor, isLeftAfter, isOwnStep, isRound, isSetUp, unitFindings } from "./units.ts";

/**
 * What belongs together is written in one transaction. Commits belong to a unit of work (`__aexit__`,
 * `begin()`) or to the dependency that yields the session. Elsewhere it fails to commit twice on one way through a
 * function, to commit in a loop, or to call two functions that commit on their own; so does a unit of work that never commits.
 *
 * A commit that a write follows, one in a repository although the project has a unit of work, several units of work in one
 * operation (see `unitFindings`), autocommit and a session that is closed with its writes ask for a review: whether the
 * steps belong together only a person knows. The one commit of an operation is none.
 */
export const transactions: Check = {
  id: "transactions",
  title: "Transactions for multi-step operations",
  run: (analysis) => {
    const { project } = analysis;
    const { conclusions } = project;
    const files = project.code.filter((file) => file.layer !== "migration");
    const committing = committingFunctions(analysis, files);
    const certain = [
      ...files.flatMap((file) => conclusions.aboutFile(stepFindingsIn, { analysis, committing }, file)),
      ...project.code.flatMap((file) => conclusions.aboutFile(uncommittedIn, project, file)),
    ];
    const arguable = [
      ...files.flatMap((file) => conclusions.aboutFile(singleCommitsIn, { analysis, committing }, file)),
      ...unitFindings(analysis, files, committing),
      ...files.flatMap((file) => conclusions.aboutFile(autocommits, analysis, file)),
    ];
    const usesSession = project.code.some((file) => file.calls.some((call) => sessionUse(project, call) !== undefined));
    return usesSession ? judge(onceAPlace(certain), withoutPlacesOf(certain, arguable)) : notApplicable;
  },
};

/** A commit behind which nothing was written ends a read, and one that a cache spares the next call is no step of anything. */
function committingFunctions(analysis: Analysis, files: readonly PythonFile[]): FunctionSet {
  const { conclusions } = analysis.project;
  const committing = files.flatMap((file) => conclusions.aboutFile(writingCommitsIn, analysis, file));
  return settledFunctions(conclusions, "committing", committing);
}

function writingCommitsIn(analysis: Analysis, file: PythonFile): readonly FunctionFact[] {
  return judgedIn(file).filter((fact) =>
    commitsOf(analysis.project, fact).some(({ node }) => {
      return !isKeptAfterwards(fact, node) && writes(analysis, fact, { start: fact.body.start, end: node.start });
    }),
  );
}

/** What a finding rests on that only the whole project tells. */
interface Committing {
  readonly analysis: Analysis;
  readonly committing: FunctionSet;
}

function stepFindingsIn({ analysis, committing }: Committing, file: PythonFile): readonly Finding[] {
  return judgedIn(file).flatMap((fact) => [
    ...splitFindings(analysis, fact, commitsOf(analysis.project, fact)),
    ...callFindings(analysis, fact, committing),
  ]);
}

function singleCommitsIn({ analysis, committing }: Committing, file: PythonFile): readonly Finding[] {
  return judgedIn(file).flatMap((fact) => singleCommit(analysis, fact, commitsOf(analysis.project, fact), committing));
}

function uncommittedIn(project: Project, { classes }: PythonFile): readonly Finding[] {
  return classes.flatMap((fact) => uncommitted(project, fact));
}

function splitFindings(analysis: Analysis, fact: FunctionFact, commits: readonly CallFact[]): Finding[] {
  const repeated = commits.filter((commit) => runsForEveryItem(analysis, commit));
  const second = commits.find((commit, index) =>
    commits.slice(0, index).some((before) => {
      return (
        isOwnStep(analysis, before) &&
        writes(analysis, fact, { start: fact.body.start, end: before.node.start }) &&
        onSameWay(before.node, commit.node) &&
        writes(analysis, fact, { start: before.node.end, end: commit.node.start })
      );
    }),
  );
  return [
    ...repeated.map((commit) =>
      finding(
        commit,
        "commits once an item, so a failure leaves half of the items written; commit once after the loop.",
      ),
    ),
    ...(second && !second.loop
      ? [
          finding(
            second,
            "is a second commit of one operation, so a failure between the two leaves it half done; use one unit of work.",
          ),
        ]
      : []),
  ];
}

/** Whether something is written between two places: by a call, or by changing an object that the session holds. */
function writes({ databaseCalls }: Analysis, fact: FunctionFact, span: Span): boolean {
  const isInside = ({ start, end }: Span) => start >= span.start && end <= span.end;
  return (
    fact.calls.some((call) => isInside(call.node) && databaseCalls.effectOf(call) === "write") ||
    descendants(fact.body).some((node) => isInside(node) && isChange(node))
  );
}

/** `order.status = PAID`, `setattr(order, name, value)` */
function isChange(node: PythonNode): boolean {
  if (node.type === "call") return fieldOf(node, "function")?.text === "setattr";
  const left = node.type === "assignment" || node.type === "augmented_assignment" ? fieldOf(node, "left") : undefined;
  return left?.type === "attribute" && fieldOf(left, "object")?.text !== "self";
}

function callFindings(analysis: Analysis, fact: FunctionFact, committing: FunctionSet): Finding[] {
  const calls = fact.calls.filter((call) =>
    analysis.receivers.targetsOf(call).some((target) => {
      return (
        target !== fact && committing.has(target) && commitsFor(call, target, commitNodes(analysis.project, target))
      );
    }),
  );
  const own = commitsOf(analysis.project, fact).filter((commit) => {
    return writes(analysis, fact, { start: fact.body.start, end: commit.node.start });
  });
  const steps = [...calls, ...own].filter((call) => isOwnStep(analysis, call));
  const all = steps.sort((a, b) => a.node.start - b.node.start);
  const isSecond = (call: CallFact, before: CallFact) => {
    return (
      onSameWay(before.node, call.node) &&
      !isLeftAfter(analysis, before, (target) => commitNodes(analysis.project, target)) &&
      !(own.includes(call) && isIdle(fact, before, call))
    );
  };
  const second = all.find((call, index) => all.slice(0, index).some((before) => isSecond(call, before)));
  const repeated = calls.filter((call) => call.loop?.kind !== "while" && runsForEveryItem(analysis, call));
  if (repeated.length > 0) {
    return repeated.map((call) =>
      finding(call, "commits once an item; let the caller hand in one unit of work and commit after the loop."),
    );
  }
  if (!second || calls.length === 0 || isSetUp(analysis, fact) || isRound(analysis, fact, steps)) return [];
  return [
    finding(second, "commits apart from the step before it; let the callers hand in one unit of work and commit once."),
  ];
}

/** Nothing happens between the two, so the second has nothing to commit. */
function isIdle(fact: FunctionFact, before: CallFact, after: CallFact): boolean {
  return !descendants(fact.body).some((node) => {
    const isBetween = node.start > before.node.end && node.end < after.node.start;
    return isBetween && (node.type === "call" || isChange(node)) && !isInHandler(node);
  });
}

/** Whoever opens the session and commits it is a unit of work. */
function isOwnSession({ receiver, within }: CallFact): boolean {
  return within !== undefined && receiver !== undefined && valuesOf(within).has(receiver);
}

/**
 * One commit is half of the operation when a write follows it, or when it ends the session that a repository was made with,
 * nobody is seen to call it and a unit of work ends what its callers do. Known callers are judged themselves.
 */
function singleCommit(
  analysis: Analysis,
  fact: FunctionFact,
  commits: readonly CallFact[],
  committing: FunctionSet,
): Finding[] {
  const [only] = commits;
  if (!only || only.loop || commits.length > 1 || isOwnSession(only)) return [];
  const { project, databaseCalls, receivers } = analysis;
  const later = fact.calls.find((call) => {
    if (call.node.start < only.node.end || databaseCalls.effectOf(call) !== "write") return false;
    return onSameWay(only.node, call.node) && !receivers.targetsOf(call).some((target) => committing.has(target));
  });
  if (later) {
    return [
      finding(
        only,
        `leaves out ${shortText(later.node)} in line ${later.line}; commit once, after it, unless the first must stand when it fails.`,
      ),
    ];
  }
  if (!fact.owner || project.fileOf(fact).layer !== "persistence" || !hasUnitOfWork(project)) return [];
  if (!isOfOwner(only) || analysis.callers.callersOf(fact).length > 0) return [];
  return [
    finding(
      only,
      "ends the transaction of whoever calls it; leave the commit to the unit of work, unless nothing else ever belongs to it.",
    ),
  ];
}

/** `self._session.commit()`: the session outlives the call, one that is handed in with the call may not. */
function isOfOwner({ receiver }: CallFact): boolean {
  return receiver?.startsWith("self.") === true;
}

function hasUnitOfWork(project: Project): boolean {
  return project.code.some(endsUnitOfWork);
}

const endsUnitOfWork = oncePerFile(({ functions }) =>
  functions.some(({ name, owner, calls }) => {
    return owner !== undefined && /^(__a?exit__|commit)$/.test(name) && calls.some(({ method }) => method === "commit");
  }),
);

/** A commit that is the second of its function is often the second of a call as well. */
function onceAPlace(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map([...findings].reverse().map((item) => [`${item.path}:${item.line}`, item])).values()];
}

/** What is certain is said once. */
function withoutPlacesOf(certain: readonly Finding[], arguable: readonly Finding[]): readonly Finding[] {
  const places = new Set(certain.map(({ path, line }) => `${path}:${line}`));
  return arguable.filter(({ path, line }) => !places.has(`${path}:${line}`));
}

/** A unit of work that rolls back and never commits loses everything it was given. */
function uncommitted(project: Project, fact: ClassFact): Finding[] {
  const exit = fact.methods.find(({ name }) => /^__a?exit__$/.test(name));
  const calls = fact.methods
    .flatMap((method) => method.calls)
    .filter((call) => sessionUse(project, call) === "control");
  const rollsBack = exit && calls.some(({ method }) => method === "rollback");
  if (!rollsBack || calls.some(({ method }) => method === "commit" || (method === "begin" && isManaged(exit))))
    return [];
  return [
    {
      path: fact.path,
      line: exit.line,
      message: `${fact.name} never commits; commit in ${exit.name} when nothing was raised.`,
    },
  ];
}

/** `session.begin()` as a context manager commits by itself when it is left through its own exit. */
function isManaged(exit: FunctionFact): boolean {
  return /\.__a?exit__\(/.test(exit.body.text);
}

const unwrapped = /\b(CREATE|DROP)\s*DATABASE|VACUUM|CONCURRENTLY|advisory|_lock\b/i;

/** What PostgreSQL refuses inside a transaction, and locks that outlast one, need it, here or in what is called. */
function autocommits({ receivers }: Analysis, file: PythonFile): readonly Finding[] {
  const needsIt = ({ within }: CallFact) => {
    const reached = within?.calls.flatMap((call) => receivers.targetsOf(call)) ?? [];
    return [within, ...reached].some((fact) => unwrapped.test(fact?.body.text ?? ""));
  };
  return file.calls
    .filter(({ node }) =>
      argumentsOf(node).some((argument) => /isolation_level["']?\s*[=:]\s*["']AUTOCOMMIT["']/.test(argument.text)),
    )
    .filter((call) => !needsIt(call))
    .filter(({ node }, _, all) => !all.some((other) => other.node.start > node.start && other.node.end < node.end))
    .map((call) =>
      finding(call, "commits every statement for itself; check that nothing is written through it in several steps."),
    );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function finding({ path, line, node }: CallFact, text: string): Finding {
  return { path, line, message: `${shortText(node)} ${text}` };
}
