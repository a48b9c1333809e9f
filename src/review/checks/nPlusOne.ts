import type { Analysis } from "../analysis.ts";
import type { DatabaseEffect } from "../facts/databaseCalls.ts";
import { type CallFact, isRetry, type LoopFact, type PythonFile } from "../facts/pythonFile.ts";
import { sessionUse } from "../facts/sessions.ts";
import { emptyScope, evaluateString } from "../facts/staticValue.ts";
import {
  ancestor,
  calledMethod,
  dottedName,
  keywordArgument,
  lastName,
  positionalArguments,
  shortText,
} from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { Check } from "./check.ts";
import { judge, notApplicable } from "./check.ts";

/**
 * No query runs once an item: a read inside a loop or comprehension fails, directly or in whatever the
 * call leads to. A write an item asks for a review, because a batch is not always possible; so does
 * a relationship that loads lazily and that no query loads ahead.
 *
 * Loops that page or work through chunks are left out; of `while` only the queue that is worked off counts. Calls are
 * resolved by annotations, repositories also by name: about one in five queries in loops of code without either is not seen.
 */
export const nPlusOne: Check = {
  id: "nPlusOne",
  title: "N+1 queries prevented",
  run: (analysis) => {
    const { project, models } = analysis;
    const files = project.code.filter((file) => file.layer !== "migration");
    const loops = files.flatMap((file) =>
      [...file.calls.filter((call) => call.loop), ...file.calls.flatMap(mappedCall)].map((call) => ({
        call,
        effect: effectOf(analysis, call),
      })),
    );
    const inLoops = loops.filter(({ call, effect }) => effect !== undefined && repeatsQuery(analysis, call));
    const reads = inLoops
      .filter(({ effect }) => effect === "read")
      .map(({ call }) => loopFinding(call, "runs a query"));
    const writes = inLoops.filter(({ effect }) => effect === "write").map(({ call }) => loopFinding(call, "writes"));
    const usesDatabase =
      models.tables.size > 0 || files.some((file) => file.calls.some((call) => analysis.databaseCalls.effectOf(call)));
    return usesDatabase
      ? judge(reads, [...writes, ...files.flatMap((file) => lazyFindings(files, file))])
      : notApplicable;
  },
};

/** A flush sends what waits: in a loop, a statement an item. */
function effectOf({ project, databaseCalls }: Analysis, call: CallFact): DatabaseEffect | undefined {
  const flushes = call.method === "flush" && sessionUse(project, call) === "control";
  return flushes ? "write" : databaseCalls.effectOf(call);
}

/** `map(repository.find_by_id, ids)` calls it for every id. */
function mappedCall(call: CallFact): CallFact[] {
  const [first, over] = positionalArguments(call.node);
  const name = call.receiver === undefined && call.method === "map" ? dottedName(first) : undefined;
  if (name === undefined || !name.includes(".") || !over) return [];
  const loop: LoopFact = { kind: "comprehension", over: over.text, line: call.line };
  return [{ ...call, receiver: name.slice(0, name.lastIndexOf(".")), method: lastName(name), loop }];
}

function repeatsQuery({ receivers }: Analysis, call: CallFact): boolean {
  const { loop, method } = call;
  if (
    !loop ||
    isRetry(loop) ||
    (loop.kind === "while" && !isQueue(call)) ||
    /\b(chunk|batch|page|range\(.*,.*,)/i.test(loop.over)
  )
    return false;
  if (/^(add|add_all|merge|flush)$/.test(method) && !call.awaited) return false;
  if (isStarted(call)) return true;
  const targets = receivers.targetsOf(call);
  const isAsync = targets.length === 0 || targets.some((target) => target.isAsync);
  return !isAsync || call.awaited || loop.kind === "comprehension";
}

/** The coroutine is kept for later or started at once; either way there is one for every item. */
function isStarted({ node }: CallFact): boolean {
  const outer = node.parent?.parent;
  return (
    outer?.type === "call" && /^(append|create_task|ensure_future|start_soon|submit)$/.test(calledMethod(outer) ?? "")
  );
}

/** `while ids: … ids.pop()` is a loop over the items. */
function isQueue({ node, loop }: CallFact): boolean {
  const statement = ancestor(node, ["while_statement"], ["function_definition"]);
  const name = loop?.over.replace(/^len\((\w+)\).*$/, "$1") ?? "";
  return (
    /^[\w.]+$/.test(name) && statement !== undefined && new RegExp(`\\b${name}\\.pop(left)?\\(`).test(statement.text)
  );
}

function loopFinding({ path, line, node, loop }: CallFact, does: string): Finding {
  const over = loop?.over.replace(/\s+/g, " ").slice(0, 40) ?? "";
  const remedy =
    does === "writes"
      ? "insert or update them in one statement, or say why not"
      : "fetch all at once (in_, selectinload) before the loop";
  return { path, line, message: `${shortText(node)} ${does} for every item of ${over}; ${remedy}.` };
}

const eagerLoading = /^(raise|raise_on_sql|selectin|joined|subquery|immediate|noload|write_only)$/;

function lazyFindings(files: readonly PythonFile[], file: PythonFile): Finding[] {
  return file.classes.flatMap((fact) =>
    fact.fields.flatMap((field) => {
      if (!field.value || !/^(relationship|Relationship)$/.test(lastName(calledMethod(field.value) ?? ""))) return [];
      const lazy = evaluateString(keywordArgument(field.value, "lazy"), emptyScope) ?? "select";
      if (eagerLoading.test(lazy) || isLoadedAhead(files, fact.name, field.name)) return [];
      return [
        {
          path: file.path,
          line: field.line,
          message: `${fact.name}.${field.name} loads lazily, one query an object; set lazy="raise" and load it with selectinload where it is needed.`,
        },
      ];
    }),
  );
}

function isLoadedAhead(files: readonly PythonFile[], owner: string, attribute: string): boolean {
  const loaders = /^(selectinload|joinedload|subqueryload|contains_eager|raiseload)$/;
  return files.some((file) =>
    file.calls.some((call) => loaders.test(call.method) && call.node.text.includes(`${owner}.${attribute}`)),
  );
}
