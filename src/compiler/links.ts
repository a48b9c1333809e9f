import type { LinkPlan, OperationPlan, ResourcePath, ResourceStep } from "./apiPlan.ts";
import { callerDependency } from "./callers.ts";
import { countedChanges } from "./conditions.ts";
import { isUnique } from "./fieldMatching.ts";
import { finding, type Lookup, lookupCall, lookupOf, parentLookups } from "./lookups.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import type { AggregatePlan, FieldPlan } from "./plan.ts";
import { checkCaller, checkComplete, externalValues } from "./requests.ts";
import { policyCalls } from "./rules/policyCalls.ts";

/**
 * Whether the row ties together what the path and the caller name, so that it can be made without a body.
 *
 * Where the path does not name both sides, nothing else may be in it: an empty report is not made by asking for one.
 */
export function isLink(step: ResourceStep): boolean {
  const { aggregate, parameter, single, caller } = step;
  if (parameter) return !isUnique(aggregate, parameter.field) && isReference(aggregate, parameter.field);
  return single === true && caller !== undefined && !hasContent(step);
}

/** Whether the request brings nothing: a body that only the table suggests is none where the table holds nothing else. */
export function isWithoutBody({ endpoint: { request } }: OperationDraft, step: ResourceStep): boolean {
  return !request || (request.confidence === "inferred" && !hasContent(step));
}

/** Whether the design says that the request has no body, or an empty one; without a word it is open what is in it. */
export function isSaidBodyless({ endpoint: { request }, spec }: OperationDraft): boolean {
  const schema = request && request.confidence !== "inferred" ? resolveSchema(spec, request.schema) : undefined;
  return schema?.type === "object" && !schema.additional && schema.properties?.length === 0;
}

function hasContent({ aggregate, parentColumns, caller, parameter }: ResourceStep): boolean {
  const given = [...parentColumns, caller, parameter?.field];
  return aggregate.fields.some(
    (field) => !given.includes(field) && !field.isKey && !/^(?:created|updated|deleted)At$/.test(field.role ?? ""),
  );
}

/** How the row is made; undefined, with a gap in the draft, where it takes more than the path and the caller. */
export function planLink(draft: OperationDraft, path: ResourcePath): LinkPlan | undefined {
  const step = path.steps.at(-1);
  const { summary, description, operationId, method } = draft.endpoint;
  if (!step) return undefined;
  const { aggregate } = step;
  if (/\btoggle/i.test([summary, description, operationId].join(" "))) {
    draft.gaps.push("the endpoint toggles, and no rule says which answer is for which state");
    return undefined;
  }
  const externals = externalValues(path, undefined);
  checkComplete(draft, aggregate, { fields: [] }, externals);
  checkCaller(draft, aggregate, externals);
  const again = method === "PUT" ? "again changes nothing" : "again is refused as a duplicate";
  assume(draft, `${method} makes the row of ${aggregate.table.name} out of the path and the caller; ${again}.`);
  return { externals, sides: sidesOf(draft, step) };
}

/** Arguments of the service: the values of the row. */
export function linkArguments({ link }: OperationPlan): readonly { readonly name: string; readonly type: string }[] {
  return (link?.externals ?? []).flatMap((external) => {
    const name = external.parameter ?? callerDependency(external)?.parameter;
    return name === undefined ? [] : [{ name, type: external.field.type.expression }];
  });
}

/** Both sides must be there, and a row that is there already stays as it is. */
export function linkBody(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  const { link, path, endpoint } = operation;
  const lookup = lookupOf(path);
  const values = (link?.externals ?? []).map(
    (external) => `${external.field.name}=${external.parameter ?? callerDependency(external)?.parameter}`,
  );
  const known = [...finding(lookup, false), "if found is not None:", "    return found"];
  return [
    ...[...parentLookups(path).slice(-1), ...(link?.sides ?? [])].map((side) => lookupCall(side)),
    ...(endpoint.method === "PUT" ? known : []),
    ...creation(aggregate, operation, `New${aggregate.className}(${values.join(", ")})`),
  ];
}

/** PUT on the one row there can be makes it where there is none. */
export function upsertBody(aggregate: AggregatePlan, operation: OperationPlan): readonly string[] {
  const { path } = operation;
  const key = aggregate.key.map(({ name }) => `found.${name}`).join(", ");
  return [
    ...parentLookups(path)
      .slice(-1)
      .map((parent) => lookupCall(parent)),
    ...finding(lookupOf(path), false),
    "if found is None:",
    ...creation(aggregate, operation, "data").map((line) => `    ${line}`),
    ...policyCalls(aggregate, operation, "before", "found"),
    `updated = await uow.${aggregate.plural}.update(${key}, ${countedChanges(aggregate, "changes")})`,
    "if updated is None:",
    `    raise ${aggregate.notFound.className}()`,
    ...policyCalls(aggregate, operation, "after", "updated"),
    "return updated",
  ];
}

function creation(aggregate: AggregatePlan, operation: OperationPlan, data: string): readonly string[] {
  const isNamed = data === "data" || policyCalls(aggregate, operation, "before", "data").length > 0;
  const create = `await uow.${aggregate.plural}.create(${isNamed ? "data" : data})`;
  const checks = policyCalls(aggregate, operation, "after", "created");
  const made = checks.length > 0 ? [`created = ${create}`, ...checks, "return created"] : [`return ${create}`];
  const before = policyCalls(aggregate, operation, "before", "data");
  const named = before.length > 0 && data !== "data" ? [`data = ${data}`] : [];
  return [...named, ...before, ...made];
}

function isReference({ table }: AggregatePlan, { column }: FieldPlan): boolean {
  return table.constraints.some(({ references, columns }) => references && columns.join() === column.name);
}

/** The row that the parameter refers to, which the caller must be able to see. */
function sidesOf({ aggregates }: OperationDraft, { aggregate, parameter }: ResourceStep): readonly Lookup[] {
  const key = aggregate.table.constraints.find(
    ({ references, columns }) => references && columns.join() === parameter?.field.column.name,
  );
  const side = aggregates.find(({ table }) => table.name === key?.references?.table);
  const [field, ...others] = side?.key ?? [];
  if (!parameter || !side || !field || others.length > 0) return [];
  const named = { name: parameter.name, wire: parameter.wire, field };
  const lookup = lookupOf({
    steps: [{ aggregate: side, parameter: named, parentColumns: [] }],
    rest: [],
    template: "",
  });
  return lookup ? [lookup] : [];
}
