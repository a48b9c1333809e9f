import { hasChangeTrigger } from "../spec/join/triggers.ts";
import type { Constraint, TableIndex } from "../spec/model.ts";
import { isSearchType } from "../spec/sql/typeKinds.ts";
import type { GeneratedFile } from "./compilation.ts";
import { childrenOf } from "./domainFiles.ts";
import { externalTables } from "./externalTables.ts";
import { applicationDefault } from "./generatedNumbers.ts";
import type { AggregatePlan, BackendPlan, ChildPlan, FieldPlan } from "./plan.ts";
import { docstring, importsFrom, indent, longString, pythonModule, stringLiteral } from "./python.ts";
import {
  conventionalName,
  enumOptions,
  fieldType,
  foreignKeyOptions,
  foreignKeyTargets,
  indexArguments,
  relationOf,
  serverValue,
  storageOptions,
  tableConstraint,
  tableKey,
} from "./schemaText.ts";
import { pointsForward } from "./tableSteps.ts";

/** The SQLAlchemy tables: one row class a table, named and constrained as the database design has it. */
export function modelFiles(plan: BackendPlan): readonly GeneratedFile[] {
  const rows = plan.aggregates.map((aggregate) => rowModule(plan, aggregate));
  return [baseModule(plan), modelsPackage(plan), ...rows];
}

/** Attribute of a row for a field; `metadata` and `registry` belong to SQLAlchemy's declarative classes. */
export function rowAttribute(name: string): string {
  return name === "metadata" || name === "registry" ? `${name}_` : name;
}

/** How a module spells `DesignedType("vector(3)")`, a type SQLAlchemy does not know. */
export const designedType = `class DesignedType(sa.types.UserDefinedType[object]):
    """A PostgreSQL type that SQLAlchemy does not have, by its SQL name."""

    cache_ok = True

    def __init__(self, sql_name: str) -> None:
        self.sql_name = sql_name

    def get_col_spec(self, **_: object) -> str:
        """Return the name for DDL."""
        return self.sql_name`;

export function usesDesignedType(plan: BackendPlan): boolean {
  return plan.aggregates.some(({ table, fields }) =>
    table.columns.some((column) => {
      const field = fields.find((candidate) => candidate.column === column);
      return fieldType(column, field).includes("DesignedType(");
    }),
  );
}

function baseModule(plan: BackendPlan): GeneratedFile {
  const external = externalTables(plan.spec).map(({ schema, name, columns }) => {
    const list = columns.map((column) => `sa.Column(${stringLiteral(column)}, sa.Uuid(), primary_key=True)`);
    const options = [...(schema === undefined ? [] : [`schema=${stringLiteral(schema)}`]), 'info={"external": True}'];
    return `sa.Table(${[stringLiteral(name), "Base.metadata", ...list, ...options].join(", ")})`;
  });
  const body = [
    baseText,
    ...(usesDesignedType(plan) ? [designedType] : []),
    ...(external.length > 0
      ? [`# Tables that the design refers to and somebody else creates.\n${external.join("\n")}`]
      : []),
  ];
  const imports = [
    "import sqlalchemy as sa",
    ...importsFrom("datetime", "datetime"),
    ...importsFrom("typing", "ClassVar", "Any"),
    ...importsFrom("sqlalchemy.orm", "DeclarativeBase"),
  ];
  const text = pythonModule({ docstring: "Declarative base of the tables.", imports, body });
  return { path: "src/app/persistence/base.py", text, step: 1 };
}

const baseText = `# PostgreSQL's own names: only names that the design chose need spelling out.
NAMING_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ck": "%(constraint_name)s",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}


class Base(DeclarativeBase):
    """Base of every row class."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: sa.DateTime(timezone=True),
        str: sa.Text(),
    }`;

/** Imports every row class, so that the metadata is whole whoever asks for it. */
function modelsPackage(plan: BackendPlan): GeneratedFile {
  const names = ["Base", ...plan.aggregates.map(({ className }) => `${className}Row`)].sort();
  const rows = plan.aggregates.flatMap(({ className, module }) =>
    importsFrom(`app.persistence.models.${module}`, `${className}Row`),
  );
  const imports = [...importsFrom("app.persistence.base", "Base"), ...rows];
  const body = [`__all__ = [${names.map(stringLiteral).join(", ")}]`];
  const text = pythonModule({ docstring: "The tables of the database design.", imports, body });
  return { path: "src/app/persistence/models/__init__.py", text, step: 1 };
}

function rowModule(plan: BackendPlan, aggregate: AggregatePlan): GeneratedFile {
  const { className, module, fields, table } = aggregate;
  const imports = [
    "import sqlalchemy as sa",
    ...importsFrom("sqlalchemy.dialects", "postgresql"),
    ...importsFrom("sqlalchemy.orm", "Mapped", "mapped_column", "relationship"),
    ...importsFrom("typing", "Any"),
    ...importsFrom("uuid", "uuid4"),
    ...importsFrom("app.persistence.base", "Base", "DesignedType"),
    ...importsFrom("app.persistence.numbers", "new_number"),
    ...fields.flatMap(({ type }) => type.imports),
    ...childrenOf(plan, aggregate).flatMap(({ target }) =>
      importsFrom(`app.persistence.models.${target.module}`, `${target.className}Row`),
    ),
  ];
  const columns = table.columns.map((column) => {
    const field = fields.find((candidate) => candidate.column === column);
    return field ? mappedColumn(plan, aggregate, field) : searchColumn(aggregate, column);
  });
  const relationships = childrenOf(plan, aggregate).map(({ child, target }) => relationship(child, target));
  const lines = [
    `class ${className}Row(Base):`,
    docstring(`Table \`\`${table.name}\`\`.`, 1),
    "",
    `    __tablename__ = ${stringLiteral(relationOf(table).name)}`,
    ...tableArguments(plan, aggregate),
    "",
    ...[...columns, ...relationships].map((line) => indent(line)),
  ];
  const text = pythonModule({
    docstring: `SQLAlchemy model of the table ${table.name}.`,
    imports,
    body: [lines.join("\n")],
  });
  return { path: `src/app/persistence/models/${module}.py`, text, step: 1 };
}

function tableArguments(plan: BackendPlan, aggregate: AggregatePlan): readonly string[] {
  const { table } = aggregate;
  const { name, schema } = relationOf(table);
  const constraints = table.constraints.flatMap((constraint) => {
    if (isInline(aggregate, constraint)) return [];
    const given = conventionalName(constraint, name) === constraint.name ? undefined : constraint.name;
    return tableConstraint(constraint, given, deferredCreation(plan, aggregate, constraint)) ?? [];
  });
  const indexes = plan.spec.database.indexes.filter((index) => index.table === tableKey(table)).map(modelIndex);
  const options = [
    ...(schema === undefined ? [] : [`"schema": ${stringLiteral(schema)}`]),
    ...(table.comment === undefined ? [] : [`"comment": ${longString(table.comment)}`]),
    ...(table.external ? ['"info": {"external": True}'] : []),
    ...storageOptions(table.storage).map(([option, value]) => `${stringLiteral(option)}: ${value}`),
  ];
  const all = [...constraints, ...indexes, ...(options.length > 0 ? [`{${options.join(", ")}}`] : [])];
  return all.length === 0 ? [] : [`    __table_args__ = (${all.join(",\n")},)`];
}

/** An index among the arguments of a table. */
export function modelIndex(index: TableIndex): string {
  const { parts, options } = indexArguments(index);
  return `sa.Index(${[stringLiteral(index.name), ...parts, ...options].join(", ")})`;
}

/** Constraints of a single column that its `mapped_column` can say. */
function isInline({ key, table }: AggregatePlan, constraint: Constraint): boolean {
  const { name } = relationOf(table);
  if (constraint.type === "primaryKey") {
    return constraint.name === conventionalName(constraint, name) && key.length === constraint.columns.length;
  }
  if (constraint.columns.length !== 1) return false;
  if (constraint.type === "foreignKey") return constraint.references?.columns.length === 1;
  return (
    constraint.type === "unique" &&
    constraint.name === conventionalName(constraint, name) &&
    !constraint.deferrable &&
    !constraint.nullsNotDistinct
  );
}

function mappedColumn(plan: BackendPlan, aggregate: AggregatePlan, field: FieldPlan): string {
  const { column, name } = field;
  const attribute = rowAttribute(name);
  const server = serverValue(aggregate, column);
  const args = [
    ...(attribute === column.name ? [] : [stringLiteral(column.name)]),
    ...columnType(field),
    ...foreignKeys(plan, aggregate, field),
    ...server.positional,
    ...(field.isKey ? ["primary_key=True"] : []),
    ...(field.isKey && column.nullable ? ["nullable=True"] : []),
    ...(isUnique(aggregate, field) ? ["unique=True"] : []),
    ...server.keyword,
    ...applicationDefault(field),
    ...changeDefaults(plan, aggregate, field),
    ...(column.comment === undefined ? [] : [`comment=${longString(column.comment)}`]),
  ];
  const type = rowType(field);
  const annotation = `Mapped[${field.optional ? `${type} | None` : type}]`;
  return args.length === 0
    ? `${attribute}: ${annotation}`
    : `${attribute}: ${annotation} = mapped_column(${args.join(", ")})`;
}

/** How a row holds the value of a field. Closed sets over plain text stay text in the row; the repository turns them into their enum. */
export function rowType({ enum: closedSet, type }: FieldPlan): string {
  return closedSet && closedSet.sqlName === undefined ? "str" : type.expression;
}

const valuesCallable = "values_callable=lambda members: [member.value for member in members]";

/** Left out where the annotation says it already (see `type_annotation_map` of the base). */
function columnType(field: FieldPlan): readonly string[] {
  const type = rowColumnType(field);
  return implied.has(type) ? [] : [type];
}

/** The type of a row's column, an enum with the class of its values. */
export function rowColumnType(field: FieldPlan): string {
  if (field.enum?.sqlName === undefined) return fieldType(field.column, field);
  const type = `postgresql.ENUM(${[field.enum.className, ...enumOptions(field.enum.sqlName), valuesCallable].join(", ")})`;
  return field.column.type.array ? `postgresql.ARRAY(${type})` : type;
}

const implied = new Set([
  "sa.Uuid()",
  "sa.Text()",
  "sa.Integer()",
  "sa.Boolean()",
  "sa.Date()",
  "sa.DateTime(timezone=True)",
  "sa.LargeBinary()",
]);

/** Tables that refer to each other cannot be sorted; SQLAlchemy wants to know which key closes the circle. */
function deferredCreation(plan: BackendPlan, { table }: AggregatePlan, constraint: Constraint): readonly string[] {
  return pointsForward(plan, table, constraint) ? ["use_alter=True"] : [];
}

function foreignKeys(plan: BackendPlan, aggregate: AggregatePlan, { column }: FieldPlan): readonly string[] {
  const { name } = relationOf(aggregate.table);
  return aggregate.table.constraints.flatMap((constraint) => {
    const { references } = constraint;
    if (constraint.type !== "foreignKey" || !references || !isInline(aggregate, constraint)) return [];
    if (constraint.columns[0] !== column.name) return [];
    const named =
      constraint.name === conventionalName(constraint, name) ? [] : [`name=${stringLiteral(constraint.name)}`];
    const options = [...foreignKeyOptions(references, constraint), ...deferredCreation(plan, aggregate, constraint)];
    return `sa.ForeignKey(${[...foreignKeyTargets(references), ...named, ...options].join(", ")})`;
  });
}

function isUnique(aggregate: AggregatePlan, { column }: FieldPlan): boolean {
  return aggregate.table.constraints.some(
    (constraint) =>
      constraint.type === "unique" && constraint.columns[0] === column.name && isInline(aggregate, constraint),
  );
}

/** Where no trigger keeps the change timestamp, SQLAlchemy sends the database's own clock with every write. */
function changeDefaults(
  plan: BackendPlan,
  { table }: AggregatePlan,
  { column, role, optional }: FieldPlan,
): readonly string[] {
  if (role !== "createdAt" && role !== "updatedAt") return [];
  const initial = column.default === undefined && !optional ? ["default=sa.func.now()"] : [];
  const kept = role === "updatedAt" && !hasChangeTrigger(plan.spec, table, column);
  return [...initial, ...(kept ? ["onupdate=sa.func.now()"] : [])];
}

function searchColumn(aggregate: AggregatePlan, column: FieldPlan["column"]): string {
  const server = serverValue(aggregate, column);
  const type = isSearchType(column.type) ? fieldType(column, undefined) : "";
  const comment = column.comment === undefined ? [] : [`comment=${longString(column.comment)}`];
  const args = [type, ...server.positional, ...server.keyword, "deferred=True", ...comment].filter(
    (part) => part !== "",
  );
  return `${rowAttribute(column.name)}: Mapped[${column.nullable ? "str | None" : "str"}] = mapped_column(${args.join(", ")})`;
}

/** Never loaded by accident: `lazy="raise"` turns an N+1 into an exception. */
function relationship(child: ChildPlan, target: AggregatePlan): string {
  const row = `${target.className}Row`;
  const position = target.fields.find(({ name }) =>
    /^(?:position|sort_order|line_number|line_no|ordinal|sequence)$/.test(name),
  );
  const created = target.fields.find(({ role }) => role === "createdAt");
  const order = [position ?? created, ...target.key].flatMap((field) =>
    field ? [`${row}.${rowAttribute(field.name)}`] : [],
  );
  const keys = child.foreignKey.map((column) => {
    const field = target.fields.find((candidate) => candidate.column.name === column);
    return `${row}.${rowAttribute(field?.name ?? column)}`;
  });
  const args = [
    'cascade="all, delete-orphan"',
    "passive_deletes=True",
    'lazy="raise"',
    `foreign_keys="[${keys.join(", ")}]"`,
    `order_by=${order.length === 1 ? stringLiteral(order[0] ?? "") : stringLiteral(`[${order.join(", ")}]`)}`,
  ];
  return `${child.attribute}: Mapped[list[${row}]] = relationship(${args.join(", ")})`;
}
