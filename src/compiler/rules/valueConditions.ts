import type { DesignSpec, Field, Rule, ValueObject } from "../../spec/model.ts";
import { type CheckCondition, isPortable } from "../../spec/sql/checkConditions.ts";
import { sameThing, words } from "../../support/words.ts";
import type { Assumption } from "../compilation.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import { columnsOf } from "../heldColumns.ts";
import type { AggregatePlan, ErrorClassPlan } from "../plan.ts";
import type { RuleCondition } from "./rulePlan.ts";
import { type RuleStatement, ruleStatements, withoutCodes } from "./ruleStatement.ts";
import { withoutArticle } from "./subjects.ts";

/** What the design demands of a field of a value object; `condition.column` is the field as the document names it. */
export interface ValueCondition {
  readonly object: ValueObject;
  readonly field: Field;
  readonly condition: CheckCondition;
  readonly error: ErrorClassPlan;
  /** Undefined for what the field's type or description says. */
  readonly rule?: Rule;
}

/** The demands of types, descriptions and rules on the fields of the value objects; whole sentences only. */
export function readValueConditions(
  { domain }: Pick<DesignSpec, "domain">,
  { classes, invalid }: ErrorCatalogue,
): readonly ValueCondition[] {
  const errorOf = (text: string) => classes.find(({ code }) => text.includes(code)) ?? invalid;
  const found = domain.valueObjects.flatMap((object) => [
    ...object.fields.flatMap((field) => [
      ...typeConditions(field).map((condition) => ({ object, field, condition, error: invalid })),
      ...describedConditions(object, field).map((item) => ({ ...item, error: errorOf(field.description ?? "") })),
    ]),
    ...sentencesOf(object.description).flatMap((text) =>
      (sentenceConditions(object, text) ?? []).map((item) => ({ ...item, error: errorOf(text) })),
    ),
    ...domain.rules.flatMap((rule) =>
      (ruleConditions(object, rule) ?? []).map((item) => ({ ...item, error: errorOf(rule.text), rule })),
    ),
  ]);
  return withoutRepeated(found);
}

/** The demands of value objects on the columns that hold them, and where no columns are known for one. */
export function columnConditions(
  { domain }: DesignSpec,
  aggregates: readonly AggregatePlan[],
  values: readonly ValueCondition[],
): { readonly conditions: readonly RuleCondition[]; readonly assumptions: readonly Assumption[] } {
  const conditions: RuleCondition[] = [];
  const assumptions: Assumption[] = [];
  for (const aggregate of aggregates) {
    const entity = domain.entities.find(({ name }) => sameThing(name, aggregate.className));
    for (const field of entity?.fields ?? []) {
      const own = values.filter(({ object }) => sameThing(object.name, bareType(field)));
      const [first] = own;
      if (!first) continue;
      const columns = columnsOf(aggregate, field, first.object);
      if (columns) conditions.push(...own.flatMap((value) => heldCondition(aggregate, columns, value)));
      else assumptions.push(unheld(aggregate, field, first.object));
    }
  }
  return { conditions, assumptions };
}

function heldCondition(
  aggregate: AggregatePlan,
  columns: ReadonlyMap<string, string>,
  { field, condition, error, rule }: ValueCondition,
): readonly RuleCondition[] {
  const column = columns.get(field.name);
  const other = condition.kind === "order" ? columns.get(condition.other) : undefined;
  if (column === undefined || isInType(aggregate, column, condition)) return [];
  const held = { ...condition, column, ...(other !== undefined && { other }) };
  return [{ aggregate: aggregate.className, condition: held, error, ...(rule && { rule }) }];
}

function unheld({ table }: AggregatePlan, field: Field, object: ValueObject): Assumption {
  const parts = object.fields.map(({ name }) => name).join(", ");
  const text = `${field.owner}.${field.name} is a ${object.name}, and ${table.name} has no columns that are clearly its ${parts}; nothing that ${object.name} demands is asked of what is stored there.`;
  return { text, element: field.id, source: field.source };
}

function bareType({ type }: Field): string {
  return type.replace(/[`?]|\|\s*(?:null|None)\b/g, "").trim();
}

/** `varchar(3)` says already that there are three characters at most. */
function isInType({ fields }: AggregatePlan, column: string, condition: CheckCondition): boolean {
  const [size] = fields.find((field) => field.column.name === column)?.column.type.arguments ?? [];
  if (condition.kind === "digits") return size !== undefined;
  return condition.kind === "length" && condition.operator === "<=" && size !== undefined && size <= condition.limit;
}

function typeConditions({ name, type }: Field): readonly CheckCondition[] {
  const [, size] = /^`?(?:str|string|text|varchar|char(?:acter)?)\s*[([]\s*(?:max\s*)?(\d+)\s*[)\]]/i.exec(type) ?? [];
  const length: readonly CheckCondition[] =
    size === undefined ? [] : [{ kind: "length", column: name, operator: "<=", limit: Number(size) }];
  const [, digits, places = "0"] =
    /^`?(?:decimal|numeric|number|money)\s*[([]\s*(\d+)\s*(?:,\s*(\d+)\s*)?[)\]]/i.exec(type) ?? [];
  const exact: readonly CheckCondition[] =
    digits === undefined ? [] : [{ kind: "digits", column: name, digits: Number(digits), places: Number(places) }];
  const format = /^e-?mail(?: ?address)?\??$/i.test(type) ? formatConditions(name, "email address") : [];
  return [...length, ...exact, ...format];
}

type Found = Pick<ValueCondition, "object" | "field" | "condition">;

/** `Not negative`, `1 to 100`, `ISO 4217 code`: the field is what the description is about. */
function describedConditions(object: ValueObject, field: Field): readonly Found[] {
  // `decimal(10,2), >= 0`: what follows a type is said of its values.
  const [, behind] = /^[^,()]*(?:\([^()]*\))?\s*,\s*(.+)$/s.exec(field.type) ?? [];
  return sentencesOf([behind, field.description].filter(Boolean).join("; ")).flatMap((text) => {
    const formats = formatConditions(field.name, text);
    if (formats.length > 0) return formats.map((condition) => ({ object, field, condition }));
    for (const said of [text, `${field.name}: ${text}`, `${field.name} is ${text}`, `${field.name} ${text}`]) {
      const found = sentenceConditions(object, said, field);
      if (found) return found;
    }
    return [];
  });
}

function ruleConditions(object: ValueObject, rule: Rule): readonly Found[] | undefined {
  const isOwn = rule.entity !== undefined && sameThing(rule.entity, object.name);
  const names = new RegExp(`(?<!\\w)${object.name.replace(/[^\w]/g, "\\$&")}s?(?!\\w)`, "i").test(rule.text);
  return isOwn || names ? sentenceConditions(object, withoutCodes(rule.text), undefined, isOwn) : undefined;
}

/** Undefined where a part of the sentence is not understood, or is not about the fields of the object. */
function sentenceConditions(
  object: ValueObject,
  text: string,
  about?: Field,
  isOwn = true,
): readonly Found[] | undefined {
  const formatted = /^(.+?) (?:must (?:always )?(?:be|match|have)|is|are|matches|has) (.+?)\.?$/i.exec(text);
  const subject = formatted && fieldOf(object, formatted[1] ?? "", isOwn);
  const formats = subject ? formatConditions(subject.name, formatted[2] ?? "") : [];
  if (subject && formats.length > 0) return formats.map((condition) => ({ object, field: subject, condition }));
  const found = ruleStatements(text)?.map((statement) => {
    const field = "subject" in statement ? fieldOf(object, statement.subject ?? "", isOwn) : undefined;
    const condition = field && conditionOf(object, field, statement, isOwn);
    return field && condition && (about === undefined || field === about) ? { object, field, condition } : undefined;
  });
  return found?.every((item) => item !== undefined) ? found : undefined;
}

function conditionOf(
  object: ValueObject,
  { name, type }: Field,
  statement: RuleStatement,
  isOwn: boolean,
): CheckCondition | undefined {
  if (statement.kind === "notBlank") return { kind: "pattern", column: name, pattern: "\\S" };
  if (statement.kind === "bound") {
    const { operator, limit, of } = statement;
    const isText = /^`?(?:str|text|varchar|char|e-?mail)/i.test(type);
    if (isText !== (of === "length")) return undefined;
    return { kind: of === "length" ? "length" : "range", column: name, operator, limit };
  }
  if (statement.kind !== "order") return undefined;
  const other = fieldOf(object, statement.other, isOwn);
  return other?.type === type
    ? { kind: "order", column: name, operator: statement.operator, other: other.name }
    : undefined;
}

/** `the amount`, `Money.amount`, `the amount of a Money`, `a Money's amount`; the object itself where it has one field. */
function fieldOf(object: ValueObject, phrase: string, isOwn: boolean): Field | undefined {
  const said = withoutArticle(phrase.replace(/`/g, ""));
  const [only, ...others] = object.fields;
  if (only && others.length === 0 && sameThing(said, object.name)) return only;
  const named = /^(.+?)(?:'s |\.)(.+)$/.exec(said) ?? /^(.+) of (.+)$/.exec(said)?.map(swap);
  const [owner, part] = named ? [named[1] ?? "", named[2] ?? ""] : [undefined, said];
  const isOwner = owner === undefined ? isOwn : sameThing(withoutArticle(owner), object.name);
  const name = words(part).join("_");
  const prefixed = object.fields.find((field) => name === [...words(object.name), ...words(field.name)].join("_"));
  return prefixed ?? (isOwner ? object.fields.find((field) => words(field.name).join("_") === name) : undefined);
}

function swap(_: string, index: number, parts: readonly string[]): string {
  return parts[index === 0 ? 0 : 3 - index] ?? "";
}

/** Formats that have one meaning, and what a value of each looks like. */
const formats: readonly (readonly [RegExp, string])[] = [
  [/^(?:ISO[- ]?4217(?: currency)?(?: code)?|(?:three|3)[- ]letter currency code)$/i, "^[A-Z]{3}$"],
  [/^ISO[- ]?3166(?:-1)?(?: alpha-?2)(?: country)?(?: code)?$/i, "^[A-Z]{2}$"],
  [/^ISO[- ]?3166(?:-1)?(?: alpha-?3)(?: country)?(?: code)?$/i, "^[A-Z]{3}$"],
  [/^ISO[- ]?639-1(?: language)?(?: code)?$/i, "^[a-z]{2}$"],
  [/^E\.164(?: (?:phone )?(?:number|format))?$/i, "^\\+[1-9][0-9]{1,14}$"],
  [/^e-?mail(?: address)?$/i, "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"],
];

function formatConditions(column: string, text: string): readonly CheckCondition[] {
  const [, written] =
    /^(?:(?:the )?(?:pattern|format|regex|form)|match(?:es|ing)?)?:? ?`?(\^[^`]+\$)`?\.?$/i.exec(text) ?? [];
  if (written !== undefined) return isPortable(written) ? [{ kind: "pattern", column, pattern: written }] : [];
  const said = withoutArticle(text.replace(/\.$/, "")).replace(/^(?:valid|well-formed) /i, "");
  const format = formats.find(([name]) => name.test(said) || name.test(said.replace(/ in .*format$/i, "")));
  return format ? [{ kind: "pattern", column, pattern: format[1] }] : [];
}

function sentencesOf(text = ""): readonly string[] {
  return text
    .split(/\s*;\s*|(?<=[\p{Ll}\d`$])\.\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.trim().replace(/\.$/, ""))
    .filter((sentence) => sentence !== "" && sentence.length <= 200);
}

function withoutRepeated(conditions: readonly ValueCondition[]): readonly ValueCondition[] {
  const byText = new Map<string, ValueCondition>();
  for (const item of conditions) {
    const text = JSON.stringify([item.object.name, item.condition]);
    const known = byText.get(text);
    if (!known || (!known.rule && item.rule)) byText.set(text, item);
  }
  return [...byText.values()];
}
