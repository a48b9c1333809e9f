import type { CallFact, FunctionFact, PythonFile } from "./facts/pythonFile.ts";
import { ancestor, descendants, dottedName, fieldOf, isCode } from "./facts/syntax.ts";
import { contains } from "./facts/ways.ts";
import type { FileReader } from "./fileReader.ts";
import type { PlaceInput } from "./model.ts";
import type { PythonNode } from "./pythonParser.ts";

/**
 * The file with the commit in this line and the step that it is apart from in one transaction, where the code leaves no
 * choice: of two commits that always follow each other the first only flushes, and one that ends each round of a loop is made
 * once behind it. Undefined where that could lose a write, or end another transaction than it does now.
 */
export function joinCommits({ path, files, line }: PlaceInput, reader: FileReader): string | undefined {
  const source = files.find((file) => file.path === path);
  if (source === undefined) return undefined;
  const file = reader.facts(source);
  const commit = file.calls.find((call) => call.line === line && isStatement(call) && isOnSession(call, file));
  if (!commit?.within || commit.receiver === undefined) return undefined;
  return commit.loop ? behindLoop(commit, source.text) : flushedBefore(commit, commit.within, source.text);
}

/** `await session.commit()` alone on its line. */
function isStatement({ method, node }: CallFact): boolean {
  return method === "commit" && statementOf(node).type === "expression_statement";
}

/** The whole expression with its `await`, else the call. */
function statementOf(call: PythonNode): PythonNode {
  const awaited = call.parent?.type === "await" ? call.parent : call;
  return awaited.parent?.type === "expression_statement" ? awaited.parent : awaited;
}

/** A connection has no `flush`, and of a unit of work nobody knows. */
function isOnSession({ receiver = "", within }: CallFact, { imports }: PythonFile): boolean {
  if (!imports.some(({ module }) => /^(sqlalchemy|sqlmodel)\b/.test(module))) return false;
  const initializer = within?.owner?.methods.find(({ name }) => name === "__init__");
  const parameters = [...(within?.parameters ?? []), ...(initializer?.parameters ?? [])];
  const named = parameters.find(
    ({ name }) => name === receiver || `self._${name}` === receiver || `self.${name}` === receiver,
  );
  return named && named.annotation !== "" ? /\b(Async)?Session\b/.test(named.annotation) : /session$/i.test(receiver);
}

/** The first commit becomes a flush, which gives rows their ids as the commit did. */
function flushedBefore(second: CallFact, within: FunctionFact, text: string): string | undefined {
  const before = within.calls.filter((call) => {
    return call.method === "commit" && call.receiver === second.receiver && call.node.end < second.node.start;
  });
  if (before.length === 0 || !before.every((first) => alwaysFollows(first, second, within))) return undefined;
  return edited(
    text,
    before.map(({ node }) => methodOf(node)).map(({ start, end }) => ({ start, end, by: "flush" })),
  );
}

function methodOf(call: PythonNode): PythonNode {
  const callee = fieldOf(call, "function");
  return (callee && fieldOf(callee, "attribute")) ?? call;
}

/** The second stands in a block around the first, no `try` is between them, and nothing leaves before it. */
function alwaysFollows(first: CallFact, second: CallFact, { body }: FunctionFact): boolean {
  if (!isStatement(first) || first.loop) return false;
  const block = statementOf(second.node).parent;
  if (!block || !contains(block, first.node)) return false;
  const attempt = ancestor(first.node, ["try_statement"], ["function_definition"]);
  if (attempt && !contains(attempt, block)) return false;
  return !descendants(body, isOwnCode).some(
    (node) =>
      node.start > first.node.end &&
      node.end < second.node.start &&
      (/^(break|continue)_statement$/.test(node.type) || mayLeave(node, first.receiver)),
  );
}

/** Ends the function, or waits for something else than the session, which the commit before it may be meant to outlive. */
function mayLeave(node: PythonNode, receiver = ""): boolean {
  if (/^(return|raise)_statement$/.test(node.type) || node.type === "yield") return true;
  return node.type === "await" && !node.text.replace(/^await\s+/, "").startsWith(`${receiver}.`);
}

function isOwnCode({ type }: PythonNode): boolean {
  return type !== "function_definition" && type !== "class_definition" && type !== "lambda";
}

function behindLoop({ node, receiver = "" }: CallFact, text: string): string | undefined {
  const statement = statementOf(node);
  const block = statement.parent;
  const loop = block?.parent;
  if (!block || loop?.type !== "for_statement" || fieldOf(loop, "body") !== block || endsElsewhere(loop, receiver))
    return undefined;
  const statements = block.children.filter(isCode);
  if (statements.length < 2) return undefined;
  const [start, end] = [lineStart(text, statement.start), lineEnd(text, statement.end)];
  const called = methodOf(node);
  const within =
    statements.at(-1) === statement ? { start, end, by: "" } : { start: called.start, end: called.end, by: "flush" };
  const next = lineEnd(text, loop.end);
  const indent = text.slice(lineStart(text, loop.start), loop.start);
  const lineBreak = text.endsWith("\n") || next < text.length ? "" : "\n";
  const behind = { start: next, end: next, by: `${lineBreak}${indent}${statement.text}\n` };
  return edited(text, isFollowedBy(loop, statement) ? [within] : [within, behind]);
}

function isFollowedBy(loop: PythonNode, { text }: PythonNode): boolean {
  return loop.parent?.children.filter(isCode).find(({ start }) => start > loop.end)?.text === text;
}

/** Ways out of the loop that would skip the commit behind it, another transaction in it, or a session of each round. */
function endsElsewhere(loop: PythonNode, receiver: string): boolean {
  const root = receiver.split(".")[0] ?? "";
  if (fieldOf(loop, "alternative") || ancestor(loop, ["for_statement", "while_statement"], ["function_definition"]))
    return true;
  const inside = descendants(loop, isOwnCode);
  const ends = inside.filter((node) => {
    const method = node.type === "call" ? dottedName(fieldOf(node, "function")) : undefined;
    return method === `${receiver}.commit` || method === `${receiver}.rollback`;
  });
  return (
    ends.length !== 1 ||
    inside.some((node) => node.type === "try_statement" || mayLeave(node, receiver)) ||
    inside.some((node) => node.type === "identifier" && node.text === root && node.field === "left")
  );
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Behind the line break. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  return found === -1 ? text.length : found + 1;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((left, right) => right.start - left.start)
    .reduce((sum, { start, end, by }) => sum.slice(0, start) + by + sum.slice(end), text);
}
