import type { Rule, Schema } from "../spec/model.ts";
import { type CheckCondition, checkConditions, type Ordering } from "../spec/sql/checkConditions.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { EnvelopePlan } from "./errorHandlerText.ts";
import { attributePath } from "./heldColumns.ts";
import type {
  AggregatePlan,
  BackendPlan,
  ErrorClassPlan,
  FieldPlan,
  Invariant,
  NamedValue,
  StatedInvariant,
} from "./plan.ts";
import { docstring, importsFrom, lineWidth, pythonModule, stringLiteral } from "./python.ts";
import { hasOwnId } from "./rules/keptRules.ts";
import type { RuleCondition } from "./rules/rulePlan.ts";

/** The checks of a table, and what rules state of its columns, as the domain can say it; each with its designed error. */
export function planInvariants(
  aggregate: AggregatePlan,
  stated: readonly RuleCondition[],
  { wire, general }: { readonly wire: (column: string) => string; readonly general: ErrorClassPlan },
): readonly Invariant[] {
  const { table, violations } = aggregate;
  const plan = (condition: CheckCondition, error: ErrorClassPlan, rule?: Rule): readonly Invariant[] =>
    invariantOf(aggregate, { condition, error, isGeneral: error === general, ...(rule && { rule }) }, wire);
  const checked = table.constraints.flatMap(({ type, name, expression = "", columns }) => {
    const error = violations.find(({ constraint, when }) => constraint.name === name && when !== "delete")?.error;
    if (type !== "check" || !error || columns.length === 0) return [];
    return checkConditions(expression).flatMap((condition) => plan(condition, error));
  });
  const known = new Set(checked.map(({ condition }) => JSON.stringify(condition)));
  const own = stated.filter(
    (item) => item.aggregate === aggregate.className && !known.has(JSON.stringify(item.condition)),
  );
  return [...checked, ...own.flatMap(({ condition, error, rule }) => plan(condition, error, rule))];
}

function invariantOf(
  aggregate: AggregatePlan,
  stated: Omit<Invariant, "field" | "name">,
  wire: (column: string) => string,
): readonly Invariant[] {
  const { condition } = stated;
  const { fields } = aggregate;
  const field = fields.find(({ column }) => column.name === condition.column);
  const other = condition.kind === "order" ? fields.find(({ column }) => column.name === condition.other) : undefined;
  if (!field || (condition.kind === "order" && !other) || !isStated(condition, field, other)) return [];
  const nameOf = (item: FieldPlan) => wire(attributePath(aggregate, item));
  return [{ ...stated, field, name: nameOf(field), ...(other && { other, otherName: nameOf(other) }) }];
}

/**
 * The limits of a column that a request may be held to before the domain looks at it. A check with a code of its
 * own is left to the domain, which answers with that code.
 */
export function limitsOf({ invariants }: AggregatePlan, field: FieldPlan): Partial<Schema> {
  const limits: Record<string, number | string> = {};
  for (const { condition, field: own, isGeneral } of invariants) {
    if (!isGeneral || own.column !== field.column) continue;
    if (condition.kind === "range") narrow(limits, rangeKeywords[condition.operator], condition.limit);
    if (condition.kind === "length") {
      const { operator, limit } = inclusive(condition);
      narrow(limits, operator === ">=" ? "minLength" : "maxLength", limit);
    }
    if (condition.kind === "pattern") limits["pattern"] = condition.pattern;
  }
  return limits;
}

function narrow(limits: Record<string, number | string>, keyword: string, limit: number): void {
  const known = Number(limits[keyword] ?? limit);
  limits[keyword] = /^(?:exclusiveM|m)in/.test(keyword) ? Math.max(known, limit) : Math.min(known, limit);
}

/** `__post_init__` of a class of the domain that holds `held`; nothing when no invariant is about those. */
export function invariantLines(
  { invariants }: { readonly invariants: readonly StatedInvariant[] },
  held: readonly NamedValue[],
  { isGiven }: { readonly isGiven: (name: string) => boolean },
): readonly string[] {
  const holds = (field: NamedValue | undefined) => field === undefined || held.some(({ name }) => name === field.name);
  const own = invariants.filter(({ field, other }) => holds(field) && holds(other));
  const lines = [...guarded(own, isGiven)].flatMap(([guard, items]) => {
    const checks = [...limitLines(items), ...items.flatMap((invariant) => requirement(invariant, isGiven))];
    return guard === "" ? checks : [`if ${guard}:`, ...checks.map((line) => `    ${line}`)];
  });
  if (lines.length === 0) return [];
  const [first = [], ...others] = groupsOf(lines);
  const head = ["", "    def __post_init__(self) -> None:", ...rulesLine(own)];
  if (others.length === 0) return [...head, ...first.map((line) => `        ${line}`)];
  const groups = [first, ...others];
  return [
    ...head,
    ...groups.map((_, index) => `        self._require_${index + 1}()`),
    ...groups.flatMap((group, index) => [
      "",
      `    def _require_${index + 1}(self) -> None:`,
      ...group.map((line) => `        ${line}`),
    ]),
  ];
}

/** By what has to be asked first: whether there is the value object that a value is a part of. */
function guarded(
  invariants: readonly StatedInvariant[],
  isGiven: (name: string) => boolean,
): ReadonlyMap<string, readonly StatedInvariant[]> {
  const byGuard = new Map<string, StatedInvariant[]>([["", []]]);
  for (const invariant of invariants) {
    const holders = [invariant.field.holder, invariant.other?.holder].flatMap((holder) =>
      holder && !isGiven(holder.name) ? `isinstance(self.${holder.name}, ${holder.className})` : [],
    );
    const guard = [...new Set(holders)].join(" and ");
    byGuard.set(guard, [...(byGuard.get(guard) ?? []), invariant]);
  }
  return byGuard;
}

/** One call for the limits of one value; of two that say the same in two ways the narrower one counts. */
function limitLines(invariants: readonly StatedInvariant[]): readonly string[] {
  const calls = new Map<string, Map<string, number>>();
  for (const invariant of invariants) {
    const found = limitOf(invariant);
    if (!found) continue;
    const { call, keyword, limit } = found;
    const limits = calls.get(call) ?? new Map<string, number>();
    const narrower = /^g|least/.test(keyword) ? Math.max : Math.min;
    calls.set(call, limits.set(keyword, narrower(limits.get(keyword) ?? limit, limit)));
  }
  return [...calls].map(
    ([call, limits]) => `${call}, ${[...limits].map(([keyword, limit]) => `${keyword}=${limit}`).join(", ")})`,
  );
}

/** A function has fifty lines at most; a call that is too long for one is broken at its arguments. */
function groupsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let size = 0;
  for (const [index, line] of lines.entries()) {
    const height = heightOf(line);
    const whole = line.startsWith("if ") ? height + heightOf(lines[index + 1] ?? "") : height;
    if (size > 0 && size + whole > mostLines && !line.startsWith(" ")) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(line);
    size += height;
  }
  return groups;
}

const mostLines = 44;

function heightOf(line: string): number {
  if (line.length + 8 <= lineWidth) return 1;
  return line.length - line.indexOf("(") + 12 <= lineWidth ? 3 : line.split(", ").length + 2;
}

/** The rules that the lines keep, by the ids that the design gives them. */
function rulesLine(invariants: readonly StatedInvariant[]): readonly string[] {
  const rules = invariants.flatMap(({ rule }) => (rule && hasOwnId(rule) ? rule.name : []));
  return rules.length === 0 ? [] : [docstring(`Keep ${[...new Set(rules)].join(", ")}`, 2)];
}

/** What the lines of {@link invariantLines} use. */
export function invariantImports({ invariants }: { readonly invariants: readonly StatedInvariant[] }) {
  return [
    ...importsFrom("app.domain.invariants", "require", "require_digits", "require_length"),
    ...importsFrom("app.domain.invariants", "require_pattern", "require_range"),
    ...importsFrom("app.core.errors", ...invariants.map(({ error }) => error.className)),
  ];
}

/** The functions that the domain states its invariants with; only where there are any. */
export function invariantFiles(
  plan: BackendPlan,
  { values, asksForParts }: { readonly values: readonly StatedInvariant[]; readonly asksForParts: boolean },
  { details }: EnvelopePlan,
): readonly GeneratedFile[] {
  const used = new Set(
    [...plan.aggregates.flatMap(({ invariants }) => invariants), ...values].map(({ condition }) => condition.kind),
  );
  if (used.size === 0 && !asksForParts) return [];
  const entry = `{${stringLiteral(details.field)}: field, ${stringLiteral(details.reason)}: reason}`;
  const body = [
    ...(asksForParts ? ['T = TypeVar("T")'] : []),
    requireText(entry),
    ...(asksForParts ? [givenText(entry)] : []),
    ...(used.has("range") ? [rangeText] : []),
    ...(used.has("length") ? [lengthText] : []),
    ...(used.has("pattern") ? [patternText] : []),
    ...(used.has("digits") ? [digitsText] : []),
  ];
  const imports = [
    "import re",
    ...importsFrom("decimal", "Decimal"),
    ...importsFrom("typing", "TypeVar"),
    ...importsFrom("app.core.errors", "AppError"),
    ...importsFrom("app.domain.unset", "Unset"),
  ];
  const summary = "Invariants of the design; a value that breaks one never becomes part of the domain.";
  return [{ path: "src/app/domain/invariants.py", text: pythonModule({ docstring: summary, imports, body }), step: 1 }];
}

const numbers = new Set(["int", "float", "Decimal"]);
const ordered = new Set([...numbers, "date", "datetime", "time", "timedelta"]);

export function isStated(
  { kind, ...condition }: CheckCondition,
  field: NamedValue,
  other: NamedValue | undefined,
): boolean {
  const type = field.type.expression;
  if (kind === "range") return numbers.has(type);
  if (kind === "digits") return type === "Decimal";
  if (kind === "length" || kind === "pattern") return type === "str";
  const isEqual = "operator" in condition && condition.operator === "<>";
  const isKnown = ordered.has(type) || (isEqual && (type === "UUID" || type === "str"));
  return isKnown && other?.type.expression === type;
}

const rangeKeywords = {
  ">": "exclusiveMinimum",
  ">=": "minimum",
  "<": "exclusiveMaximum",
  "<=": "maximum",
} as const satisfies Readonly<Record<Ordering, keyof Schema>>;

const pythonKeywords: Readonly<Record<Ordering, string>> = { ">": "gt", ">=": "ge", "<": "lt", "<=": "le" };

/** A length is a whole number, so that `> 2` is `>= 3`. */
function inclusive({ operator, limit }: { readonly operator: Ordering; readonly limit: number }) {
  if (operator === ">") return { operator: ">=" as const, limit: limit + 1 };
  if (operator === "<") return { operator: "<=" as const, limit: limit - 1 };
  return { operator, limit };
}

interface Limit {
  /** What the limits of one value have in common, up to the first of them. */
  readonly call: string;
  readonly keyword: string;
  readonly limit: number;
}

function limitOf(invariant: StatedInvariant): Limit | undefined {
  const { condition } = invariant;
  if (condition.kind === "range") {
    return {
      call: `require_range(${subject(invariant)}`,
      keyword: pythonKeywords[condition.operator],
      limit: condition.limit,
    };
  }
  if (condition.kind !== "length") return undefined;
  const { operator, limit } = inclusive(condition);
  return {
    call: `require_length(${subject(invariant)}`,
    keyword: operator === ">=" ? "least" : "most",
    limit,
  };
}

function subject({ error, name, field }: StatedInvariant): string {
  return `${error.className}, ${stringLiteral(name)}, self.${field.name}`;
}

function requirement(invariant: StatedInvariant, isGiven: (name: string) => boolean): readonly string[] {
  const { condition, field, other, otherName, error, name } = invariant;
  if (condition.kind === "pattern") {
    return [`require_pattern(${subject(invariant)}, ${patternLiteral(condition.pattern)})`];
  }
  if (condition.kind === "digits") {
    return [`require_digits(${subject(invariant)}, digits=${condition.digits}, places=${condition.places})`];
  }
  if (condition.kind !== "order" || !other) return [];
  const operator = condition.operator === "<>" ? "!=" : condition.operator;
  const reason = stringLiteral(`must be ${orderWords[condition.operator]} ${otherName}`);
  const holds = `self.${field.name} ${operator} self.${other.name}`;
  const call = `require(${error.className}, ${stringLiteral(name)}, holds=${holds}, reason=${reason})`;
  const test = [field, other]
    .filter((item) => !(item.holder ? item.holder.hasPart : isGiven(item.name)))
    .map((item) => `isinstance(self.${item.name}, ${item.type.expression})`)
    .join(" and ");
  return test === "" ? [call] : [`if ${test}:`, `    ${call}`];
}

const orderWords: Readonly<Record<Ordering | "<>", string>> = {
  ">": "greater than",
  ">=": "at least",
  "<": "less than",
  "<=": "at most",
  "<>": "different from",
};

/** PostgreSQL's `$` is the end; Python's also stands before a last line break. */
function patternLiteral(pattern: string): string {
  const text = pattern.replace(/(?<!\\)\$$/, "\\Z");
  return text.includes('"') ? stringLiteral(text) : `r"${text}"`;
}

function requireText(entry: string): string {
  return `def require(error: type[AppError], field: str, *, holds: bool, reason: str) -> None:
    """Raise the error of the design, with the field and the reason, unless it holds."""
    if not holds:
        raise error(details=[${entry}])`;
}

function givenText(entry: string): string {
  return `def require_given(error: type[AppError], field: str, value: T | None) -> T:
    """Return the value that a value object is never without, unless there is none."""
    if value is None:
        reason = "must be given"
        raise error(details=[${entry}])
    return value`;
}

const rangeText = `def require_range(
    error: type[AppError],
    field: str,
    value: Decimal | float | Unset | None,
    *,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> None:
    """Require a number to lie within limits; a value that is not there has none."""
    if value is None or isinstance(value, Unset):
        return
    if gt is not None:
        require(error, field, holds=value > gt, reason=f"must be greater than {gt}")
    if ge is not None:
        require(error, field, holds=value >= ge, reason=f"must be at least {ge}")
    if lt is not None:
        require(error, field, holds=value < lt, reason=f"must be less than {lt}")
    if le is not None:
        require(error, field, holds=value <= le, reason=f"must be at most {le}")`;

const lengthText = `def require_length(
    error: type[AppError],
    field: str,
    value: str | Unset | None,
    *,
    least: int = 0,
    most: int | None = None,
) -> None:
    """Require a text to have so many characters; a value that is not there has none."""
    if value is None or isinstance(value, Unset):
        return
    size = len(value)
    require(
        error, field, holds=size >= least, reason=f"must have at least {least} characters"
    )
    if most is not None:
        require(error, field, holds=size <= most, reason=f"must have at most {most} characters")`;

const patternText = `def require_pattern(
    error: type[AppError], field: str, value: str | Unset | None, pattern: str
) -> None:
    """Require a text to have a form; a value that is not there has none."""
    if value is None or isinstance(value, Unset):
        return
    holds = re.search(pattern, value) is not None
    require(error, field, holds=holds, reason="does not have the form that is required")`;

const digitsText = `def require_digits(
    error: type[AppError], field: str, value: Decimal | Unset | None, *, digits: int, places: int
) -> None:
    """Require a number to have so many digits at most; no value has none."""
    if value is None or isinstance(value, Unset):
        return
    fits = value.is_finite() and abs(value) < 10 ** (digits - places)
    holds = fits and value == round(value, places)
    reason = f"must have at most {digits} digits, {places} of them behind the point"
    require(error, field, holds=holds, reason=reason)`;
