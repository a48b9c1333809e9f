import type { Column, SqlType } from "../spec/model.ts";
import { valueType } from "../spec/sql/typeKinds.ts";
import type { EnumPlan, PythonType } from "./plan.ts";
import { importsFrom, stringLiteral } from "./python.ts";

/**
 * The type of a column as SQLAlchemy writes it, for the models and the migrations alike.
 *
 * Both modules `import sqlalchemy as sa` and `from sqlalchemy.dialects import postgresql`, so no
 * type can collide with a class of the design. A type that SQLAlchemy does not have becomes
 * `DesignedType("vector(3)")`, which both modules have to provide.
 */
export function sqlAlchemyType(
  type: SqlType,
  { enumType, collation }: { readonly enumType?: string | undefined; readonly collation?: string | undefined } = {},
): string {
  const plain = enumType ?? (templates[type.name] ?? unknownType)(type.arguments, type.name);
  const element =
    collation === undefined
      ? plain
      : plain.replace(/(\(?)\)$/, (_, open) => `${open || ", "}collation=${stringLiteral(collation)})`);
  return type.array ? `postgresql.ARRAY(${element})` : element;
}

/** The annotation of a value of this column, never with `| None`. */
export function pythonTypeOf(column: Column, enumPlan: EnumPlan | undefined, jsonShape: JsonShape): PythonType {
  const type = valueType(column.type);
  const element = enumPlan ? enumClass(enumPlan) : scalarType(type.name, jsonShape);
  return type.array ? { ...element, expression: `list[${element.expression}]` } : element;
}

/** What a JSON column holds at its top level. */
export type JsonShape = "object" | "array";

/** A type that every PostgreSQL has; all others need an extension or a definition. */
export function isKnownType(type: SqlType): boolean {
  return templates[type.name] !== undefined || otherBuiltins.has(type.name);
}

/** The SQL spelling: `numeric(10,2)[]`. */
export function sqlTypeText(type: SqlType): string {
  const size = type.arguments.length > 0 ? `(${type.arguments.join(",")})` : "";
  return `${type.name}${size}${type.array ? "[]" : ""}`;
}

type Template = (size: readonly number[], name: string) => string;

const fixed =
  (expression: string): Template =>
  () =>
    expression;

const sized =
  (name: string): Template =>
  (size) =>
    size.length > 0 ? `${name}(${size.join(", ")})` : `${name}()`;

const moment =
  (plain: string, precise: string, timezone: boolean): Template =>
  ([precision]) => {
    const zone = timezone ? "timezone=True" : "";
    if (precision === undefined) return `${plain}(${zone})`;
    return `${precise}(${[zone, `precision=${precision}`].filter((part) => part !== "").join(", ")})`;
  };

const unknownType: Template = (size, name) =>
  `DesignedType(${stringLiteral(sqlTypeText({ name, arguments: size, array: false }))})`;

const templates: Readonly<Record<string, Template>> = {
  uuid: fixed("sa.Uuid()"),
  text: fixed("sa.Text()"),
  varchar: sized("sa.String"),
  char: sized("sa.CHAR"),
  bpchar: sized("sa.CHAR"),
  citext: fixed("postgresql.CITEXT()"),
  int2: fixed("sa.SmallInteger()"),
  int4: fixed("sa.Integer()"),
  int8: fixed("sa.BigInteger()"),
  smallserial: fixed("sa.SmallInteger()"),
  serial: fixed("sa.Integer()"),
  bigserial: fixed("sa.BigInteger()"),
  numeric: sized("sa.Numeric"),
  money: fixed("postgresql.MONEY()"),
  float4: fixed("sa.REAL()"),
  float8: fixed("sa.Double()"),
  bool: fixed("sa.Boolean()"),
  date: fixed("sa.Date()"),
  time: moment("sa.Time", "postgresql.TIME", false),
  timetz: moment("sa.Time", "postgresql.TIME", true),
  timestamp: moment("sa.DateTime", "postgresql.TIMESTAMP", false),
  timestamptz: moment("sa.DateTime", "postgresql.TIMESTAMP", true),
  interval: ([precision]) =>
    precision === undefined ? "sa.Interval()" : `postgresql.INTERVAL(precision=${precision})`,
  json: fixed("postgresql.JSON(none_as_null=True)"),
  jsonb: fixed("postgresql.JSONB(none_as_null=True)"),
  bytea: fixed("sa.LargeBinary()"),
  inet: fixed("postgresql.INET()"),
  cidr: fixed("postgresql.CIDR()"),
  macaddr: fixed("postgresql.MACADDR()"),
  hstore: fixed("postgresql.HSTORE()"),
  bit: ([length]) => `postgresql.BIT(${length ?? 1})`,
  varbit: ([length]) => `postgresql.BIT(${[length, "varying=True"].filter((part) => part !== undefined).join(", ")})`,
  oid: fixed("postgresql.OID()"),
  tsvector: fixed("postgresql.TSVECTOR()"),
  tsquery: fixed("postgresql.TSQUERY()"),
  int4range: fixed("postgresql.INT4RANGE()"),
  int8range: fixed("postgresql.INT8RANGE()"),
  numrange: fixed("postgresql.NUMRANGE()"),
  daterange: fixed("postgresql.DATERANGE()"),
  tsrange: fixed("postgresql.TSRANGE()"),
  tstzrange: fixed("postgresql.TSTZRANGE()"),
};

const otherBuiltins = new Set(
  "name xml point line lseg box path polygon circle macaddr8 pg_lsn regclass int4multirange int8multirange nummultirange datemultirange tsmultirange tstzmultirange jsonpath".split(
    " ",
  ),
);

const scalars: Readonly<Record<string, PythonType>> = {
  uuid: imported("uuid", "UUID"),
  int2: builtin("int"),
  int4: builtin("int"),
  int8: builtin("int"),
  smallserial: builtin("int"),
  serial: builtin("int"),
  bigserial: builtin("int"),
  oid: builtin("int"),
  numeric: imported("decimal", "Decimal"),
  float4: builtin("float"),
  float8: builtin("float"),
  bool: builtin("bool"),
  date: imported("datetime", "date"),
  time: imported("datetime", "time"),
  timetz: imported("datetime", "time"),
  timestamp: imported("datetime", "datetime"),
  timestamptz: imported("datetime", "datetime"),
  interval: imported("datetime", "timedelta"),
  bytea: builtin("bytes"),
  hstore: builtin("dict[str, str | None]"),
  int4range: imported("typing", "Any"),
  int8range: imported("typing", "Any"),
  numrange: imported("typing", "Any"),
  daterange: imported("typing", "Any"),
  tsrange: imported("typing", "Any"),
  tstzrange: imported("typing", "Any"),
};

function scalarType(name: string, jsonShape: JsonShape): PythonType {
  if (name === "json" || name === "jsonb") {
    const expression = jsonShape === "array" ? "list[Any]" : "dict[str, Any]";
    return { expression, imports: importsFrom("typing", "Any") };
  }
  return scalars[name] ?? builtin("str");
}

function enumClass(plan: EnumPlan): PythonType {
  return imported(`app.domain.${plan.module}`, plan.className);
}

function builtin(expression: string): PythonType {
  return { expression, imports: [] };
}

function imported(module: string, name: string): PythonType {
  return { expression: name, imports: importsFrom(module, name) };
}
