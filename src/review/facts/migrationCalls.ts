import type { Project } from "../project.ts";
import type { PythonNode } from "../pythonParser.ts";
import type { PythonFile } from "./pythonFile.ts";
import { moduleScope } from "./scopes.ts";
import { evaluate, evaluateString, evaluateStrings, type Scope, type StaticValue } from "./staticValue.ts";
import { argumentsOf, calledMethod, dottedName, fieldOf, isCode, keywordArgument } from "./syntax.ts";

/** One call of Alembic's `op` in the order in which the migration makes it, with the names known there. */
export interface MigrationCall {
  /** `create_table`, `execute`, … */
  readonly method: string;
  readonly node: PythonNode;
  readonly file: PythonFile;
  readonly scope: Scope;
  /** The call of `op.batch_alter_table` whose table it changes, where it is one on a batch. */
  readonly batch?: PythonNode;
}

/**
 * What the migrations do, oldest first: `upgrade` is followed through loops over constants and
 * through functions of the project, so that `for statement in POLICIES: op.execute(statement)` gives
 * one call a policy. Both branches of a condition count. `downgrade` is never followed, nor what is for another database.
 */
export function readMigrationCalls(project: Project): readonly MigrationCall[] {
  const calls: MigrationCall[] = [];
  for (const file of inRevisionOrder(project)) {
    const upgrade = file.functions.find((fact) => fact.name === "upgrade" && fact.owner === undefined);
    if (upgrade) runBlock({ project, file, calls, depth: 0, names: new Map(), batches: new Map() }, upgrade.body);
  }
  return calls;
}

function inRevisionOrder(project: Project): readonly PythonFile[] {
  const files = project.revisions;
  const text = (file: PythonFile, name: string) =>
    evaluateString(file.assignments.get(name), moduleScope(project, file));
  // One that merges branches comes after several.
  const before = (file: PythonFile) =>
    evaluateStrings(file.assignments.get("down_revision"), moduleScope(project, file));
  const remaining = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const done = new Set<string | undefined>();
  const ordered: PythonFile[] = [];
  while (remaining.length > 0) {
    const known = new Set(remaining.map((file) => text(file, "revision")));
    const ready = remaining.findIndex((file) =>
      before(file).every((revision) => done.has(revision) || !known.has(revision)),
    );
    const [file] = remaining.splice(Math.max(ready, 0), 1);
    if (file === undefined) break;
    ordered.push(file);
    done.add(text(file, "revision"));
  }
  return ordered;
}

interface Run {
  readonly project: Project;
  readonly file: PythonFile;
  readonly calls: MigrationCall[];
  readonly depth: number;
  /** Local names; undefined for those whose value is not certain. */
  readonly names: Map<string, StaticValue | undefined>;
  /** `with op.batch_alter_table(…) as batch`: the call by the name. */
  readonly batches: Map<string, PythonNode>;
}

const deepestCall = 6;
const longestLoop = 2000;

function runBlock(run: Run, block: PythonNode): void {
  for (const statement of block.children) runNode(run, statement);
}

function runNode(run: Run, node: PythonNode): void {
  if (node.type === "for_statement") runLoop(run, node);
  else if (node.type === "assignment") runAssignment(run, node);
  else if (node.type === "call") runCall(run, node);
  else if (node.type === "with_item") runWith(run, node);
  else if (node.type === "if_statement") runBranches(run, node);
  else if (node.type !== "function_definition" && node.type !== "class_definition") runBlock(run, node);
}

function runLoop(run: Run, node: PythonNode): void {
  const left = fieldOf(node, "left");
  const body = fieldOf(node, "body");
  const over = evaluate(fieldOf(node, "right"), scopeOf(run));
  if (!left || !body) return;
  const items = over instanceof Map ? [...over.keys()] : over;
  if (Array.isArray(items) && items.length <= longestLoop) {
    for (const item of items) {
      bind(run, left, item);
      runBlock(run, body);
    }
  } else {
    bind(run, left, undefined);
    runBlock(run, body);
  }
}

/** `if op.get_bind().dialect.name == "mysql":` is not for us; of any other condition both branches count. */
function runBranches(run: Run, node: PythonNode): void {
  for (const part of node.children) {
    if (part.field === "consequence" && isForOther(fieldOf(node, "condition"))) continue;
    if (part.type === "elif_clause") runBranches(run, part);
    else runNode(run, part);
  }
}

const otherDialect = /(?:dialect|engine|name)\b[^=!]*(?:==\s*["'](?!postgres)\w+["']|!=\s*["']postgres\w*["'])\s*$/;

function isForOther(condition: PythonNode | undefined): boolean {
  return condition !== undefined && otherDialect.test(condition.text);
}

function runWith(run: Run, node: PythonNode): void {
  const value = node.children.find(isCode);
  const call = value?.type === "as_pattern" ? value.children.find(isCode) : value;
  const name = value?.type === "as_pattern" ? fieldOf(value, "alias")?.text : undefined;
  if (call && name !== undefined && calledMethod(call) === "batch_alter_table") run.batches.set(name, call);
  else runBlock(run, node);
}

function runAssignment(run: Run, node: PythonNode): void {
  const left = fieldOf(node, "left");
  const right = fieldOf(node, "right");
  if (right) runNode(run, right);
  if (left && right) bind(run, left, evaluate(right, scopeOf(run)));
}

/** `a` or `a, b`. */
function bind(run: Run, target: PythonNode, value: StaticValue | undefined): void {
  if (target.type === "identifier") {
    run.names.set(target.text, value);
    return;
  }
  const targets = target.children.filter(isCode);
  for (const [index, part] of targets.entries()) bind(run, part, Array.isArray(value) ? value[index] : undefined);
}

function runCall(run: Run, node: PythonNode): void {
  const callee = fieldOf(node, "function");
  const name = dottedName(callee) ?? "";
  const batch = run.batches.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
  if (batch) {
    const scope = scopeOf({ ...run, names: new Map(run.names) });
    run.calls.push({ method: name.slice(name.lastIndexOf(".") + 1), node, file: run.file, scope, batch });
    return;
  }
  if (/^(op|alembic\.op)\.\w+$/.test(name)) {
    const scope = scopeOf({ ...run, names: new Map(run.names) });
    run.calls.push({ method: name.slice(name.lastIndexOf(".") + 1), node, file: run.file, scope });
    return;
  }
  if (runsOnConnection(callee))
    run.calls.push({ method: "execute", node, file: run.file, scope: scopeOf({ ...run, names: new Map(run.names) }) });
  for (const argument of argumentsOf(node)) runNode(run, argument);
  const definition = name === "" ? undefined : run.project.resolve(run.file, name);
  if (definition?.kind !== "function" || run.depth >= deepestCall) return;
  const names = new Map<string, StaticValue | undefined>();
  for (const [index, parameter] of definition.function.parameters.entries()) {
    const given = positionalAt(node, index) ?? keywordArgument(node, parameter.name);
    names.set(parameter.name, given ? evaluate(given, scopeOf(run)) : evaluate(parameter.value, scopeOf(run)));
  }
  runBlock(
    { ...run, file: definition.file, depth: run.depth + 1, names, batches: new Map() },
    definition.function.body,
  );
}

/** `op.get_bind().execute(text("…"))`, or the connection under the name that it was given. */
function runsOnConnection(callee: PythonNode | undefined): boolean {
  return /^(op\.get_bind\(\)|conn|connection|bind)\.(execute|exec_driver_sql)$/.test(callee?.text ?? "");
}

function positionalAt(call: PythonNode, index: number): PythonNode | undefined {
  return argumentsOf(call).filter((argument) => argument.type !== "keyword_argument")[index];
}

/** A local name hides the module's, also when its value is not certain. */
function scopeOf(run: Run): Scope {
  const module = moduleScope(run.project, run.file);
  return (name) => (run.names.has(name) ? run.names.get(name) : module(name));
}
