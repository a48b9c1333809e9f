import type { Analysis } from "../analysis.ts";
import type { CallFact, FunctionFact } from "../facts/pythonFile.ts";
import { sessionUse } from "../facts/sessions.ts";
import { ancestor, descendants, shortText } from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { Check } from "./check.ts";
import { judge, notApplicable } from "./check.ts";

/**
 * What belongs together is written in one transaction. Commits belong to a unit of work (`__aexit__`,
 * `begin()`) or to the dependency that yields the session. Elsewhere it fails to commit twice on one way through a
 * function, to commit in a loop, or to call two functions that commit on their own.
 *
 * A single commit outside a unit of work and two units of work in one function ask for a review:
 * whether the steps belong together only a person knows.
 */
export const transactions: Check = {
  id: "transactions",
  title: "Transactions for multi-step operations",
  run: (analysis) => {
    const { project } = analysis;
    const functions = project.code.filter((file) => file.layer !== "migration").flatMap((file) => file.functions);
    const commits = new Map(functions.map((fact) => [fact, commitsOf(project, fact)]));
    const committing = new Set(functions.filter((fact) => !isBoundary(fact) && (commits.get(fact)?.length ?? 0) > 0));
    const judged = functions.filter((fact) => !isBoundary(fact));
    const certain = judged.flatMap((fact) => [
      ...splitFindings(commits.get(fact) ?? []),
      ...callFindings(analysis, fact, committing),
    ]);
    const arguable = judged.flatMap((fact) => [
      ...singleCommit(commits.get(fact) ?? []),
      ...severalUnits(analysis, fact),
    ]);
    const writes = project.code.some((file) => file.calls.some((call) => sessionUse(project, call) !== undefined));
    return writes ? judge(certain, arguable) : notApplicable;
  },
};

function commitsOf(project: Project, fact: FunctionFact): readonly CallFact[] {
  return fact.calls.filter((call) => call.method === "commit" && sessionUse(project, call) === "control");
}

/** Where a transaction is meant to end: a unit of work, or the provider of a session. */
function isBoundary(fact: FunctionFact): boolean {
  if (/^(__a?exit__|commit)$/.test(fact.name)) return true;
  return descendants(fact.body).some((node) => node.type === "yield");
}

function splitFindings(commits: readonly CallFact[]): Finding[] {
  const repeated = commits.filter((commit) => commit.loop);
  const second = commits.find((commit, index) =>
    commits.slice(0, index).some((before) => onSameWay(before.node, commit.node)),
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

function callFindings(analysis: Analysis, fact: FunctionFact, committing: ReadonlySet<FunctionFact>): Finding[] {
  const calls = fact.calls.filter((call) =>
    analysis.receivers.targetsOf(call).some((target) => target !== fact && committing.has(target)),
  );
  const own = commitsOf(analysis.project, fact);
  const all = [...calls, ...own].sort((a, b) => a.node.start - b.node.start);
  const second = all.find((call, index) => all.slice(0, index).some((before) => onSameWay(before.node, call.node)));
  if (!second || calls.length === 0) return [];
  return [
    finding(second, "commits apart from the step before it; let the callers hand in one unit of work and commit once."),
  ];
}

/** Both can run in one call: they do not stand in different branches of an `if`, `match` or `try`. */
function onSameWay(first: PythonNode, second: PythonNode): boolean {
  const branches = ["if_statement", "match_statement", "try_statement", "conditional_expression"];
  for (
    let at = ancestor(first, branches, ["function_definition"]);
    at;
    at = ancestor(at, branches, ["function_definition"])
  ) {
    if (!contains(at, second)) {
      if (alwaysLeaves(at, first)) return false;
      continue;
    }
    if (branchOf(at, first) !== branchOf(at, second) && !isAfterTry(at, first, second)) return false;
  }
  return true;
}

function contains(node: PythonNode, inner: PythonNode): boolean {
  return node.start <= inner.start && inner.end <= node.end;
}

function branchOf(statement: PythonNode, node: PythonNode): PythonNode | undefined {
  const parts =
    statement.type === "match_statement"
      ? (statement.children.find((child) => child.field === "body")?.children ?? [])
      : statement.children;
  return parts.find((child) => contains(child, node));
}

/** `else` and `finally` of a `try` run after its body; `except` runs instead of the rest of it. */
function isAfterTry(statement: PythonNode, first: PythonNode, second: PythonNode): boolean {
  if (statement.type !== "try_statement") return false;
  return branchOf(statement, first)?.field === "body" && branchOf(statement, second)?.type !== "except_clause";
}

/** The branch that holds `node` returns or raises, so nothing behind the statement follows it. */
function alwaysLeaves(statement: PythonNode, node: PythonNode): boolean {
  const block = branchOf(statement, node);
  const statements =
    block?.type === "block" ? block.children : block?.children.find((child) => child.type === "block")?.children;
  const last = statements?.at(-1);
  return last?.type === "return_statement" || last?.type === "raise_statement";
}

function singleCommit(commits: readonly CallFact[]): Finding[] {
  const [only] = commits;
  if (!only || only.loop || commits.length > 1) return [];
  return [
    finding(
      only,
      "ends a transaction outside a unit of work; check that every write of the operation comes before it.",
    ),
  ];
}

/** Two `async with …uow…:` one after the other, both writing. */
function severalUnits(analysis: Analysis, fact: FunctionFact): Finding[] {
  const blocks = descendants(fact.body).filter(
    (node) => node.type === "with_statement" && /uow|unit_of_work|\.begin\(/i.test(node.children[0]?.text ?? ""),
  );
  const writing = blocks.filter((block) =>
    fact.calls.some((call) => contains(block, call.node) && analysis.databaseCalls.effectOf(call) === "write"),
  );
  const second = writing.find((block, index) =>
    writing.slice(0, index).some((before) => !contains(before, block) && onSameWay(before, block)),
  );
  if (!second) return [];
  return [
    {
      path: fact.path,
      line: second.line,
      message: `${fact.name} writes in two units of work; join them unless the first must stand when the second fails.`,
    },
  ];
}

function finding({ path, line, node }: CallFact, text: string): Finding {
  return { path, line, message: `${shortText(node)} ${text}` };
}
