import { isOptionalOnCreation } from "../spec/join/columnFacts.ts";
import { changeFields, creationFields } from "./aggregates.ts";
import { arithmeticText, exactestOf } from "./arithmetic.ts";
import type { GeneratedFile } from "./compilation.ts";
import { sharedEnumModule } from "./enumPlans.ts";
import { eventFiles } from "./eventFiles.ts";
import { attributesOf, type DomainAttribute } from "./heldColumns.ts";
import { classInvariants, namedValue } from "./heldInvariants.ts";
import { invariantImports, invariantLines } from "./invariants.ts";
import type {
  AggregatePlan,
  BackendPlan,
  ChildPlan,
  EnumPlan,
  FieldPlan,
  FilterPlan,
  HeldValue,
  PythonType,
} from "./plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { valueObjectFiles } from "./valueObjectFiles.ts";

/** Entities, commands, filters and closed sets: step 1 without the tables. */
export function domainFiles(plan: BackendPlan): readonly GeneratedFile[] {
  return [
    ...plan.aggregates.map((aggregate) => domainModule(plan, aggregate)),
    ...sharedEnums(plan),
    ...valueObjectFiles(plan),
    ...eventFiles(plan),
    file("paging", pagingText(plan)),
    ...(plan.hasCallers ? [file("principal", principalText)] : []),
    file("unset", unsetText),
  ];
}

/** Type of a filter attribute: the element where the column is an array. */
export function filterType({ field, operator }: FilterPlan): PythonType {
  const element = /^list\[(\w+)\]$/.exec(field.type.expression)?.[1];
  if (operator === "anyOf") return { ...field.type, expression: `list[${element ?? field.type.expression}]` };
  return operator === "contains" && element !== undefined ? { ...field.type, expression: element } : field.type;
}

/** `OrderItem` is created alone or inside its parent, which then knows the foreign key. */
export function isFilledByParent(plan: BackendPlan, aggregate: AggregatePlan, field: FieldPlan): boolean {
  return plan.aggregates
    .flatMap(({ children }) => children)
    .some((child) => child.aggregate === aggregate.className && child.foreignKey.includes(field.column.name));
}

export function childAggregate(plan: BackendPlan, child: ChildPlan): AggregatePlan | undefined {
  return plan.aggregates.find(({ className }) => className === child.aggregate);
}

/** The aggregates that are part of this one, with the child plan that says how. */
export function childrenOf(
  plan: BackendPlan,
  aggregate: AggregatePlan,
): readonly { readonly child: ChildPlan; readonly target: AggregatePlan }[] {
  return aggregate.children.flatMap((child) => {
    const target = childAggregate(plan, child);
    return target ? [{ child, target }] : [];
  });
}

function file(module: string, text: string): GeneratedFile {
  return { path: `src/app/domain/${module}.py`, text, step: 1 };
}

function domainModule(plan: BackendPlan, aggregate: AggregatePlan): GeneratedFile {
  const { className, module, fields, filters, enums } = aggregate;
  const children = childrenOf(plan, aggregate);
  const attributes = attributesOf(aggregate, fields);
  const types = [...[...attributes, ...fields].map(({ type }) => type), ...filters.map(filterType)];
  const imports = [
    ...importsFrom("collections.abc", "Mapping"),
    ...importsFrom("dataclasses", "dataclass"),
    ...importsFrom("enum", "StrEnum"),
    ...importsFrom("typing", "Final"),
    ...importsFrom("app.domain.unset", "UNSET", "Unset"),
    ...invariantImports(aggregate),
    ...types.flatMap((type) => type.imports).filter((item) => item.module !== `app.domain.${module}`),
    ...children.flatMap(({ target }) =>
      importsFrom(`app.domain.${target.module}`, target.className, `New${target.className}`),
    ),
  ];
  const body = [
    ...enums.flatMap((item) => enumBlocks(plan, item)),
    entityClass(aggregate),
    creationClass(plan, aggregate),
    changesClass(plan, aggregate),
    filterClass(aggregate),
  ];
  return file(
    module,
    pythonModule({
      docstring: `${className} aggregate: immutable entities and the data of its commands.`,
      imports,
      body,
    }),
  );
}

function sharedEnums(plan: BackendPlan): readonly GeneratedFile[] {
  const enums = [...new Set(plan.aggregates.flatMap(({ fields }) => fields.flatMap((field) => field.enum ?? [])))];
  const shared = enums.filter(({ module }) => module === sharedEnumModule);
  if (shared.length === 0) return [];
  const imports = [
    ...importsFrom("collections.abc", "Mapping"),
    ...importsFrom("enum", "StrEnum"),
    ...importsFrom("typing", "Final"),
  ];
  const body = shared.flatMap((item) => enumBlocks(plan, item));
  return [
    file(sharedEnumModule, pythonModule({ docstring: "Closed sets that several aggregates share.", imports, body })),
  ];
}

function enumBlocks(plan: BackendPlan, item: EnumPlan): readonly string[] {
  const machine = plan.aggregates.find(
    ({ stateMachine, fields }) =>
      stateMachine && fields.some((field) => field.name === stateMachine.field && field.enum === item),
  )?.stateMachine;
  const lines = [
    `class ${item.className}(StrEnum):`,
    docstring(
      machine ? "States of the life cycle, as the design names them." : `Values of ${enumSource(plan, item)}.`,
      1,
    ),
    "",
    ...item.members.map(
      ({ name, value }) =>
        `    ${name} = ${stringLiteral(value)}${looksSecret.test(name) ? "  # noqa: S105  # nosec B105" : ""}`,
    ),
  ];
  if (!machine) return [lines.join("\n")];
  const memberOf = (value: string) => item.members.find((member) => member.value === value)?.name ?? "";
  const table = machineName(item);
  const method = [
    "",
    `    def can_transition_to(self, target: "${item.className}") -> bool:`,
    '        """Whether the state machine of the design has this transition."""',
    `        return target in ${table}[self]`,
  ];
  const rows = item.members.map(({ name, value }) => {
    const targets = machine.transitions.filter(({ from }) => from === value).map(({ to }) => memberOf(to));
    const set = [...new Set(targets)].map((target) => `${item.className}.${target}`);
    return `    ${item.className}.${name}: frozenset(${set.length > 0 ? `{${set.join(", ")}}` : ""}),`;
  });
  const type = `Final[Mapping[${item.className}, frozenset[${item.className}]]]`;
  return [[...lines, ...method].join("\n"), [`${table}: ${type} = {`, ...rows, "}"].join("\n")];
}

/** Names that scanners take for credentials; here they only name a value of the design. */
const looksSecret = /(?:^|_)(?:PASS|PASSW?O?R?D|PASSPHRASE|PWD|TOKEN|SECRETE?)(?:$|_)/;

/** The PostgreSQL type, or the column that the set closes. */
function enumSource(plan: BackendPlan, item: EnumPlan): string {
  if (item.sqlName !== undefined) return `the PostgreSQL type \`\`${item.sqlName}\`\``;
  const owner = plan.aggregates.find(({ fields }) => fields.some((field) => field.enum === item));
  const field = owner?.fields.find((candidate) => candidate.enum === item);
  return `\`\`${owner?.table.name}.${field?.column.name}\`\``;
}

/** `TRANSITIONS` where the module has one machine, and the enum's name in front in the shared module. */
function machineName({ className, module }: EnumPlan): string {
  const prefix =
    module === sharedEnumModule ? `${className.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}_` : "";
  return `${prefix}TRANSITIONS`;
}

function annotation({ optional, type }: Pick<FieldPlan, "optional" | "type">): string {
  return optional ? `${type.expression} | None` : type.expression;
}

function entityClass(aggregate: AggregatePlan): string {
  const lines = [
    "@dataclass(frozen=True, slots=True, kw_only=True)",
    `class ${aggregate.className}:`,
    docstring(aggregate.description, 1),
    "",
    ...attributesOf(aggregate, aggregate.fields).map((item) => `    ${item.name}: ${annotation(item)}`),
    ...aggregate.children.map(({ attribute, aggregate: child }) => `    ${attribute}: tuple[${child}, ...] = ()`),
    ...(aggregate.held ?? []).flatMap(partProperties),
    ...(aggregate.derived ?? []).flatMap(({ name, arithmetic, text }) => [
      "",
      "    @property",
      `    def ${name}(self) -> ${exactestOf(arithmetic).type.expression}:`,
      docstring(text.replace(/\.?$/, "."), 2),
      `        return ${arithmeticText(arithmetic, aggregate, "self")}`,
    ]),
  ];
  return lines.join("\n");
}

/** The parts of a value object that something shows by themselves. */
function partProperties({ name, parts, optional }: HeldValue): readonly string[] {
  return parts.flatMap(({ name: part, field, optional: mayMiss, isShown }) => {
    if (!isShown) return [];
    const value = `self.${name}.${part}`;
    return [
      "",
      "    @property",
      `    def ${field.name}(self) -> ${annotation({ type: field.type, optional: optional || mayMiss })}:`,
      docstring(`The ${part} of the ${name}`, 2),
      `        return ${optional ? `None if self.${name} is None else ${value}` : value}`,
    ];
  });
}

function creationClass(plan: BackendPlan, aggregate: AggregatePlan): string {
  const own = creationFields(aggregate);
  const isOptional = (field: FieldPlan) => isOptionalOnCreation(field) || isFilledByParent(plan, aggregate, field);
  const attributes = attributesOf(aggregate, own);
  const mayMiss = (item: DomainAttribute) => item.fields.every(isOptional);
  const fields = attributes.map(
    (item) => `    ${item.name}: ${item.type.expression}${mayMiss(item) ? " | None = None" : ""}`,
  );
  const children = aggregate.children.map(
    ({ attribute, aggregate: child }) => `    ${attribute}: tuple[New${child}, ...] = ()`,
  );
  const parent = own.find((field) => isFilledByParent(plan, aggregate, field));
  const summary = "What a new row is made of; None leaves a value to the database.";
  const text = parent
    ? `${summary}\n\n\`\`${parent.name}\`\` is filled by the parent when it is created with it.`
    : summary;
  const given = attributes.filter((item) => !mayMiss(item)).map(({ name }) => name);
  const checks = invariantLines(
    classInvariants(plan, aggregate),
    own.map((field) => namedValue(aggregate, field)),
    {
      isGiven: (name) => given.includes(name),
    },
  );
  return dataclass(`New${aggregate.className}`, text, [...fields, ...children, ...checks]);
}

function changesClass(plan: BackendPlan, aggregate: AggregatePlan): string {
  const own = changeFields(aggregate);
  const fields = attributesOf(aggregate, own).map(
    ({ name, type, optional }) => `    ${name}: ${type.expression} | Unset${optional ? " | None" : ""} = UNSET`,
  );
  const summary = "The values that an update changes; UNSET ones stay.";
  const checks = invariantLines(
    classInvariants(plan, aggregate),
    own.map((field) => namedValue(aggregate, field)),
    {
      isGiven: () => false,
    },
  );
  return dataclass(`${aggregate.className}Changes`, summary, [...fields, ...checks]);
}

function filterClass(aggregate: AggregatePlan): string {
  const fields = aggregate.filters.map((item) => `    ${item.name}: ${filterType(item).expression} | None = None`);
  return dataclass(`${aggregate.className}Filter`, "What a list is narrowed to; None does not narrow.", fields);
}

function dataclass(name: string, summary: string, fields: readonly string[]): string {
  const lines = ["@dataclass(frozen=True, slots=True, kw_only=True)", `class ${name}:`, docstring(summary, 1)];
  return [...lines, ...(fields.length > 0 ? ["", ...fields] : [])].join("\n");
}

/** What the lists of this design can be asked for, and no more. */
function pagingText({ aggregates }: BackendPlan): string {
  const order = aggregates.some(({ orders }) => orders) ? ['    order: str = ""'] : [];
  const seeks = aggregates.some((aggregate) => aggregate.seeks);
  const body = [
    'LARGEST_OFFSET: Final = 2**63 - 1\n"""No list is longer, and PostgreSQL counts no further."""',
    [
      "@dataclass(frozen=True, slots=True)",
      "class PageRequest:",
      '    """A slice of a stably ordered list."""',
      "",
      "    limit: int = 20",
      "    offset: int = 0",
      ...order,
    ].join("\n"),
    ...(seeks ? [cursorText] : []),
  ];
  const imports = [...importsFrom("dataclasses", "dataclass"), ...importsFrom("typing", "Final", "Generic", "TypeVar")];
  return pythonModule({ docstring: "Which part of a list is asked for.", imports, body });
}

const cursorText = `T = TypeVar("T")

Position = tuple[str, ...]
"""Where a row stands in an order: its values, as text."""


@dataclass(frozen=True, slots=True)
class CursorRequest:
    """What follows a position of an ordered list; the first rows when there is none."""

    limit: int = 20
    order: str = ""
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T]):
    """Rows, and where the next ones follow; None behind the last."""

    rows: list[T]
    following: Position | None`;

const principalText = `"""The authenticated caller, as services and the database session see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The subject of a verified token; \`\`user_id\`\` need not be a UUID."""

    user_id: str
    tenant_id: str | None = None
    roles: tuple[str, ...] = ()
`;

const unsetText = `"""A value that an update leaves alone, as opposed to one that it sets to null."""

from dataclasses import Field, fields
from enum import Enum
from typing import Any, ClassVar, Final, Protocol


class Unset(Enum):
    """Type of the only value \`\`UNSET\`\`, so that type checkers can tell it apart."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class Changes(Protocol):
    """Any dataclass of changes."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def changed_values(changes: Changes) -> dict[str, object]:
    """Return the values that are set, by field name."""
    values = {field.name: getattr(changes, field.name) for field in fields(changes)}
    return {name: value for name, value in values.items() if value is not UNSET}
`;
