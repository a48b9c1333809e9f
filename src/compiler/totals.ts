import { isChangeable } from "../spec/join/columnFacts.ts";
import type { DesignSpec, Rule } from "../spec/model.ts";
import { sameThing, singular, snakeCase, words } from "../support/words.ts";
import type { OperationPlan } from "./apiPlan.ts";
import { type Arithmetic, arithmeticIn, arithmeticText } from "./arithmetic.ts";
import type { GeneratedFile } from "./compilation.ts";
import { countedChanges } from "./conditions.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { attributePath, holderOf } from "./heldColumns.ts";
import { scopeOf } from "./lookups.ts";
import type { AggregatePlan, ChildPlan, ErrorClassPlan, FieldPlan } from "./plan.ts";
import { docstring, importsFrom, pythonModule } from "./python.ts";

/** A stored number that says something of all children of a row: the total of an order. */
export interface TotalPlan {
  readonly field: FieldPlan;
  readonly child: ChildPlan;
  /** What is summed up of each child; undefined where they are counted. */
  readonly summed?: Arithmetic;
  /** What has to be the same in the row and in all children. */
  readonly currency?: { readonly own: FieldPlan; readonly ofRow: FieldPlan; readonly error: ErrorClassPlan };
  /** The sentence of the design. */
  readonly text: string;
  readonly rule?: Rule;
}

interface Definition {
  readonly subject: string;
  readonly text: string;
  readonly rule?: Rule;
}

/** The parent of a row, whose totals are kept when the row is written. */
export interface TotalledParent {
  readonly plural: string;
  /** Name of the function that keeps them. */
  readonly keeper: string;
  readonly foreignKey: FieldPlan;
}

/** The aggregates with the totals that a rule or the description of a value defines; their rows are locked while they change. */
export function withTotals(
  spec: DesignSpec,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): readonly AggregatePlan[] {
  const kept = aggregates.map((aggregate) => {
    if (aggregate.children.length === 0) return aggregate;
    const totals = definitionsOf(spec, aggregate).flatMap((definition) =>
      totalOf(definition, aggregate, aggregates).map((total) => ({
        ...total,
        ...currenciesOf(total, aggregate, aggregates, errors),
      })),
    );
    const unique = [...new Map(totals.map((total) => [total.field.name, total])).values()];
    return unique.length === 0 ? aggregate : { ...aggregate, totals: unique, isGuarded: true };
  });
  return kept.map((aggregate) => {
    const countsIn = totalledParent(aggregate, kept);
    return countsIn ? { ...aggregate, countsIn } : aggregate;
  });
}

function totalledParent(
  { className, fields }: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): TotalledParent | undefined {
  const parent = aggregates.find(({ totals = [] }) => totals.some(({ child }) => child.aggregate === className));
  const column = parent?.totals?.find(({ child }) => child.aggregate === className)?.child.foreignKey[0];
  const foreignKey = fields.find((field) => field.column.name === column);
  return parent && foreignKey && { plural: parent.plural, keeper: totalsFunction(parent), foreignKey };
}

/** Amounts in several currencies have no sum. */
function currenciesOf(
  { field, child, summed }: TotalPlan,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
  { invalid }: ErrorCatalogue,
): Pick<TotalPlan, "currency"> {
  const rows = aggregates.find(({ className }) => className === child.aggregate);
  const own = currencyOf(aggregate, field);
  const [ofRow] = (summed?.fields ?? []).flatMap((part) => (rows && currencyOf(rows, part)) ?? []);
  return own && ofRow ? { currency: { own, ofRow, error: invalid } } : {};
}

/** `total_currency` of `total_amount`, else the only `currency`. */
function currencyOf({ fields }: AggregatePlan, { name }: FieldPlan): FieldPlan | undefined {
  const beside = `${name.replace(/_(?:amount|cents)$/, "")}_currency`;
  return fields.find((field) => field.name === beside) ?? fields.find((field) => field.name === "currency");
}

function definitionsOf(spec: DesignSpec, { table, className, fields }: AggregatePlan): readonly Definition[] {
  const rules = spec.domain.rules.map((rule) => ({ subject: "", text: rule.text, rule }));
  const entity = spec.domain.entities.find(({ name }) => sameThing(name, className));
  const described = (entity?.fields ?? []).map(({ name, description = "" }) => ({ subject: name, text: description }));
  const comments = fields.map(({ column }) => ({ subject: column.name, text: column.comment ?? "" }));
  const shown = spec.api.schemas
    .filter(({ name }) => words(table.name).map(singular).join(" ").endsWith(words(name).join(" ")))
    .flatMap(({ schema }) => schema.properties ?? [])
    .map(({ name, schema }) => ({ subject: name, text: schema.description ?? "" }));
  return [...rules, ...described, ...comments, ...shown];
}

const summing =
  /^(?:(?:the |an? |each )?(?<subject>[^.;]+?) (?:is|equals|=|must equal|must be|is always|is (?:computed|calculated) as) )?(?:always )?(?:computed|calculated|derived)?(?: as| from)?[:,]?\s*(?:the )?(?:sum|total) of (?:all |the |its |their )*(?<what>.+?)(?: (?:of|over|across|for|in) (?:all |the |its |each |every |their |of )*(?<rows>[\w ]+?))?\.?$/i;
const counting =
  /^(?:(?:the |an? |each )?(?<subject>[^.;]+?) (?:is|equals|=|must equal|must be|is always) )?(?:the )?(?:number|count) of (?:all |the |its |their )*(?<rows>[\w ]+?)\.?$/i;

function totalOf(
  { subject, text, rule }: Definition,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
): readonly TotalPlan[] {
  const plain = text.replace(/^\s*[A-Z]+-?\d+\s*:\s*/, "").trim();
  const said = summing.exec(plain)?.groups ?? counting.exec(plain)?.groups;
  if (!said) return [];
  const field = totalField(aggregate, said["subject"] ?? subject, subject);
  if (!field) return [];
  return aggregate.children.flatMap((child): readonly TotalPlan[] => {
    const rows = aggregates.find(({ className }) => className === child.aggregate);
    const isWhole = rows?.fields.every(({ role }) => role !== "deletedAt");
    if (!rows || !isWhole || child.foreignKey.length !== 1 || aggregate.key.length !== 1) return [];
    const summed = said["what"] === undefined ? undefined : sumOf(said["what"], child, rows);
    const isNamed = said["rows"] === undefined ? summed !== undefined : namesRows(said["rows"], child, rows);
    if (!isNamed || (said["what"] !== undefined && !summed)) return [];
    return [{ field, child, text: plain, ...(summed && { summed }), ...(rule && { rule }) }];
  });
}

function sumOf(what: string, child: ChildPlan, rows: AggregatePlan): Arithmetic | undefined {
  return arithmeticIn(what, rows) ?? singleNumber(what, child, rows);
}

/** "The total of an order" and "an order's total" are `total` or `total_amount` of the orders. */
function totalField(aggregate: AggregatePlan, said: string, own: string): FieldPlan | undefined {
  const entity = words(aggregate.table.name).map(singular);
  const [, name = said, owner = ""] = /^(.+?) of (?:an? |the |each |every )?(.+)$/i.exec(said) ?? [];
  const [, possessor = owner, possessed = name] = /^(?:an? |the |each )?(.+?)['’]s? (.+)$/i.exec(said) ?? [];
  const owners = words(possessor).map(singular);
  const isOwn = own !== "" || (owners.length > 0 && entity.join(" ").endsWith(owners.join(" ")));
  if (!isOwn) return undefined;
  const wanted = snakeCase(possessed.replace(/^(?:the|its) /i, ""));
  const numbers = aggregate.fields.filter(
    (field) => /^(?:int|Decimal)$/.test(field.type.expression) && isChangeable(field) && isPlain(aggregate, field),
  );
  return [wanted, `${wanted}_amount`, `${wanted}_cents`, `${entity.at(-1)}_${wanted}`]
    .map((column) => numbers.find((field) => field.column.name === column))
    .find((field) => field !== undefined);
}

/** An amount that may be missing together with its currency has none to begin with. */
function isPlain(aggregate: AggregatePlan, field: FieldPlan): boolean {
  return !field.optional || currencyOf(aggregate, field) === undefined;
}

/** "its lines", "all order lines", "the line items". */
function namesRows(text: string, { attribute }: ChildPlan, { className, table }: AggregatePlan): boolean {
  const said = words(text).map(singular).join(" ");
  return [attribute, className, table.name].some((name) => words(name).map(singular).join(" ") === said);
}

/** "its line totals" are the totals of the lines. */
function singleNumber(text: string, { attribute }: ChildPlan, rows: AggregatePlan): Arithmetic | undefined {
  const said = words(text).map(singular);
  const names = [singular(attribute), ...words(rows.className)];
  const rest = said.filter((word, index) => index > 0 || !names.includes(word)).join(" ");
  const field = rows.fields.find(
    ({ column, type, optional }) =>
      /^(?:int|Decimal)$/.test(type.expression) &&
      !optional &&
      [rest, said.join(" ")].includes(words(column.name).map(singular).join(" ")),
  );
  return field && { fields: [field], operators: [] };
}

/** Lines that lock the row whose totals change, so that two who change its parts wait for each other from the beginning. */
export function totalsLock({ countsIn }: AggregatePlan, { path, kind }: OperationPlan): readonly string[] {
  if (!countsIn) return [];
  const { plural, foreignKey } = countsIn;
  const lock = (key: string): string => `await uow.${plural}.find_by_id(${key}, for_update=True)`;
  const scope = scopeOf(path);
  if (scope?.parent.plural === plural) return kind === "create" ? [] : [lock(scope.parameter)];
  const key = `data.${foreignKey.name}`;
  return kind === "create" ? [`if ${key} is not None:`, `    ${lock(key)}`] : [];
}

/** Lines that complete `variable`, a row that has just been made with its parts. */
export function totalsLines(aggregate: AggregatePlan, variable: string): readonly string[] {
  const { totals, key } = aggregate;
  return totals ? [`${variable} = await ${totalsFunction(aggregate)}(uow, ${variable}.${key[0]?.name})`] : [];
}

/** Lines that keep the totals of the row that `variable` is part of, and of the one that it was part of before. */
export function parentTotalsLines(
  { countsIn }: AggregatePlan,
  variable: string,
  operation: OperationPlan,
): readonly string[] {
  if (!countsIn) return [];
  const { keeper, foreignKey } = countsIn;
  const mayMove =
    variable === "updated" &&
    (operation.request?.model.fields ?? []).some(({ target }) => target?.name === foreignKey.name);
  return [variable, ...(mayMove ? ["found"] : [])].map((row) => `await ${keeper}(uow, ${row}.${foreignKey.name})`);
}

/** Functions of {@link totalFiles} that the service of the aggregate calls. */
export function totalsFunctions(aggregate: AggregatePlan): readonly string[] {
  const { countsIn, totals } = aggregate;
  return [...(totals ? [totalsFunction(aggregate)] : []), ...(countsIn ? [countsIn.keeper] : [])];
}

/** `keep_order_totals`. */
function totalsFunction({ module }: AggregatePlan): string {
  return `keep_${module.replace(/_$/, "")}_totals`;
}

/** `app.services.totals`; nothing where no number is kept. */
export function totalFiles(aggregates: readonly AggregatePlan[]): readonly GeneratedFile[] {
  const kept = aggregates.filter(({ totals = [] }) => totals.length > 0);
  if (kept.length === 0) return [];
  const text = pythonModule({
    docstring: "Numbers of a row that say something of all of its parts, kept in the transaction that changes a part.",
    imports: [
      ...importsFrom("dataclasses", "replace"),
      ...importsFrom("app.domain.ports.unit_of_work", "UnitOfWork"),
      ...kept.flatMap(({ className, module, notFound, key, totals = [] }) => [
        ...importsFrom("app.core.errors", notFound.className),
        ...importsFrom("app.core.errors", ...totals.flatMap(({ currency }) => currency?.error.className ?? [])),
        ...importsFrom(`app.domain.${module}`, className, `${className}Changes`),
        ...key.flatMap(({ type }) => type.imports),
        ...totals.flatMap(({ field }) => field.type.imports),
      ]),
    ],
    body: kept.map((aggregate) => keepingFunction(aggregate, aggregates)),
  });
  return [{ path: "src/app/services/totals.py", text, step: 4 }];
}

function keepingFunction(aggregate: AggregatePlan, aggregates: readonly AggregatePlan[]): string {
  const { className, plural, notFound, key, keyParameters, totals = [] } = aggregate;
  const parameter = keyParameters[0] ?? "key";
  const placed = totals.map((total) => ({ total, rows: rowsOf(total, aggregates) }));
  const values = placed.map(({ total, rows }) => {
    const holder = holderOf(aggregate, total.field);
    const text = totalText(total, rows);
    if (!holder) return `${total.field.name}=${text},`;
    return `${holder.value.name}=replace(found.${holder.value.name}, ${holder.part.name}=${text}),`;
  });
  const changes = `${className}Changes(\n${values.map((value) => `        ${value}`).join("\n")}\n    )`;
  const sentences = totals.map(({ field, text, rule }) => `${rule?.name ?? field.name}: ${text.replace(/\.?$/, ".")}`);
  return [
    `async def ${totalsFunction(aggregate)}(uow: UnitOfWork, ${parameter}: ${key[0]?.type.expression}) -> ${className}:`,
    docstring(["Keep what the row says of all of its parts.", ...sentences].join("\n\n"), 1),
    `    found = await uow.${plural}.find_by_id(${parameter}, for_update=True)`,
    "    if found is None:",
    `        raise ${notFound.className}()`,
    ...placed.flatMap(({ total, rows }) => currencyCheck(total, aggregate, rows)),
    `    changes = ${changes}`,
    `    updated = await uow.${plural}.update(${parameter}, ${countedChanges(aggregate, "changes")})`,
    "    if updated is None:",
    `        raise ${notFound.className}()`,
    "    return updated",
  ].join("\n");
}

function rowsOf({ child }: TotalPlan, aggregates: readonly AggregatePlan[]): AggregatePlan | undefined {
  return aggregates.find(({ className }) => className === child.aggregate);
}

function currencyCheck(
  { currency, child }: TotalPlan,
  aggregate: AggregatePlan,
  rows: AggregatePlan | undefined,
): readonly string[] {
  if (!currency || !rows) return [];
  const { own, ofRow, error } = currency;
  const differs = `item.${attributePath(rows, ofRow)} != found.${attributePath(aggregate, own)}`;
  return [`    if any(${differs} for item in found.${child.attribute}):`, `        raise ${error.className}()`];
}

function totalText({ field, child, summed }: TotalPlan, aggregate: AggregatePlan | undefined): string {
  const rows = `found.${child.attribute}`;
  if (!summed || !aggregate) return `len(${rows})`;
  const each = `${arithmeticText(summed, aggregate, "item")} for item in ${rows}`;
  return field.type.expression === "Decimal" ? `sum((${each}), Decimal())` : `sum(${each})`;
}
