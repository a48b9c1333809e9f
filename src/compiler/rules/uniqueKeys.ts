import type { DesignSpec } from "../../spec/model.ts";
import { singular, words } from "../../support/words.ts";
import { foreignKeysTo } from "../fieldMatching.ts";
import type { AggregatePlan } from "../plan.ts";
import { errorOf } from "./fittingCode.ts";
import { byVerb } from "./resolveReferences.ts";
import type { Resolution, RuleContext } from "./resolveStatement.ts";
import type { RuleStatement } from "./ruleStatement.ts";
import { aggregateNamed, type NamedField, withoutArticle } from "./subjects.ts";

/** Whether a key of the table keeps the column unique, within what the sentence says and in any case where it does. */
export function isUnique(
  { aggregate, field }: NamedField,
  { anyCase, within }: Extract<RuleStatement, { readonly kind: "unique" }>,
  { spec, aggregates }: { readonly spec: DesignSpec; readonly aggregates: readonly AggregatePlan[] },
): boolean {
  const { name, type } = field.column;
  const isAnyCase = !anyCase || type.name === "citext";
  const keys = keysOf(aggregate, spec).filter(
    ({ columns, lowered }) => (columns.includes(name) && isAnyCase) || lowered.includes(name),
  );
  if (within === undefined) return keys.length > 0;
  const scopes = within.split(/\s+and\s+|,\s*/).map((scope) => withoutArticle(scope.replace(/^(?:its|their) /i, "")));
  return keys.some(({ columns, lowered }) => {
    const others = [...columns, ...lowered].filter((column) => column !== name);
    return (
      others.length === scopes.length &&
      others.every((column) => scopes.some((scope) => isColumnOf(aggregate, column, scope, aggregates)))
    );
  });
}

/** `A student may review a course only once`: a key of the reviews has just those two. */
export function resolveOnce(
  { who, made, object }: Extract<RuleStatement, { readonly kind: "once" }>,
  context: RuleContext,
): Resolution | undefined {
  const { aggregates, spec } = context;
  const target = aggregateNamed(object, aggregates);
  const named = aggregateNamed(made, aggregates);
  const found = (named ? [named] : byVerb(made, aggregates)).flatMap((rows) => {
    const toTarget = target
      ? foreignKeysTo(rows, target)
          .flat()
          .map(({ column }) => column.name)
      : [];
    const key = keysOf(rows, spec).find(({ name, columns }) => {
      const others = columns.filter((column) => !toTarget.includes(column));
      const isWhose = others.length === 1 && isColumnOf(rows, others[0] ?? "", who, aggregates);
      return name !== undefined && columns.length === 2 && isWhose;
    });
    return key?.name === undefined ? [] : [{ aggregate: rows, constraint: key.name }];
  });
  const [kept, ...more] = found;
  if (!kept || more.length > 0) return undefined;
  const error = errorOf(context, /^(?:already|duplicate|twice|once|again|exists)$/);
  const keptBy = `the unique key ${kept.constraint} of ${kept.aggregate.table.name}`;
  return { keptBy, conditions: [], policies: [], ...(error && { violation: { ...kept, error } }) };
}

interface UniqueKey {
  readonly name?: string;
  readonly columns: readonly string[];
  /** Columns of which the key has the lower case. */
  readonly lowered: readonly string[];
}

function keysOf({ table }: AggregatePlan, { database }: DesignSpec): readonly UniqueKey[] {
  const constraints = table.constraints.filter(({ type }) => type === "unique" || type === "primaryKey");
  const indexes = database.indexes.filter((index) => index.unique && index.table === table.name);
  return [
    ...constraints.map(({ name, columns }) => ({ name, columns, lowered: [] })),
    ...indexes.map(({ name, parts }) => ({
      name,
      columns: parts.flatMap(({ column }) => column ?? []),
      lowered: parts.flatMap(({ expression = "" }) => /lower\s*\(\s*\(?"?(\w+)/i.exec(expression)?.[1] ?? []),
    })),
  ];
}

/** `owner_id` is the owner's, that of whatever its foreign key refers to, and where it is the caller's, the account's. */
function isColumnOf(
  { table, fields }: AggregatePlan,
  column: string,
  scope: string,
  aggregates: readonly AggregatePlan[],
): boolean {
  const said = words(scope).map(singular).join(" ");
  const bare = words(column)
    .filter((word) => word !== "id")
    .map(singular)
    .join(" ");
  if (bare === said || bare.endsWith(` ${said}`)) return true;
  const role = fields.find((field) => field.column.name === column)?.role;
  if (role === "owner" && /^(?:account|user|owner|person|customer)$/.test(said)) return true;
  if (role === "tenant" && /^(?:tenant|organi[sz]ation|workspace|company|team)$/.test(said)) return true;
  const target = aggregateNamed(scope, aggregates)?.table.name;
  return (
    target !== undefined &&
    table.constraints.some(({ columns, references }) => columns.join() === column && references?.table === target)
  );
}
