import type { Property, Schema } from "../spec/model.ts";
import { pascalCase, snakeCase, words } from "../support/words.ts";
import type { BulkPlan, ModelField, OperationPlan, RequestPlan, ResourcePath } from "./apiPlan.ts";
import { buildModel } from "./apiSchemas.ts";
import { planListRequest } from "./listRequests.ts";
import { lookupOf, needsFinding } from "./lookups.ts";
import { type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, FieldPlan, OperationKind } from "./plan.ts";
import { importsFrom } from "./python.ts";
import { type BulkAnswer, successResponse } from "./responses.ts";
import { deletesFile } from "./uploads.ts";
import { scalarType } from "./wireTypes.ts";

/** The change or removal of several rows that a request names; undefined when it is something else. */
export function bulkKind(draft: OperationDraft, { rest }: ResourcePath): OperationKind | undefined {
  const { method } = draft.endpoint;
  const verb = rest.map((segment) => words(segment).join(" ")).join(" ");
  const isPlain = verb === "" || /^(?:bulk|batch)$/.test(verb);
  if ((method === "DELETE" && isPlain) || (method === "POST" && deleteVerb.test(verb))) {
    return namesKeys(draft) ? "deleteMany" : undefined;
  }
  const changes = ((method === "PATCH" || method === "PUT") && isPlain) || (method === "POST" && updateVerb.test(verb));
  return changes && holdsList(draft) ? "updateMany" : undefined;
}

export interface BulkParts {
  readonly bulk: BulkPlan;
  readonly request?: RequestPlan;
}

/** How the request names the rows, and what is to become of them. */
export function planBulk(
  draft: OperationDraft,
  { kind, name, path }: { readonly kind: OperationKind; readonly name: string; readonly path: ResourcePath },
): BulkParts | undefined {
  const step = path.steps.at(-1);
  const [key, ...others] = step?.aggregate.key ?? [];
  if (!step || !key || others.length > 0) {
    draft.gaps.push("several rows are named by one value each, and the key of these has more");
    return undefined;
  }
  if (successResponse(draft.endpoint.responses)?.status === 207) {
    draft.gaps.push("the answer tells the rows apart that succeed and fail, and no document says which may fail alone");
  }
  const keyName = `${step.aggregate.module.replace(/_$/, "")}_id`;
  const parameter = { name: keyName, wire: keyName, field: key };
  const itemPath = { ...path, steps: [...path.steps.slice(0, -1), { ...step, parameter }] };
  const own = lookupOf(itemPath);
  const isPartial =
    kind === "deleteMany" && own && !needsFinding(own) && !deletesFile(step.aggregate) && tellsMissing(draft);
  const shared = { itemPath, key: keyName, ...(isPartial && { tellsMissing: true as const }) };
  const keyed = keysOf(draft, step.aggregate, key);
  if (keyed?.place === "query") {
    return { bulk: { ...shared, keys: { name: keyed.field.name, parameter: queryText(keyed.field) } } };
  }
  if (keyed)
    return {
      bulk: { ...shared, keys: { name: `body.${keyed.field.name}` } },
      ...keyedRequest(draft, name, step.aggregate, keyed),
    };
  const request = kind === "updateMany" ? planListRequest(draft, name, path, "update") : undefined;
  const itemKey = request?.model.fields.find(({ target }) => target === key);
  if (request && !itemKey)
    draft.gaps.push(`the items of the request do not say which ${step.aggregate.className} they change`);
  return request && itemKey && { bulk: { ...shared, itemKey: itemKey.name }, request };
}

/** Lines of a service method that does to each row what `single` does to one, in the order of the keys: two that meet never wait for each other. */
export function bulkLines({ kind, bulk, target }: OperationPlan, single: readonly string[]): readonly string[] {
  if (!bulk || !target) return [];
  const { key } = bulk;
  const type = bulk.itemPath.steps.at(-1)?.parameter?.field.type.expression ?? "str";
  const inner = (last: string) =>
    single.map((line) => `    ${line.replace(/^return (.+)$/, (_, value: string) => last.replace("…", value))}`);
  if (kind === "deleteMany") {
    const keeps = single.some((line) => line.startsWith("return "));
    return [
      ...(keeps ? ["files: list[str] = []"] : []),
      `for ${key} in sorted(set(keys)):`,
      ...inner(target.file?.key.optional ? "files.extend(filter(None, […]))" : "files.append(…)"),
      ...(keeps ? ["return files"] : []),
    ];
  }
  return [
    `rows: dict[${type}, ${target.className}] = {}`,
    `for ${key}, changes in sorted(items, key=itemgetter(0)):`,
    ...inner(`rows[${key}] = …`),
    `return [rows[${key}] for ${key}, _ in items]`,
  ];
}

/** The argument of the service in which the route hands the rows over. */
export function bulkArgument({ bulk, request }: OperationPlan): string {
  if (!bulk) return "";
  if (bulk.itemKey !== undefined) {
    const items = request?.many?.wrapper ? `body.${request.many.wrapper.attribute}` : "body";
    return `[(item.${bulk.itemKey}, item.to_changes()) for item in ${items}]`;
  }
  return `[(key, body.to_changes()) for key in dict.fromkeys(${bulk.keys?.name})]`;
}

/** How many rows it were and which, for an answer that says so. */
export function bulkAnswer({ bulk, kind }: { readonly bulk: BulkPlan; readonly kind: OperationKind }): BulkAnswer {
  const asked = bulk.keys?.name;
  const field = bulk.itemPath.steps.at(-1)?.parameter?.field.name;
  if (kind === "updateMany") {
    return {
      counts: sameUnder("len(rows)", countNames),
      keys: sameUnder(`[row.${field} for row in rows]`, updatedNames),
    };
  }
  const written = bulk.tellsMissing ? "deleted" : `set(${asked})`;
  return {
    counts: sameUnder(`len(${written})`, countNames),
    keys: {
      ...sameUnder(`sorted(${written})`, deletedNames),
      ...(bulk.tellsMissing && sameUnder(`sorted(set(${asked}) - deleted)`, missingNames)),
    },
  };
}

const countNames = ["count", "affected", "deleted", "deleted count", "updated", "updated count", "total"];
const deletedNames = ["deleted", "deleted ids", "ids", "success", "succeeded"];
const updatedNames = ["updated", "updated ids", "ids", "success", "succeeded"];
const missingNames = ["not found", "not found ids", "missing", "missing ids"];

function sameUnder(value: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** Whether the answer lists the keys that no row had, which it could not if one of them refused the whole. */
function tellsMissing({ endpoint, spec }: OperationDraft): boolean {
  const schema = successResponse(endpoint.responses)?.schema;
  const properties = (schema && resolveSchema(spec, schema).properties) ?? [];
  return properties.some(
    (property) => missingNames.includes(words(property.name).join(" ")) && isKeyList(spec, property.schema),
  );
}

/** Whether the answer shows rows and not only how many. */
export function answersRows({ endpoint, spec }: OperationDraft): boolean {
  const schema = successResponse(endpoint.responses)?.schema;
  const resolved = schema && resolveSchema(spec, schema);
  return (
    resolved?.type === "array" ||
    (resolved?.properties ?? []).some(({ schema: own }) => isList(spec, own) && !isKeyList(spec, own))
  );
}

const deleteVerb =
  /^(?:(?:bulk|batch|mass) (?:delete|remove|destroy)|(?:delete|remove) (?:bulk|batch|many|multiple|several))$/;
const updateVerb =
  /^(?:(?:bulk|batch|mass) (?:update|patch|edit|change)|(?:update|patch) (?:bulk|batch|many|multiple|several))$/;
const keyListName = /^(?:ids?|keys|uuids|.+_ids|.+_uuids)$/;

function isList(spec: OperationDraft["spec"], schema: Schema): boolean {
  return resolveSchema(spec, schema).type === "array";
}

function isKeyList(spec: OperationDraft["spec"], schema: Schema): boolean {
  const { type, items } = resolveSchema(spec, schema);
  return type === "array" && items !== undefined && /^(?:string|integer)$/.test(resolveSchema(spec, items).type);
}

function namesKeys({ endpoint, spec }: OperationDraft): boolean {
  const body = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  const query = endpoint.parameters.filter((parameter) => parameter.in === "query");
  return [...(body?.properties ?? []), ...query].some(
    ({ name, schema }) => keyListName.test(snakeCase(name)) && isKeyList(spec, schema),
  );
}

function holdsList({ endpoint, spec }: OperationDraft): boolean {
  const body = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  return body?.type === "array" || (body?.properties ?? []).some(({ schema }) => isList(spec, schema));
}

interface Keyed {
  readonly place: "query" | "body";
  readonly wire: string;
  readonly field: ModelField;
}

/** The list of keys that the request has, in its body or behind its question mark. */
function keysOf({ endpoint, spec }: OperationDraft, aggregate: AggregatePlan, key: FieldPlan): Keyed | undefined {
  const isOwn = (name: string) => {
    const text = snakeCase(name);
    return /^(?:ids?|keys|uuids)$/.test(text) || text === `${aggregate.module.replace(/_$/, "")}_ids`;
  };
  const body = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  const inBody = (body?.properties ?? []).find(({ name, schema }) => isOwn(name) && isKeyList(spec, schema));
  if (inBody) return { place: "body", wire: inBody.name, field: keyField(spec, inBody, key) };
  const inQuery = endpoint.parameters.find(
    ({ in: place, name, schema }) => place === "query" && isOwn(name) && isKeyList(spec, schema),
  );
  return inQuery && { place: "query", wire: inQuery.name, field: keyField(spec, inQuery, key) };
}

function keyField(spec: OperationDraft["spec"], { name, schema, required }: Property, key: FieldPlan): ModelField {
  const { items, minItems, maxItems } = resolveSchema(spec, schema);
  const item = scalarType(resolveSchema(spec, items ?? { type: "string" }), key, "query");
  const inner =
    item.arguments.length > 0 ? `Annotated[${item.expression}, Field(${item.arguments.join(", ")})]` : item.expression;
  return {
    name: pythonName(name),
    wire: name,
    annotation: `list[${inner}]`,
    imports: [...item.imports, ...importsFrom("typing", "Annotated"), ...importsFrom("pydantic", "Field")],
    arguments: [
      ...(minItems === undefined ? [] : [`min_length=${minItems}`]),
      ...(maxItems === undefined ? [] : [`max_length=${maxItems}`]),
    ],
    omittable: false,
    ...(!required && { defaultFactory: "list" }),
  };
}

/** The body with the keys and, for a change, the values that every row gets. */
function keyedRequest(
  draft: OperationDraft,
  name: string,
  aggregate: AggregatePlan,
  { wire, field }: Keyed,
): { readonly request?: RequestPlan } {
  const { endpoint, spec } = draft;
  if (!endpoint.request) return {};
  const resolved = resolveSchema(spec, endpoint.request.schema);
  const others = (resolved.properties ?? []).filter((property) => property.name !== wire);
  const schema = { ...resolved, properties: others };
  const wanted = endpoint.request.schema.ref ?? `${pascalCase(name)}Request`;
  const values = buildModel(draft, { schema, direction: "request", name: wanted, aggregate });
  const model = { ...values, fields: [field, ...values.fields.filter(({ name: own }) => own !== field.name)] };
  draft.models.set(model.name, model);
  return { request: { model, optional: false, externals: [] } };
}

function queryText({ name, wire, annotation, arguments: limits }: ModelField): string {
  const alias = name === wire ? [] : [`alias="${wire}"`];
  return `${name}: Annotated[${annotation}, Query(${[...alias, ...limits].join(", ")})]`;
}
