import { type SqlLine, sqlName } from "../markdown/generatedSql.ts";
import {
  type PythonAttribute,
  type PythonCall,
  type PythonClass,
  type PythonTable,
  pythonCall,
  stringOf,
} from "./pythonClasses.ts";
import { splitArguments } from "./typeScriptText.ts";

type Enums = ReadonlyMap<string, readonly string[]>;

/** A mapped class of SQLAlchemy or SQLModel; undefined for other classes. */
export function sqlAlchemyTable(model: PythonClass, enums: Enums): PythonTable | undefined {
  const said = model.attributes.find(({ name }) => name === "__tablename__");
  if (!said && !/\btable\s*=\s*True\b/.test(model.bases)) return undefined;
  const name = stringOf(said?.value) ?? model.name.toLowerCase();
  const columns = model.attributes.flatMap((attribute) => columnOf(attribute, enums) ?? []);
  const extras = argumentsOf(model);
  const parts = columns.map(({ text, line }): SqlLine => ({ text, line }));
  const indexes = columns
    .filter(({ isIndexed }) => isIndexed)
    .map(({ column, line }): SqlLine => {
      return { text: `CREATE INDEX ${sqlName(`ix_${name}_${column}`)} ON ${sqlName(name)} (${sqlName(column)})`, line };
    });
  return {
    name,
    line: said?.line ?? model.line,
    enums: model.attributes.flatMap((attribute) => closedSetOf(attribute, enums) ?? []),
    parts: [...parts, ...extras.flatMap((extra) => constraintOf(extra))],
    indexes: [...indexes, ...extras.flatMap((extra) => indexOf(extra, name))],
  };
}

interface MappedColumn extends SqlLine {
  readonly column: string;
  readonly isIndexed: boolean;
}

const columnCalls = ["Column", "mapped_column", "Field"];

function columnOf(attribute: PythonAttribute, enums: Enums): MappedColumn | undefined {
  const { name, annotation, value, line } = attribute;
  const outer = pythonCall(value);
  const isColumn = outer ? columnCalls.includes(outer.name) : annotation !== "";
  if (!isColumn || name.startsWith("__") || annotation.startsWith("ClassVar")) return undefined;
  const call = pythonCall(outer?.named.get("sa_column") ?? "") ?? outer;
  const own = stringOf(call?.positional[0]);
  const column = own ?? name;
  const written = /^Mapped\[(.*)\]$/s.exec(annotation)?.[1] ?? annotation;
  const typed = (call?.positional ?? []).slice(own === undefined ? 0 : 1).find((part) => !noType.test(part));
  const type = typed === undefined ? annotatedType(written, call, enums) : columnType(typed, enums);
  const text = `${sqlName(column)} ${rulesOf(call, written, type)}`;
  return { column, line, text, isIndexed: flag(call, "index") };
}

const noType = /^(?:\w+\.)*(?:ForeignKey|Identity|Computed|CheckConstraint)\b/;

/** Type and constraints; an integer that is the key and refers to nothing is numbered by the database. */
function rulesOf(call: PythonCall | undefined, written: string, type: string): string {
  const isKey = flag(call, "primary_key");
  const reference = referenceOf(call?.positional ?? []) ?? targetOf(stringOf(call?.named.get("foreign_key")), call);
  const isNumbered = isKey && /^(?:integer|bigint|smallint)$/.test(type) && reference === undefined;
  const isOptional = written === "" || /^Optional\[|\|\s*None\b|None\s*\|/.test(written);
  const isNull = (call?.named.get("nullable") ?? (isOptional ? "True" : "False")) === "True";
  const clauses = [
    isNumbered ? serial(type) : type,
    isKey ? "PRIMARY KEY" : isNull ? "" : "NOT NULL",
    flag(call, "unique") ? "UNIQUE" : "",
    defaultOf(call),
    reference ?? "",
  ];
  return clauses.filter((clause) => clause !== "").join(" ");
}

function flag(call: PythonCall | undefined, name: string): boolean {
  return call?.named.get(name) === "True";
}

function serial(type: string): string {
  return type === "integer" ? "serial" : type === "bigint" ? "bigserial" : "smallserial";
}

const columnTypes: Readonly<Record<string, string>> = {
  string: "varchar",
  unicode: "varchar",
  text: "text",
  unicodetext: "text",
  integer: "integer",
  int: "integer",
  biginteger: "bigint",
  smallinteger: "smallint",
  float: "double precision",
  double: "double precision",
  numeric: "numeric",
  decimal: "numeric",
  datetime: "timestamp",
  largebinary: "bytea",
  uuid: "uuid",
  pguuid: "uuid",
  pg_uuid: "uuid",
  double_precision: "double precision",
  guid: "uuid",
};

/** `String(80)`, `DateTime(timezone=True)`, `Enum("a", "b", name="state")`, `ARRAY(String)`. */
function columnType(text: string, enums: Enums): string {
  const call = pythonCall(text) ?? {
    name: /(\w+)$/.exec(text)?.[1] ?? text,
    positional: [],
    named: new Map<string, string>(),
  };
  const name = call.name.toLowerCase();
  const [first = ""] = call.positional;
  if (name === "array") return `${columnType(first, enums)}[]`;
  if (name === "enum" || name === "sqlenum" || name === "saenum")
    return sqlName(closedSet(call, enums)?.name ?? "varchar");
  const isZoned = call.named.get("timezone") === "True";
  const known = columnTypes[name] ?? name;
  if (/^timestamp$/.test(known)) return isZoned ? "timestamptz" : "timestamp";
  const size = call.positional.filter((part) => /^\d+$/.test(part));
  const length = call.named.get("length");
  const isSized = /^(?:varchar|char|numeric|vector)$/.test(known) && (size.length > 0 || length !== undefined);
  return isSized ? `${known}(${(size.length > 0 ? size : [length]).join(", ")})` : known;
}

interface ClosedSet {
  readonly name: string;
  readonly values: readonly string[];
}

/** `Enum("a", "b", name="state")`, `Enum(State)`: a type of PostgreSQL, called after the class where it has no name. */
function closedSet({ positional, named }: PythonCall, enums: Enums): ClosedSet | undefined {
  const [first = ""] = positional;
  const values = enums.get(first) ?? positional.flatMap((part) => stringOf(part) ?? []);
  const name = stringOf(named.get("name")) ?? (enums.has(first) ? first.toLowerCase() : undefined);
  return name === undefined || values.length === 0 ? undefined : { name, values };
}

function closedSetOf({ annotation, value, line }: PythonAttribute, enums: Enums) {
  const typed = /\b(?:SQL|SA)?Enum\([\s\S]*$/.exec(value)?.[0];
  const call = typed === undefined ? undefined : pythonCall(typed);
  const named = [...enums.keys()].find((name) => new RegExp(`\\b${name}\\b`).test(annotation));
  const found = call ? closedSet(call, enums) : named && { name: named.toLowerCase(), values: enums.get(named) ?? [] };
  return found ? { ...found, line } : undefined;
}

const annotatedTypes: Readonly<Record<string, string>> = {
  UUID: "uuid",
  str: "varchar",
  EmailStr: "varchar",
  int: "integer",
  float: "double precision",
  Decimal: "numeric",
  bool: "boolean",
  datetime: "timestamp",
  date: "date",
  time: "time",
  timedelta: "interval",
  bytes: "bytea",
  dict: "jsonb",
  Any: "jsonb",
};

function annotatedType(written: string, call: PythonCall | undefined, enums: Enums): string {
  const bare = written
    .replace(/^Optional\[(.*)\]$/s, "$1")
    .replace(/\s*\|\s*None\b|None\s*\|\s*/g, "")
    .replace(/["']/g, "")
    .trim();
  const element = /^(?:list|List|tuple|Sequence)\[(.*?)(?:,.*)?\]$/s.exec(bare)?.[1];
  if (element !== undefined) return `${annotatedType(element, undefined, enums)}[]`;
  const name = /^(?:\w+\.)*(\w+)/.exec(bare)?.[1] ?? "";
  if (enums.has(name)) return sqlName(name.toLowerCase());
  const known = annotatedTypes[name] ?? "varchar";
  const size = call?.named.get("max_length");
  return known === "varchar" && size !== undefined && /^\d+$/.test(size) ? `varchar(${size})` : known;
}

/** What the database fills in, and what the class fills in where the database can as well. */
function defaultOf(call: PythonCall | undefined): string {
  const given = call?.named.get("server_default") ?? call?.named.get("default") ?? call?.named.get("default_factory");
  if (given === undefined || given === "None") return "";
  if (/uuid/i.test(given)) return "DEFAULT gen_random_uuid()";
  if (/\bnow\b|utcnow|current_timestamp/i.test(given)) return "DEFAULT now()";
  const sql = /^(?:\w+\.)*text\(\s*["']([\s\S]*)["']\s*\)$/.exec(given)?.[1];
  if (sql !== undefined) return `DEFAULT ${sql}`;
  const literal = stringOf(given);
  if (literal !== undefined) return `DEFAULT '${literal.replaceAll("'", "''")}'`;
  return /^(?:-?\d+(?:\.\d+)?|True|False)$/.test(given) ? `DEFAULT ${given.toLowerCase()}` : "";
}

function referenceOf(positional: readonly string[]): string | undefined {
  const key = positional.map(pythonCall).find((call) => call?.name === "ForeignKey");
  return targetOf(stringOf(key?.positional[0]), key);
}

function targetOf(target: string | undefined, call: PythonCall | undefined): string | undefined {
  const [, table, column] = /^(.+)\.(\w+)$/.exec(target ?? "") ?? [];
  if (table === undefined || column === undefined) return undefined;
  const actions = ["ondelete", "onupdate"].flatMap((name) => {
    const action = stringOf(call?.named.get(name));
    return action === undefined ? [] : [` ON ${name.slice(2).toUpperCase()} ${action.toUpperCase()}`];
  });
  return `REFERENCES ${sqlName(table)} (${sqlName(column)})${actions.join("")}`;
}

interface Extra {
  readonly call: PythonCall;
  readonly line: number;
}

/** The entries of `__table_args__`, each on its own line of the document. */
function argumentsOf({ attributes }: PythonClass): Extra[] {
  const given = attributes.find(({ name }) => name === "__table_args__");
  if (!given) return [];
  return splitArguments(given.value, 1, given.value.length - 1).flatMap(({ text, start }) => {
    const call = pythonCall(text);
    const line = given.line + given.value.slice(0, start).split("\n").length - 1;
    return call ? [{ call, line }] : [];
  });
}

function constraintOf({ call, line }: Extra): SqlLine[] {
  const names = call.positional.flatMap((part) => stringOf(part) ?? []);
  const given = stringOf(call.named.get("name"));
  const named = given === undefined ? "" : `CONSTRAINT ${sqlName(given)} `;
  const columns = names.map(sqlName).join(", ");
  if (call.name === "UniqueConstraint") return [{ text: `${named}UNIQUE (${columns})`, line }];
  if (call.name === "PrimaryKeyConstraint") return [{ text: `${named}PRIMARY KEY (${columns})`, line }];
  const expression = call.positional[0]?.replace(/^(?:\w+\.)*text\(([\s\S]*)\)$/, "$1");
  return call.name === "CheckConstraint" ? [{ text: `${named}CHECK (${expression?.slice(1, -1) ?? ""})`, line }] : [];
}

function indexOf({ call, line }: Extra, table: string): SqlLine[] {
  const [name, ...columns] = call.positional.flatMap((part) => stringOf(part) ?? []);
  if (call.name !== "Index" || name === undefined || columns.length === 0) return [];
  const method = stringOf(call.named.get("postgresql_using"));
  const where = pythonCall(call.named.get("postgresql_where") ?? "")?.positional[0];
  const condition = stringOf(where) === undefined ? "" : ` WHERE ${stringOf(where)}`;
  const unique = flag(call, "unique") ? "UNIQUE " : "";
  const using = method === undefined ? "" : ` USING ${method}`;
  return [
    {
      text: `CREATE ${unique}INDEX ${sqlName(name)} ON ${sqlName(table)}${using} (${columns.map(sqlName).join(", ")})${condition}`,
      line,
    },
  ];
}
