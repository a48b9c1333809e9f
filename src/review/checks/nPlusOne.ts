import type { Analysis } from "../analysis.ts";
import type { CallFact, PythonFile } from "../facts/pythonFile.ts";
import { emptyScope, evaluateString } from "../facts/staticValue.ts";
import { calledMethod, keywordArgument, lastName, shortText } from "../facts/syntax.ts";
import type { Finding } from "../model.ts";
import type { Check } from "./check.ts";
import { judge, notApplicable } from "./check.ts";

/**
 * No query runs once an item: a read inside a loop or comprehension fails, directly or in whatever the
 * call leads to. A write an item asks for a review, because a batch is not always possible; so does
 * a relationship that loads lazily and that no query loads ahead.
 *
 * Loops that page or work through chunks are left out. Calls are resolved by annotations: about one
 * in four queries in loops of code without them is not seen.
 */
export const nPlusOne: Check = {
  id: "nPlusOne",
  title: "N+1 queries prevented",
  run: (analysis) => {
    const { project, models } = analysis;
    const files = project.code.filter((file) => file.layer !== "migration");
    const loops = files.flatMap((file) =>
      file.calls.filter((call) => call.loop).map((call) => ({ call, effect: analysis.databaseCalls.effectOf(call) })),
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

function repeatsQuery({ receivers }: Analysis, call: CallFact): boolean {
  const { loop, method } = call;
  if (!loop || loop.kind === "while" || /\b(chunk|batch|page|range\(.*,.*,)/i.test(loop.over)) return false;
  if (/^(add|add_all|merge|flush)$/.test(method) && !call.awaited) return false;
  const targets = receivers.targetsOf(call);
  const isAsync = targets.length === 0 || targets.some((target) => target.isAsync);
  return !isAsync || call.awaited || loop.kind === "comprehension";
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
