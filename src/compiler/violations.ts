import type { Constraint, DesignSpec } from "../spec/model.ts";
import { singular, words } from "../support/words.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import type { AggregatePlan, ErrorClassPlan, FieldPlan, ViolationPlan } from "./plan.ts";
import { resourcePath, targetOf } from "./resourcePaths.ts";

/**
 * Which catalogued error a violated constraint of the database means, for one aggregate.
 *
 * Where the error design has a table of violated constraints, the table decides. Else a code belongs
 * to a constraint when it names the aggregate and what it has left to say is said by the
 * constraint's own name or columns: `CUSTOMER_EMAIL_TAKEN` by `customers_owner_email_key`.
 */
export function planViolations(
  spec: DesignSpec,
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): readonly ViolationPlan[] {
  const { table } = aggregate;
  const uniqueIndexes = spec.database.indexes.filter((index) => index.unique && index.table === table.name);
  const uniques = [
    ...table.constraints.filter(
      ({ type, columns }) =>
        type === "exclude" || (/^(?:unique|primaryKey)$/.test(type) && canClash(aggregate, columns)),
    ),
    ...uniqueIndexes.map(({ name, parts }) => ({
      name,
      columns: parts.flatMap(({ column, expression }) => column ?? expression ?? []),
    })),
  ];
  const checks = table.constraints.filter(({ type }) => type === "check");
  const planned: readonly ViolationPlan[] = [
    ...uniques.map((constraint) =>
      violation(
        constraint,
        duplicateError(aggregate, constraint, errors) ??
          duplicateAt({ spec, aggregates, errors }, aggregate, constraint, uniques) ??
          errors.duplicate,
      ),
    ),
    ...checks.map((constraint) => violation(constraint, checkError(aggregate, constraint, errors))),
    ...raisedChecks(spec, table.name).map((constraint) => ({
      constraint,
      error: checkError(aggregate, constraint, errors),
    })),
    ...outgoing(aggregate, aggregates, errors),
    ...incoming(aggregate, aggregates, errors),
  ];
  return planned.map((plan) => ({ ...plan, error: designedError(spec, plan, errors) ?? plan.error }));
}

function designedError(
  { errors: { violations = [] } }: DesignSpec,
  { constraint, when }: ViolationPlan,
  { classes }: ErrorCatalogue,
): ErrorClassPlan | undefined {
  const row = violations.find(
    (entry) => entry.constraint === constraint.name && (when === undefined || entry.violatedBy === when),
  );
  return classes.find(({ code }) => code === row?.code);
}

function violation(constraint: ViolationPlan["constraint"], error: ErrorClassPlan): ViolationPlan {
  return { constraint, error, when: "write" };
}

/** Keys that are made up here or in the database cannot clash through any request, nor can what contains such a key. */
function canClash({ key, fields }: AggregatePlan, columns: readonly string[]): boolean {
  const isGenerated = ({ computed, column }: FieldPlan) =>
    computed ||
    column.fromApplication ||
    /\b(?:nextval|gen_random_uuid|uuid_generate_v\d\w*)\s*\(/i.test(column.default ?? "");
  const generated = key.every(isGenerated);
  if (generated && key.length > 0 && key.every(({ column }) => columns.includes(column.name))) return false;
  const own = fields.filter(({ column }) => columns.includes(column.name));
  return own.length === 0 || !own.every(isGenerated);
}

interface Named {
  readonly name: string;
  readonly columns?: readonly string[];
}

const duplicateWords = ["taken", "exists", "exist", "already", "duplicate", "duplicated", "conflict", "unique", "used"];

/** What codes of broken limits say besides the value; alone they name no constraint. */
const limitWords =
  "too low high small large short long few many invalid out of range exceeded limit positive negative".split(" ");

function duplicateError(
  aggregate: AggregatePlan,
  constraint: Named,
  errors: ErrorCatalogue,
): ErrorClassPlan | undefined {
  return best(aggregate, constraint, duplicateCodes(errors), { words: duplicateWords, bare: 0.5 });
}

function duplicateCodes({ classes }: ErrorCatalogue): readonly ErrorClassPlan[] {
  return classes.filter(
    (plan) => plan.status >= 400 && plan.status < 500 && codeWords(plan).some((word) => duplicateWords.includes(word)),
  );
}

interface Design {
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly errors: ErrorCatalogue;
}

/**
 * The code that names no entity, `SLUG_TAKEN`, `ALREADY_ENROLLED`: the endpoints that write such rows have it among their
 * errors, and it says the column, or it is the only one and the table has only this key that requests can clash with.
 */
function duplicateAt(
  { spec, aggregates, errors }: Design,
  aggregate: AggregatePlan,
  constraint: Named,
  uniques: readonly Named[],
): ErrorClassPlan | undefined {
  const unnamed = duplicateCodes(errors).filter((plan) => !aggregates.some((other) => namesEntity(plan, other)));
  if (unnamed.length === 0) return undefined;
  const writing = spec.api.endpoints.filter(
    ({ method, errorCodes }) =>
      /^(?:POST|PUT|PATCH)$/.test(method) && unnamed.some(({ code }) => errorCodes.includes(code)),
  );
  const own = writing.filter(
    (endpoint) => targetOf(resourcePath(endpoint, aggregates, spec.api))?.aggregate === aggregate,
  );
  const documented = unnamed.filter(({ code }) => own.some(({ errorCodes }) => errorCodes.includes(code)));
  const said = constraintWords(constraint);
  const undocumented = unnamed.filter(
    ({ code }) => !spec.api.endpoints.some(({ errorCodes }) => errorCodes.includes(code)),
  );
  const named =
    documented.find((plan) => saysColumn(plan, said)) ??
    undocumented.find((plan) => saysColumn(plan, said) && tablesSaying(plan, spec) === 1);
  if (named) return named;
  const others = documented.filter((plan) => !uniques.some((other) => saysColumn(plan, constraintWords(other))));
  return others.length === 1 && uniques.length === 1 ? others[0] : undefined;
}

function tablesSaying(plan: ErrorClassPlan, { database }: DesignSpec): number {
  const keys = database.tables.flatMap(({ name, constraints }) =>
    constraints.filter(({ type }) => type === "unique").map((key) => ({ table: name, key })),
  );
  const indexes = database.indexes
    .filter(({ unique }) => unique)
    .map(({ name, table, parts }) => ({ table, key: { name, columns: parts.flatMap(({ column }) => column ?? []) } }));
  const saying = [...keys, ...indexes].filter(({ key }) => saysColumn(plan, constraintWords(key)));
  return new Set(saying.map(({ table }) => table)).size;
}

function saysColumn(plan: ErrorClassPlan, said: ReadonlySet<string>): boolean {
  const rest = codeWords(plan).filter((word) => !duplicateWords.includes(word));
  return rest.length > 0 && rest.every((word) => said.has(word));
}

/** A check that no code names is bad input, and answered like any other. */
function checkError(aggregate: AggregatePlan, constraint: Named, errors: ErrorCatalogue): ErrorClassPlan {
  const found = errors.classes.filter(
    (plan) =>
      plan.status >= 400 &&
      plan.status < 500 &&
      !codeWords(plan).some((word) => duplicateWords.includes(word) || word === "found" || word === "transition"),
  );
  const named = best(aggregate, constraint, found, { words: limitWords, bare: 0 });
  return named ?? byMessage(aggregate, constraint, found) ?? errors.invalid;
}

/** The candidate whose words, without the entity's and the filler, the constraint says best; `bare` when none is left. */
function best(
  aggregate: AggregatePlan,
  constraint: Named,
  candidates: readonly ErrorClassPlan[],
  filler: { readonly words: readonly string[]; readonly bare: number },
): ErrorClassPlan | undefined {
  const entity = entityWords(aggregate);
  const said = constraintWords(constraint);
  const scored = candidates
    .filter((plan) => namesEntity(plan, aggregate))
    .map((plan) => {
      const rest = codeWords(plan).filter((word) => !entity.has(word) && !filler.words.includes(word));
      const shared = rest.filter((word) => said.has(word)).length;
      return { plan, score: rest.length === 0 ? filler.bare : shared / Math.max(rest.length, 1) };
    })
    .filter(({ score }) => score >= 0.5)
    .sort((left, right) => right.score - left.score);
  return scored[0]?.plan;
}

/** `order_items_draft_check` and "The order is no longer a draft". */
function byMessage(
  aggregate: AggregatePlan,
  constraint: Named,
  candidates: readonly ErrorClassPlan[],
): ErrorClassPlan | undefined {
  const entity = entityWords(aggregate);
  const said = [...nameWords(constraint.name)].filter((word) => !entity.has(word));
  const first = aggregate.className === "" ? undefined : words(aggregate.className)[0];
  return candidates.find(
    (plan) =>
      said.length > 0 &&
      codeWords(plan)[0] === first &&
      said.every((word) => words(plan.message).map(singular).includes(word)),
  );
}

/** Constraint names that functions of the design raise for rows of the table. */
function raisedChecks(spec: DesignSpec, table: string): readonly Named[] {
  const functions = spec.database.statements.filter(({ kind }) => kind === "function");
  const declared = new Set(
    spec.database.tables.flatMap(({ constraints }) => constraints.map((constraint) => constraint.name)),
  );
  const names = functions.flatMap(({ sql }) =>
    [...sql.matchAll(/\bUSING\b[^;]*?\bCONSTRAINT\s*=\s*'([^']+)'/gi)]
      .filter((match) => match[0].includes(`'${table}'`) || (match[1] ?? "").startsWith(`${table}_`))
      .map((match) => match[1] ?? ""),
  );
  return [...new Set(names)].filter((name) => !declared.has(name)).map((name) => ({ name }));
}

function outgoing(
  { table }: AggregatePlan,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): readonly ViolationPlan[] {
  return table.constraints.flatMap((constraint) => {
    const target = referenced(constraint, aggregates);
    if (!target) return [];
    const error = target.notFound === errors.notFound ? errors.invalid : target.notFound;
    return [{ constraint, when: "write" as const, error }];
  });
}

function incoming(
  aggregate: AggregatePlan,
  aggregates: readonly AggregatePlan[],
  errors: ErrorCatalogue,
): readonly ViolationPlan[] {
  const found = errors.classes.filter(({ code, status }) => status === 409 && usedCode.test(words(code).join(" ")));
  if (aggregate.fields.some(({ role }) => role === "deletedAt")) return [];
  const error = found.find((plan) => namesEntity(plan, aggregate)) ?? errors.duplicate;
  return aggregates
    .flatMap(({ table }) => table.constraints)
    .filter(
      ({ references }) =>
        references?.table === aggregate.table.name &&
        (references.onDelete === "restrict" || references.onDelete === "noAction"),
    )
    .map((constraint) => ({ constraint, when: "delete" as const, error }));
}

const usedCode = /\b(?:in use|is used|has \w+|referenced|not empty|cannot be deleted|not deletable)\b/;

function referenced(constraint: Constraint, aggregates: readonly AggregatePlan[]): AggregatePlan | undefined {
  return aggregates.find(({ table }) => table.name === constraint.references?.table);
}

function namesEntity(plan: ErrorClassPlan, aggregate: AggregatePlan): boolean {
  const code = codeWords(plan);
  const entity = words(aggregate.className).map(singular);
  const named = entity.every((word) => code.includes(word));
  return named && code.slice(0, entity.length).join() === entity.join();
}

function entityWords(aggregate: AggregatePlan): ReadonlySet<string> {
  return new Set([...words(aggregate.className), ...words(aggregate.table.name)].map(singular));
}

function codeWords({ code }: ErrorClassPlan): readonly string[] {
  return words(code).map(singular);
}

function constraintWords({ name, columns = [] }: Named): ReadonlySet<string> {
  return new Set([...nameWords(name), ...columns.flatMap((column) => words(column).map(singular))]);
}

function nameWords(name: string): ReadonlySet<string> {
  const kinds = new Set([
    "key",
    "idx",
    "uq",
    "uniq",
    "unique",
    "ck",
    "chk",
    "check",
    "fk",
    "fkey",
    "pk",
    "pkey",
    "not",
  ]);
  return new Set(
    words(name)
      .map(singular)
      .filter((word) => !kinds.has(word)),
  );
}
