import type { Renaming } from "../fragment.ts";
import type { EnumType, SqlStatement } from "../model.ts";
import { mentionsWord, type Neighbours, withLiteral, withWord } from "./sqlWords.ts";

/** What the parts of a design are called once a renaming has run. */
export interface NewNames {
  readonly tableKey: (key: string) => string;
  readonly typeName: (name: string) => string;
  readonly columnOf: (table: string, name: string) => string;
  /** Of what has a name of its own beside a table; an index is found by its name alone. */
  readonly partOf: (kind: "constraint" | "index" | "policy", table: string, name: string) => string;
  readonly values: (type: EnumType) => readonly string[];
  /** An expression over the rows of a table. */
  readonly expression: (table: string, sql: string) => string;
  readonly statement: (statement: SqlStatement) => string;
}

/** `typed` are the tables with a column of the type: only there is a string one of its values. */
export function namesAfter(renaming: Renaming, typed: ReadonlySet<string>): NewNames {
  const { kind, owner, from, to } = renaming;
  const after = (which: Renaming["kind"], key: string): string =>
    kind === which && key === owner ? inSchemaOf(owner, to) : key;
  const expression = (table: string, sql: string): string =>
    concerns(renaming, table, typed) ? text(renaming, sql) : sql;
  return {
    tableKey: (key) => after("table", key),
    typeName: (name) => after("type", name),
    columnOf: (table, name) => (kind === "column" && table === owner && name === from ? to : name),
    partOf: (which, table, name) => {
      // The index of a key has the name of the key.
      const isIts = kind === which || (kind === "index" && which === "constraint");
      return isIts && name === from && (kind === "index" || table === owner) ? to : name;
    },
    values: (type) => (type.name === owner ? valuesAfter(type.values, renaming) : type.values),
    expression,
    statement: ({ kind: sort, sql }) => {
      if (kind === "type" && sort === "type") return withWord(sql, from, to, () => true);
      const tables = kind === "value" ? [...typed] : [owner];
      const table = tables.find((key) => mentionsWord(sql, bareName(key)));
      return table === undefined ? sql : expression(table, sql);
    },
  };
}

export function bareName(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

function inSchemaOf(key: string, name: string): string {
  return key.slice(0, key.lastIndexOf(".") + 1) + name;
}

function concerns({ kind, owner }: Renaming, table: string, typed: ReadonlySet<string>): boolean {
  if (kind === "column") return table === owner;
  return kind === "value" ? typed.has(table) : true;
}

function text({ kind, from, to }: Renaming, sql: string): string {
  switch (kind) {
    case "value":
      return withLiteral(sql, from, to);
    case "table":
    case "column":
    case "type":
      return withWord(sql, from, to, isNameOf[kind]);
    default:
      return sql;
  }
}

const isNameOf: Readonly<Record<"table" | "column" | "type", (at: Neighbours) => boolean>> = {
  table: ({ before }) => before !== "::" && before !== ":",
  column: ({ before, after }) => before !== ":" && before !== "::" && after !== "(",
  type: ({ before }) => /^(?:::?|\.|AS)$/i.test(before),
};

function valuesAfter(values: readonly string[], { kind, from, to, neighbour, isAfter }: Renaming): readonly string[] {
  if (kind === "value") return values.map((value) => (value === from ? to : value));
  if (kind !== "newValue" || values.includes(to)) return values;
  const at = neighbour === undefined ? -1 : values.indexOf(neighbour);
  return at < 0 ? [...values, to] : values.toSpliced(isAfter ? at + 1 : at, 0, to);
}
