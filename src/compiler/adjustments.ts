import { isChangeable } from "../spec/join/columnFacts.ts";
import type { DesignSpec, Property } from "../spec/model.ts";
import { type CheckCondition, checkConditions, type Ordering } from "../spec/sql/checkConditions.ts";
import { valueType } from "../spec/sql/typeKinds.ts";
import { pascalCase, singular, words } from "../support/words.ts";
import type { ModelField, OperationPlan, RequestPlan } from "./apiPlan.ts";
import { annotate } from "./apiSchemas.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { matchField } from "./fieldMatching.ts";
import { attributePath, holderOf } from "./heldColumns.ts";
import { assume, type OperationDraft, resolveSchema } from "./modelBuilding.ts";
import { pythonName } from "./names.ts";
import type { AggregatePlan, ErrorClassPlan, FieldPlan } from "./plan.ts";
import { tableKey } from "./schemaText.ts";

/** A number of a row that grows or shrinks by what the body says: `POST /stock-items/{id}/adjust`. */
export interface AdjustmentPlan {
  readonly field: FieldPlan;
  /** Attribute of the body, and of the service's method. */
  readonly amount: string;
  readonly sign: "+" | "-";
  /** Raised where less than nothing is added or taken. Undefined where the amount may have either sign. */
  readonly negative?: ErrorClassPlan;
  /** What the checks of the table say of the new value. */
  readonly limits: readonly AdjustmentLimit[];
}

/** The new value has to be this in comparison with a number or with another column. */
export interface AdjustmentLimit {
  readonly operator: Ordering;
  /** Python. */
  readonly than: string;
  readonly error: ErrorClassPlan;
}

interface Adjustment {
  readonly field: FieldPlan;
  readonly amount: Property;
  readonly sign: AdjustmentPlan["sign"];
}

const adding =
  /^(?:add|increase|increment|deposit|credit|top-?up|restock|replenish|receive|refill|earn|award|grant|reserve)(?:[-_]|$)/i;
const taking =
  /^(?:subtract|decrease|decrement|deduct|withdraw|debit|consume|redeem|spend|use|reduce|take|remove|release)(?:[-_]|$)/i;
const either = /^(?:adjust|adjustments?|change)(?:[-_]|$)/i;

/** Rows are locked while the new number is made of the old one. */
export function isAdjusted({ table }: AggregatePlan, { api }: DesignSpec): boolean {
  return api.endpoints.some(({ method, resource }) => {
    const [verb = "", ...more] = resource?.rest ?? [];
    const isVerb = method !== "GET" && more.length === 0 && [adding, taking, either].some((form) => form.test(verb));
    return isVerb && resource?.steps.at(-1)?.table === tableKey(table);
  });
}

/** Which number the action changes and which way; undefined where verb, description and columns leave a choice. */
export function adjustmentOf(draft: OperationDraft, aggregate: AggregatePlan, verb: string): Adjustment | undefined {
  const amount = amountOf(draft, aggregate);
  const said = sentenceOf(draft);
  const sign = amount && signOf(verb, said, amount.name);
  const field = sign && fieldOf(aggregate, { verb, said, amount: amount.name });
  return amount && sign && field ? { field, amount, sign } : undefined;
}

/** The one number that the body has to have; what else is in it must be no value of the row. */
function amountOf({ endpoint, spec }: OperationDraft, aggregate: AggregatePlan): Property | undefined {
  const schema = endpoint.request && resolveSchema(spec, endpoint.request.schema);
  const properties = schema?.properties ?? [];
  const numbers = properties.filter((property) => {
    const { type, format } = resolveSchema(spec, property.schema);
    return property.required && (type === "integer" || type === "number" || format === "decimal");
  });
  const [amount, ...more] = numbers;
  const others = properties.filter((property) => property !== amount);
  const isPlain = others.every(({ name, required }) => !required && matchField(aggregate, name) === undefined);
  return amount && more.length === 0 && isPlain ? amount : undefined;
}

const addingSaid = /\b(?:adds?|added|adding|increas\w+|increments?|deposits?|credits?|restocks?|tops? up)\b/i;
const takingSaid =
  /\b(?:subtract\w*|decreas\w+|decrements?|deduct\w*|withdraw\w*|debits?|reduc\w+|consum\w+|takes? (?:away|off|out))\b/i;

/** The sentence of the contract that says what is added or taken away. */
function sentenceOf({ endpoint }: OperationDraft): string {
  const sentences = [endpoint.description, endpoint.summary].flatMap((text) => (text ?? "").split(/(?<=[.;!?])\s+/));
  return sentences.find((sentence) => addingSaid.test(sentence) || takingSaid.test(sentence)) ?? "";
}

function signOf(verb: string, said: string, amount: string): AdjustmentPlan["sign"] | undefined {
  const adds = adding.test(verb);
  const takes = taking.test(verb);
  const [saysAdding, saysTaking] = [addingSaid.test(said), takingSaid.test(said)];
  if (adds) return saysTaking && !saysAdding ? undefined : "+";
  if (takes) return saysAdding && !saysTaking ? undefined : "-";
  if (!either.test(verb)) return undefined;
  if (saysAdding !== saysTaking) return saysAdding ? "+" : "-";
  return /^(?:delta|change|adjustment|difference)$/i.test(amount) ? "+" : undefined;
}

/** The column that the sentence names, else the verb or the amount, else the only number that can be meant. */
function fieldOf(
  aggregate: AggregatePlan,
  { verb, said, amount }: { readonly verb: string; readonly said: string; readonly amount: string },
): FieldPlan | undefined {
  const numbers = aggregate.fields.filter((field) => isNumber(aggregate, field));
  const [first = "", ...others] = words(verb);
  const texts = [said, others.join(" "), first === "release" ? "reserve" : first, amount];
  for (const text of texts) {
    const named = numbers.filter((field) => isNamed(field, text));
    if (named.length === 1) return named[0];
    if (named.length > 1) return undefined;
  }
  const counted = numbers.filter(({ column }) => !amountless.test(column.name));
  return counted.length === 1 ? counted[0] : undefined;
}

/** Numbers that are set, not added to. */
const amountless =
  /(?:^|_)(?:version|position|order|rank|priority|year|month|day|age|rate|percent|percentage|latitude|longitude|lat|lng|lon|price|cost|fee|weight|grams|width|height|length|size|capacity|limit|max|min|threshold|level)(?:_|$)/;

function isNumber({ table, version }: AggregatePlan, field: FieldPlan): boolean {
  const isReference = table.constraints.some(
    ({ references, columns }) => references && columns.includes(field.column.name),
  );
  const isNumeric = /^(?:int[248]|numeric)$/.test(valueType(field.column.type).name) && !field.column.type.array;
  return isNumeric && !isReference && field !== version && !field.optional && isChangeable(field);
}

/** Whether the text has the words of the column one behind the other: "the stock on hand", `reserve` of `reserved`. */
function isNamed({ column }: FieldPlan, text: string): boolean {
  const own = words(column.name).map(singular).join(" ");
  const all = ` ${words(text).map(singular).join(" ")} `;
  return all.includes(` ${own} `) || (own === `${all.trim()}d` && all.trim().length > 3) || all.includes(` ${own}s `);
}

/** What the action does, and its body: the amount, and what is taken and has no effect. */
export function planAdjustment(
  draft: OperationDraft,
  aggregate: AggregatePlan,
  { name, verb, errors }: { readonly name: string; readonly verb: string; readonly errors: ErrorCatalogue },
): { readonly adjustment: AdjustmentPlan; readonly request: RequestPlan } | undefined {
  const found = adjustmentOf(draft, aggregate, verb);
  if (!found) return undefined;
  const { field, amount, sign } = found;
  const direction = sign === "+" ? "added to" : "taken from";
  assume(draft, `"${verb}": ${amount.name} is ${direction} ${aggregate.table.name}.${field.column.name}.`);
  const fields = (resolveSchema(draft.spec, draft.endpoint.request?.schema ?? { type: "any" }).properties ?? []).map(
    (property) => bodyField(draft, property, property === amount ? field : undefined),
  );
  const model = {
    name: `${pascalCase(name)}Request`,
    module: aggregate.module,
    direction: "request" as const,
    summary: `Body of \`\`${draft.endpoint.method} ${draft.endpoint.path}\`\``,
    fields,
  };
  draft.models.set(model.name, model);
  const limits = limitsOf(draft, aggregate, field, errors);
  return {
    adjustment: {
      field,
      amount: pythonName(amount.name),
      sign,
      limits,
      ...(!either.test(verb) && { negative: errors.invalid }),
    },
    request: { model, optional: false, externals: [] },
  };
}

function bodyField(draft: OperationDraft, property: Property, field: FieldPlan | undefined): ModelField {
  const request = { schema: property.schema, direction: "request" as const, name: property.name };
  const type = annotate(draft, request, field);
  if (!field) assume(draft, `The optional property ${property.name} has no column; it is accepted and has no effect.`);
  const { description } = property.schema;
  return {
    name: pythonName(property.name),
    wire: property.name,
    annotation: property.required ? type.annotation : `${type.annotation} | None`,
    imports: type.imports,
    arguments: type.arguments,
    omittable: !property.required,
    ...(!property.required && { default: "None" }),
    ...(description !== undefined && { description }),
  };
}

/** The checks of the table on the column, and what its type can hold. */
function limitsOf(
  { endpoint }: OperationDraft,
  aggregate: AggregatePlan,
  field: FieldPlan,
  errors: ErrorCatalogue,
): readonly AdjustmentLimit[] {
  const designed = errors.classes.filter(({ code, status }) => endpoint.errorCodes.includes(code) && status === 409);
  const refused = designed.length === 1 ? designed[0] : undefined;
  const checked = aggregate.table.constraints.flatMap(({ type, name, expression = "" }) => {
    if (type !== "check") return [];
    const known = aggregate.violations.find(({ constraint }) => constraint.name === name)?.error;
    const error = refused ?? known ?? errors.invalid;
    return checkConditions(expression).flatMap((condition) => ({ ...comparison(condition, aggregate, field), error }));
  });
  const compared = checked.flatMap(({ operator, than, error }) =>
    operator && than ? [{ operator, than, error }] : [],
  );
  const largest = largestOf(field.column.type);
  const isBounded = compared.some(({ operator }) => operator.startsWith(">"));
  const held = largest === undefined ? [] : [{ operator: "<" as const, than: largest, error: errors.invalid }];
  const lowest = isBounded ? [] : held.map((limit) => ({ ...limit, operator: ">" as const, than: `-(${limit.than})` }));
  return [...compared, ...held, ...lowest];
}

/** The condition as one on the new value; nothing where it is about something else. */
function comparison(
  condition: CheckCondition,
  aggregate: AggregatePlan,
  { column, type }: FieldPlan,
): Partial<AdjustmentLimit> {
  if (condition.kind === "range" && condition.column === column.name) {
    const { operator, limit } = condition;
    return { operator, than: type.expression === "Decimal" ? `Decimal("${limit}")` : String(limit) };
  }
  if (condition.kind !== "order" || condition.operator === "<>") return {};
  const { operator, other } = condition;
  if (condition.column === column.name) return { operator, than: foundValue(aggregate, other) };
  return other === column.name ? { operator: turned[operator], than: foundValue(aggregate, condition.column) } : {};
}

function foundValue(aggregate: AggregatePlan, column: string): string {
  const other = aggregate.fields.find((field) => field.column.name === column);
  return `found.${other ? attributePath(aggregate, other) : column}`;
}

const turned: Readonly<Record<Ordering, Ordering>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const opposite: Readonly<Record<Ordering, Ordering>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<" };

/** The first number that the column cannot hold. */
function largestOf(columnType: FieldPlan["column"]["type"]): string | undefined {
  const { name, arguments: size } = valueType(columnType);
  const bits: Readonly<Record<string, number>> = { int2: 15, int4: 31, int8: 63 };
  if (bits[name] !== undefined) return `2**${bits[name]}`;
  return size[0] === undefined ? undefined : `Decimal(10) ** ${size[0] - (size[1] ?? 0)}`;
}

/** Lines of a service that make the new value out of the locked row and hold it to its limits. */
export function adjustmentLines(aggregate: AggregatePlan, { adjustment }: OperationPlan): readonly string[] {
  if (!adjustment) return [];
  const { field, amount, sign, negative, limits } = adjustment;
  const errors = [...new Set(limits.map(({ error }) => error))];
  return [
    ...(negative ? [`if ${amount} < 0:`, `    raise ${negative.className}()`] : []),
    `${adjustedName(adjustment)} = found.${attributePath(aggregate, field)} ${sign} ${amount}`,
    ...errors.flatMap((error) => {
      const tests = limits
        .filter((limit) => limit.error === error)
        .map(({ operator, than }) => `${adjustedName(adjustment)} ${opposite[operator]} ${than}`);
      return [`if ${tests.join(" or ")}:`, `    raise ${error.className}()`];
    }),
  ];
}

/** The new value as an argument of the changes; a value object is changed as a whole. */
export function adjustedArgument(aggregate: AggregatePlan, adjustment: AdjustmentPlan): string {
  const holder = holderOf(aggregate, adjustment.field);
  if (!holder) return `${adjustment.field.name}=${adjustedName(adjustment)}`;
  const { value, part } = holder;
  return `${value.name}=replace(found.${value.name}, ${part.name}=${adjustedName(adjustment)})`;
}

/** The new value in Python. */
function adjustedName({ field, amount }: AdjustmentPlan): string {
  return field.name === amount ? `new_${field.name}` : field.name;
}
