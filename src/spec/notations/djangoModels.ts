import { snakeCase } from "../markdown/columnText.ts";
import { type SqlLine, sqlName } from "../markdown/generatedSql.ts";
import {
  type PythonAttribute,
  type PythonCall,
  type PythonClass,
  type PythonTable,
  pythonCall,
  stringOf,
} from "./pythonClasses.ts";
import { literalsIn, splitArguments } from "./typeScriptText.ts";

/** A model of Django; undefined for other classes. The name of its application is not known and left out. */
export function djangoTable(model: PythonClass, all: readonly PythonClass[]): PythonTable | undefined {
  if (!isModel(model)) return undefined;
  const name = tableName(model);
  const columns = model.attributes.flatMap((attribute) => columnOf(attribute, all) ?? []);
  const key: SqlLine[] = columns.some(({ isKey }) => isKey)
    ? []
    : [{ text: "id bigserial PRIMARY KEY", line: model.line }];
  const columnNames = new Map(columns.map(({ field, column }) => [field, column]));
  const listed = (text: string): string =>
    literalsIn(text)
      .map((field) => orderedColumn(columnNames, field))
      .join(", ");
  const extras = model.meta.flatMap((attribute) => entriesOf(attribute));
  const indexed = columns.filter(({ isIndexed }) => isIndexed);
  const said = model.meta.find((option) => option.name === "db_table");
  return {
    name,
    line: said?.line ?? model.line,
    enums: [],
    parts: [...key, ...columns, ...extras.flatMap((extra) => constraintOf(extra, listed))],
    indexes: [
      ...indexed.map(({ column, line }) => ({ text: `CREATE INDEX ON ${sqlName(name)} (${sqlName(column)})`, line })),
      ...extras.flatMap((extra) => indexOf(extra, name, listed)),
    ],
  };
}

function isModel({ bases }: PythonClass): boolean {
  return /(?:^|[\s,])models\.Model\b/.test(bases);
}

function tableName(model: PythonClass): string {
  return stringOf(model.meta.find(({ name }) => name === "db_table")?.value) ?? snakeCase(model.name);
}

function orderedColumn(names: ReadonlyMap<string, string>, field: string): string {
  const bare = field.replace(/^-/, "");
  return `${sqlName(names.get(bare) ?? bare)}${field.startsWith("-") ? " DESC" : ""}`;
}

interface DjangoColumn extends SqlLine {
  readonly field: string;
  readonly column: string;
  readonly isKey: boolean;
  readonly isIndexed: boolean;
}

const types: Readonly<Record<string, string>> = {
  CharField: "varchar",
  TextField: "text",
  EmailField: "varchar(254)",
  URLField: "varchar(200)",
  SlugField: "varchar(50)",
  IntegerField: "integer",
  BigIntegerField: "bigint",
  SmallIntegerField: "smallint",
  PositiveIntegerField: "integer",
  PositiveSmallIntegerField: "smallint",
  PositiveBigIntegerField: "bigint",
  BooleanField: "boolean",
  FloatField: "double precision",
  DecimalField: "numeric",
  DateTimeField: "timestamptz",
  DateField: "date",
  TimeField: "time",
  DurationField: "interval",
  UUIDField: "uuid",
  JSONField: "jsonb",
  BinaryField: "bytea",
  GenericIPAddressField: "inet",
  AutoField: "serial",
  BigAutoField: "bigserial",
  SmallAutoField: "smallserial",
  FileField: "varchar(100)",
  ImageField: "varchar(100)",
};

function columnOf({ name, value, line }: PythonAttribute, all: readonly PythonClass[]): DjangoColumn | undefined {
  const call = pythonCall(value);
  if (!call) return undefined;
  const isReference = call.name === "ForeignKey" || call.name === "OneToOneField";
  const type = isReference ? undefined : types[call.name];
  if (!isReference && type === undefined) return undefined;
  const column = stringOf(call.named.get("db_column")) ?? (isReference ? `${name}_id` : name);
  const isIndexed = flag(call, "db_index") || (call.name === "ForeignKey" && call.named.get("db_index") !== "False");
  const text = `${sqlName(column)} ${isReference ? referenceOf(call, all) : sized(type ?? "", call)}${rulesOf(call, column)}`;
  return { field: name, column, line, isKey: flag(call, "primary_key"), isIndexed, text };
}

function rulesOf(call: PythonCall, column: string): string {
  const isKey = flag(call, "primary_key");
  const clauses = [
    isKey ? "PRIMARY KEY" : flag(call, "null") ? "" : "NOT NULL",
    flag(call, "unique") || (call.name === "OneToOneField" && !isKey) ? "UNIQUE" : "",
    defaultOf(call),
    call.name.startsWith("Positive") ? `CHECK (${sqlName(column)} >= 0)` : "",
  ];
  return clauses.map((clause) => (clause === "" ? "" : ` ${clause}`)).join("");
}

function flag(call: PythonCall, name: string): boolean {
  return call.named.get(name) === "True";
}

function sized(type: string, { named }: PythonCall): string {
  const length = named.get("max_length");
  if (/^varchar/.test(type) && length !== undefined && /^\d+$/.test(length)) return `varchar(${length})`;
  const digits = [named.get("max_digits"), named.get("decimal_places")];
  return type === "numeric" && digits.every((part) => part !== undefined) ? `numeric(${digits.join(", ")})` : type;
}

/** The key of the class referred to, which is a number where the class does not say otherwise. */
function referenceOf(call: PythonCall, all: readonly PythonClass[]): string {
  const target = (stringOf(call.positional[0]) ?? call.positional[0] ?? "").replace(/^\w+\./, "");
  const model = all.find(({ name }) => name === target);
  const key = model?.attributes.find(({ value }) => /primary_key\s*=\s*True/.test(value));
  const keyCall = key && pythonCall(key.value);
  const type = keyCall
    ? sized(types[keyCall.name] ?? "bigint", keyCall)
        .replace("serial", "int")
        .replace(/^int$/, "integer")
    : "bigint";
  const action = /(\w+)$/.exec(call.named.get("on_delete") ?? call.positional[1] ?? "")?.[1];
  const onDelete = {
    CASCADE: " ON DELETE CASCADE",
    SET_NULL: " ON DELETE SET NULL",
    PROTECT: " ON DELETE RESTRICT",
    RESTRICT: " ON DELETE RESTRICT",
  }[action ?? ""];
  return `${type} REFERENCES ${sqlName(model ? tableName(model) : snakeCase(target))} (${sqlName(key?.name ?? "id")})${onDelete ?? ""}`;
}

function defaultOf(call: PythonCall): string {
  const given = call.named.get("default");
  if (flag(call, "auto_now_add") || flag(call, "auto_now") || /\bnow\b/.test(given ?? "")) return "DEFAULT now()";
  if (given === undefined) return "";
  if (/uuid4/.test(given)) return "DEFAULT gen_random_uuid()";
  const literal = stringOf(given);
  if (literal !== undefined) return `DEFAULT '${literal.replaceAll("'", "''")}'`;
  return /^(?:-?\d+(?:\.\d+)?|True|False)$/.test(given) ? `DEFAULT ${given.toLowerCase()}` : "";
}

interface Extra {
  readonly option: string;
  readonly text: string;
  readonly call: PythonCall | undefined;
  readonly line: number;
}

function entriesOf({ name, value, line }: PythonAttribute): Extra[] {
  if (name === "unique_together") {
    const inner = /^[[(]\s*[[(]/.test(value)
      ? splitArguments(value, 1, value.length - 1).map(({ text }) => text)
      : [value];
    return inner.map((text) => ({ option: name, text, call: undefined, line }));
  }
  if (name !== "indexes" && name !== "constraints") return [];
  return splitArguments(value, 1, value.length - 1).map(({ text, start }) => {
    return { option: name, text, call: pythonCall(text), line: line + value.slice(0, start).split("\n").length - 1 };
  });
}

function constraintOf({ option, text, call, line }: Extra, listed: (text: string) => string): SqlLine[] {
  if (option === "unique_together") return [{ text: `UNIQUE (${listed(text)})`, line }];
  if (call?.name !== "UniqueConstraint" || call.named.has("condition")) return [];
  const name = stringOf(call.named.get("name"));
  return [
    {
      text: `${name === undefined ? "" : `CONSTRAINT ${sqlName(name)} `}UNIQUE (${listed(call.named.get("fields") ?? "")})`,
      line,
    },
  ];
}

function indexOf({ option, call, line }: Extra, table: string, listed: (text: string) => string): SqlLine[] {
  if (option !== "indexes" || !call) return [];
  const name = stringOf(call.named.get("name"));
  return [
    {
      text: `CREATE INDEX ${name === undefined ? "" : sqlName(name)} ON ${sqlName(table)} (${listed(call.named.get("fields") ?? "")})`,
      line,
    },
  ];
}
