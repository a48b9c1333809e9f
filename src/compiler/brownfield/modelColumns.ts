import { rowAttribute, rowColumnType, rowType } from "../modelFiles.ts";
import type { AggregatePlan, FieldPlan, PythonImport } from "../plan.ts";
import { longString, stringLiteral } from "../python.ts";
import { serverValue } from "../schemaText.ts";
import type { ModelPlace } from "./projectShape.ts";

/** A statement of a class body, with SQLAlchemy as `sa`, and what it needs beside that. */
export interface ModelColumn {
  readonly line: string;
  readonly imports: readonly PythonImport[];
}

/**
 * A column as an attribute of a class of the project, in the style of those that are there. It says its type even
 * where an annotation would do, because the project's base may map annotations to other types.
 */
export function modelColumn(aggregate: AggregatePlan, field: FieldPlan, { style, callee }: ModelPlace): ModelColumn {
  const attribute = rowAttribute(field.name);
  const isOptional = field.column.nullable || (style === "field" && isFilledByDatabase(field));
  const annotation = isOptional ? `${rowType(field)} | None` : rowType(field);
  const imports = field.type.imports;
  switch (style) {
    case "mapped":
      return { line: `${attribute}: Mapped[${annotation}] = ${callee}(${list(aggregate, field, attribute)})`, imports };
    case "column": {
      const args = list(aggregate, field, attribute, !field.column.nullable);
      const isNamed = field.enum?.sqlName !== undefined;
      return { line: `${attribute} = ${callee}(${args})`, imports: isNamed ? imports : [] };
    }
    case "field":
      return {
        line: `${attribute}: ${annotation} = ${callee}(${fieldArguments(aggregate, field, attribute)})`,
        imports,
      };
  }
}

function list(aggregate: AggregatePlan, field: FieldPlan, attribute: string, isRequired = false): string {
  const { column } = field;
  const server = serverValue(aggregate, column);
  return [
    ...(attribute === column.name ? [] : [stringLiteral(column.name)]),
    rowColumnType(field),
    ...server.positional,
    ...(isRequired ? ["nullable=False"] : []),
    ...server.keyword,
    ...(column.comment === undefined ? [] : [`comment=${longString(column.comment)}`]),
  ].join(", ");
}

/** SQLModel's own words where they say the same; else the column as SQLAlchemy has it. */
function fieldArguments(aggregate: AggregatePlan, field: FieldPlan, attribute: string): string {
  const { column } = field;
  const own = ownWords(field);
  const empty = column.nullable || isFilledByDatabase(field) ? ["default=None"] : pythonDefault(field);
  const server = serverValue(aggregate, column);
  if (own === undefined || isFilledByDatabase(field) || server.positional.length > 0 || attribute !== column.name) {
    return [...empty, `sa_column=sa.Column(${list(aggregate, field, attribute, !column.nullable)})`].join(", ");
  }
  const options = [
    ...server.keyword.map((item) => item.replace(/^(\w+)=/, '"$1": ')),
    ...(column.comment === undefined ? [] : [`"comment": ${longString(column.comment)}`]),
  ];
  return [...empty, ...own, ...(options.length > 0 ? [`sa_column_kwargs={${options.join(", ")}}`] : [])].join(", ");
}

/** Undefined for a type that an annotation cannot name. */
function ownWords({ column: { type }, enum: closedSet }: FieldPlan): readonly string[] | undefined {
  const [first, second] = type.arguments;
  if (type.array || closedSet?.sqlName !== undefined) return undefined;
  if (type.name === "varchar") return first === undefined ? [] : [`max_length=${first}`];
  if (type.name === "text") return ["sa_type=sa.Text"];
  if (type.name === "numeric")
    return second === undefined ? undefined : [`max_digits=${first}`, `decimal_places=${second}`];
  return ["int4", "float8", "bool", "uuid", "date"].includes(type.name) ? [] : undefined;
}

/** An object is made without the value, so that code that makes one goes on to work. */
function isFilledByDatabase(field: FieldPlan): boolean {
  const { default: value, identity, generated } = field.column;
  const isGiven = value !== undefined || identity !== undefined || generated !== undefined;
  return isGiven && pythonDefault(field).length === 0;
}

/** A default that Python can say too, so that an object has it before it is written. */
function pythonDefault({ column: { default: value }, type, enum: closedSet }: FieldPlan): readonly string[] {
  if (value === undefined) return [];
  if (/^-?\d+(?:\.\d+)?$/.test(value))
    return [`default=${type.expression === "Decimal" ? `Decimal("${value}")` : value}`];
  if (/^(?:true|false)$/i.test(value)) return [`default=${/^t/i.test(value) ? "True" : "False"}`];
  const text = /^'([^'\\]*)'(?:::[\w ]+)?$/.exec(value)?.[1];
  const member = closedSet?.members.find((candidate) => candidate.value === text);
  if (member && closedSet?.sqlName !== undefined) return [`default=${closedSet.className}.${member.name}`];
  return text === undefined ? [] : [`default=${stringLiteral(text)}`];
}
