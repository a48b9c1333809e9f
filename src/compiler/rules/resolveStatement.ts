import type { DesignSpec, Rule } from "../../spec/model.ts";
import { type CheckCondition, checkConditions } from "../../spec/sql/checkConditions.ts";
import { singular, words } from "../../support/words.ts";
import type { ErrorCatalogue } from "../errorClasses.ts";
import { foreignKeyTo } from "../fieldMatching.ts";
import type { AggregatePlan, ErrorClassPlan, FieldPlan } from "../plan.ts";
import { settledErrors, stateAfter, stateField } from "../transitions.ts";
import { errorOf } from "./fittingCode.ts";
import { statesIn } from "./formParts.ts";
import { codesOf, noEndpoint } from "./keptRules.ts";
import { resolveAhead, resolveNeeds, resolveSignIn, resolveToday, resolveWindow } from "./resolveMoments.ts";
import { resolveBarred, resolveHolder } from "./resolveReferences.ts";
import { resolveHidden, resolveOwnOnly, resolveSeenBy } from "./resolveSight.ts";
import { resolveReadOnly, resolveState, resolveStateOfOwner } from "./resolveStates.ts";
import { memberOf, membersOf } from "./rowStates.ts";
import type { PolicyCheck, PolicyPlan, SightDraft } from "./rulePlan.ts";
import type { RuleAct, RuleStatement } from "./ruleStatement.ts";
import { aggregateAtEnd, aggregateNamed, fieldNamed, type NamedField, scopeOf } from "./subjects.ts";
import { isUnique, resolveOnce } from "./uniqueKeys.ts";

/** What a demand comes to in this backend; nothing where something else keeps it. */
export interface Resolution {
  /** What keeps it instead: `the check stock_items_check of stock_items`. */
  readonly keptBy?: string;
  /** Rows that some callers do not see. */
  readonly sight?: SightDraft;
  /** The constraint that keeps it, and what its violation is answered with. */
  readonly violation?: {
    readonly aggregate: AggregatePlan;
    readonly constraint: string;
    readonly error: ErrorClassPlan;
  };
  readonly conditions: readonly { readonly aggregate: AggregatePlan; readonly condition: CheckCondition }[];
  readonly policies: readonly PolicyDraft[];
}

/** A policy before its callers are known. */
export interface PolicyDraft {
  readonly aggregate: AggregatePlan;
  readonly when: PolicyPlan["when"];
  readonly acts: readonly RuleAct[];
  readonly check: PolicyCheck;
}

export interface RuleContext {
  readonly rule: Rule;
  readonly spec: DesignSpec;
  readonly aggregates: readonly AggregatePlan[];
  readonly errors: ErrorCatalogue;
  /** Whether an endpoint changes or deletes rows of the aggregate. */
  readonly isWritten: (aggregate: AggregatePlan, act: RuleAct) => boolean;
  /** Whether the body of a request that changes rows of the aggregate can have the field. */
  readonly isSent: (aggregate: AggregatePlan, field: FieldPlan) => boolean;
}

/** Undefined where the words name nothing of the design, or several things. */
export function resolveStatement(statement: RuleStatement, context: RuleContext): Resolution | undefined {
  switch (statement.kind) {
    case "bound":
    case "notBlank":
      return conditionOf(statement, context);
    case "order":
      return orderOf(statement, context);
    case "count":
      return countOf(statement, context);
    case "state":
      return resolveState(statement, context);
    case "never":
      return neverOf(statement, context);
    case "immutable":
      return immutableOf(statement, context);
    case "settled":
      return settledOf(statement, context);
    case "move":
      return moveOf(statement, context);
    case "barred":
      return resolveBarred(statement, context);
    case "ownerState":
      return resolveStateOfOwner(statement, context);
    case "readOnly":
      return resolveReadOnly(statement, context);
    case "holder":
      return resolveHolder(statement, context);
    case "needs":
      return resolveNeeds(statement, context);
    case "window":
      return resolveWindow(statement, context);
    case "ahead":
      return resolveAhead(statement, context);
    case "today":
      return resolveToday(statement, context);
    case "once":
      return resolveOnce(statement, context);
    case "signIn":
      return resolveSignIn(statement, context);
    case "seenBy":
      return resolveSeenBy(statement, context);
    case "hidden":
      return resolveHidden(statement, context);
    case "ownOnly":
      return resolveOwnOnly(statement, context);
    case "permission":
      return kept;
    default:
      return inTable(statement, context);
  }
}

const kept: Resolution = { conditions: [], policies: [] };

function keptBy(by: string): Resolution {
  return { ...kept, keptBy: by };
}

type Of<K extends RuleStatement["kind"]> = Extract<RuleStatement, { readonly kind: K }>;

/** In the section of one aggregate, a sentence may be about another that it names: `Board titles are unique`. */
function namedBy(subject: string, context: RuleContext): NamedField | undefined {
  const { aggregates, spec } = context;
  const own = fieldNamed(subject, scopeOf(context), spec.domain);
  if (own) return own;
  const said = words(subject).map(singular).join(" ");
  const other = aggregates.filter(({ className }) => said.includes(words(className).map(singular).join(" ")));
  return fieldNamed(subject, other, spec.domain);
}

function conditionOf(statement: Of<"bound"> | Of<"notBlank">, context: RuleContext): Resolution | undefined {
  const named = namedBy(statement.subject, context);
  if (!named || named.field.enum) return undefined;
  const type = named.field.type.expression;
  const column = named.field.column.name;
  const isText = type === "str";
  if (statement.kind === "notBlank") {
    return isText ? conditions(named.aggregate, { kind: "pattern", column, pattern: "\\S" }) : undefined;
  }
  const { operator, limit } = statement;
  if (statement.of === "length")
    return isText ? conditions(named.aggregate, { kind: "length", column, operator, limit }) : undefined;
  return numbers.has(type) ? conditions(named.aggregate, { kind: "range", column, operator, limit }) : undefined;
}

function conditions(aggregate: AggregatePlan, condition: CheckCondition): Resolution {
  return { conditions: [{ aggregate, condition }], policies: [] };
}

const numbers = new Set(["int", "float", "Decimal"]);
const comparable = new Set([...numbers, "date", "datetime", "time", "timedelta"]);

/** An update may change one of the two only, so that the row is looked at, unless a check of the table does. */
function orderOf({ subject, operator, other }: Of<"order">, context: RuleContext): Resolution | undefined {
  const own = namedBy(subject, context);
  const second = own && fieldNamed(other, [own.aggregate], context.spec.domain);
  if (!own || !second || own.field === second.field) return undefined;
  const type = own.field.type.expression;
  if (type !== second.field.type.expression) return undefined;
  if (!comparable.has(type) && operator !== "<>") return undefined;
  const [column, compared] = [own.field.column.name, second.field.column.name];
  const checked = own.aggregate.table.constraints.find(({ expression = "" }) =>
    checkConditions(expression).some(
      (condition) =>
        condition.kind === "order" &&
        ((condition.column === column && condition.other === compared && condition.operator === operator) ||
          (condition.column === compared && condition.other === column && condition.operator === turned[operator])),
    ),
  );
  const said = errorOf(context, /^(?:insufficient|exceeded|exceeds|limit|too|low|high|much|many|not|enough|over)$/);
  if (checked) {
    const { table } = own.aggregate;
    const violation = said && { aggregate: own.aggregate, constraint: checked.name, error: said };
    return { ...keptBy(`the check ${checked.name} of ${table.name}`), ...(violation && { violation }) };
  }
  const error = said ?? context.errors.invalid;
  const check: PolicyCheck = { kind: "order", field: own.field, operator, other: second.field, error };
  return { conditions: [], policies: [{ aggregate: own.aggregate, when: "after", acts: ["change"], check }] };
}

const turned = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "<>": "<>" } as const;

/** Rows that refer to one owner, all of them or those in a state. */
function countOf({ counted, owner, most }: Of<"count">, context: RuleContext): Resolution | undefined {
  const parent = aggregateNamed(owner, context.aggregates);
  if (!parent) return undefined;
  const list = listField(parent, counted);
  if (list) {
    const check: PolicyCheck = { kind: "length", field: list, most, error: codeOf(context) ?? context.errors.invalid };
    return { conditions: [], policies: [{ aggregate: parent, when: "after", acts: ["change"], check }] };
  }
  const child = parent.children.find(({ attribute }) => words(attribute).join(" ") === words(counted).join(" "));
  const target = context.aggregates.find(({ className }) => className === child?.aggregate);
  const said = target ? { aggregate: target, attribute: "" } : countedRows(counted, parent, context.aggregates);
  const [foreignKey, ...more] = said ? foreignKeyTo(said.aggregate, parent) : [];
  if (!said || !foreignKey || more.length > 0) return undefined;
  const narrowed = said.attribute === "" ? undefined : narrowing(said.aggregate, said.attribute);
  if (said.attribute !== "" && !narrowed) return undefined;
  const error = codeOf(context) ?? limitError(said.aggregate, parent, context.errors);
  const held = parent.children.find((item) => item.aggregate === said.aggregate.className);
  const check: PolicyCheck = {
    kind: "count",
    foreignKey,
    filter: filterName(said.aggregate, foreignKey),
    ...(narrowed && { narrowed }),
    most,
    error,
  };
  return {
    conditions: [],
    policies: [
      { aggregate: said.aggregate, when: "after", acts: ["change"], check },
      ...(held && !narrowed
        ? [
            {
              aggregate: parent,
              when: "after" as const,
              acts: ["change"] as const,
              check: { kind: "children" as const, attribute: held.attribute, most, error },
            },
          ]
        : []),
    ],
  };
}

/** The `tags` of a ticket, where a column is the list of them. */
function listField({ fields }: AggregatePlan, counted: string): FieldPlan | undefined {
  const said = words(counted).join(" ");
  return fields.find(({ column }) => column.type.array && words(column.name).join(" ") === said);
}

/** The `items` of an order are its `order_items`. */
function countedRows(counted: string, parent: AggregatePlan, aggregates: readonly AggregatePlan[]) {
  const own = aggregateNamed(`${parent.className} ${counted}`, aggregates);
  return own ? { aggregate: own, attribute: "" } : aggregateAtEnd(counted, aggregates);
}

/** `open` is a state, or a column that is true. */
function narrowing(aggregate: AggregatePlan, attribute: string) {
  const state = stateField(aggregate);
  const member = state && memberOf(state, attribute);
  if (state?.enum && member) {
    return { filter: filterName(aggregate, state), field: state, value: `${state.enum.className}.${member.name}` };
  }
  const flag = aggregate.fields.find(
    ({ column, type }) => type.expression === "bool" && words(column.name).join(" ").replace(/^is /, "") === attribute,
  );
  return flag && { filter: filterName(aggregate, flag), field: flag, value: "True" };
}

/** The filter that lists have already, else one of the column's name. */
function filterName({ filters }: AggregatePlan, field: FieldPlan): string {
  return filters.find((filter) => filter.operator === "equal" && filter.field.name === field.name)?.name ?? field.name;
}

function limitError(counted: AggregatePlan, owner: AggregatePlan, errors: ErrorCatalogue): ErrorClassPlan {
  const found = errors.classes.filter(
    ({ code, status }) =>
      status < 500 && status !== 429 && /too many|limit|maximum|exceed|full/.test(words(code).join(" ")),
  );
  const names = [counted, owner].flatMap(({ className }) => words(className).map(singular));
  return (
    found.find(({ code }) =>
      words(code)
        .map(singular)
        .some((word) => names.includes(word)),
    ) ?? (/transition|stat(?:e|us)/i.test(errors.conflict.code) ? errors.invalid : errors.conflict)
  );
}

/** `shipped orders cannot be deleted` is about a state; `orders cannot be deleted` about endpoints that are not there. */
function neverOf({ subject, acts }: Of<"never">, context: RuleContext): Resolution | undefined {
  const japanese = /^(.+?)(?:済み|された|した)?の(.+)$/.exec(subject);
  const said = aggregateAtEnd(japanese ? `${japanese[1]} ${japanese[2]}` : subject, context.aggregates);
  if (!said) return undefined;
  if (said.attribute === "")
    return acts.some((act) => context.isWritten(said.aggregate, act)) ? undefined : keptBy(noEndpoint);
  const state = { kind: "state", states: [said.attribute], allowed: false, onwards: false, acts } as const;
  return resolveState({ ...state, subject: said.aggregate.className }, context);
}

/** Kept by a state machine without that transition, or by the refusal that the design has a code for. */
function settledOf({ subject, state }: Of<"settled">, context: RuleContext): Resolution | undefined {
  const aggregate = aggregateNamed(subject, context.aggregates);
  const field = aggregate && stateField(aggregate);
  const member = field && memberOf(field, state);
  if (!aggregate || !member) return undefined;
  const stays = aggregate.stateMachine?.transitions.every(
    ({ from, to }) => from !== member.value || to !== member.value,
  );
  if (stays === true) return keptBy(`the transitions of ${aggregate.className}`);
  const refusal = settledErrors(aggregate, context.errors).get(member.value);
  return refusal && keptBy(`what is answered with ${refusal.code}`);
}

/** `Only draft orders can be sent`, where the state machine has it so. */
function moveOf({ subject, verb, allowed }: Of<"move">, context: RuleContext): Resolution | undefined {
  const said = aggregateAtEnd(subject, context.aggregates);
  const machine = said?.aggregate.stateMachine;
  const states = said && membersOf(said.aggregate, statesIn(said.attribute))?.map(({ value }) => value);
  const field = said && stateField(said.aggregate);
  const to = said && (stateAfter(said.aggregate, verb) ?? (field && memberOf(field, verb)?.value));
  if (!machine || !states || to === undefined) return undefined;
  const from = machine.transitions.filter((transition) => transition.to === to).map((transition) => transition.from);
  const isKept = from.every((state) => states.includes(state) === allowed);
  return isKept ? keptBy(`the transitions of ${said.aggregate.className}`) : undefined;
}

/** Rows that no endpoint changes, or a column that no request for a change has. */
function immutableOf({ subject }: Of<"immutable">, context: RuleContext): Resolution | undefined {
  const whole = aggregateNamed(subject, context.aggregates);
  if (whole) return context.isWritten(whole, "change") ? undefined : keptBy(noEndpoint);
  const named = namedBy(subject, context);
  if (!named) return undefined;
  return context.isSent(named.aggregate, named.field) ? undefined : keptBy(noEndpoint);
}

/** What a table says: a unique key, a column that is never null, a foreign key. */
function inTable(
  statement: Of<"unique"> | Of<"required"> | Of<"reference">,
  context: RuleContext,
): Resolution | undefined {
  const { aggregates } = context;
  if (statement.kind === "reference") {
    const from = aggregateNamed(statement.subject, aggregates) ?? scopeOf(context)[0];
    const to = aggregateNamed(statement.other, aggregates);
    const key = from && to ? foreignKeyTo(from, to) : [];
    const isDeleted = from?.table.constraints.some(
      ({ references }) => references?.table === to?.table.name && references?.onDelete === "cascade",
    );
    const isKept = key.length > 0 && key.every(({ optional }) => !optional);
    if (!from || !isKept || (statement.cascades && isDeleted !== true)) return undefined;
    return keptBy(`the foreign key of ${from.table.name}`);
  }
  const named = namedBy(statement.subject, context);
  if (!named) return undefined;
  const { table } = named.aggregate;
  const column = `${table.name}.${named.field.column.name}`;
  if (statement.kind === "required") return named.field.optional ? undefined : keptBy(`${column}, which is never null`);
  return isUnique(named, statement, context) ? keptBy(`a unique key of ${table.name}`) : undefined;
}

function codeOf({ rule, errors }: RuleContext): ErrorClassPlan | undefined {
  const [code] = codesOf(rule, errors);
  return errors.classes.find((plan) => plan.code === code);
}
