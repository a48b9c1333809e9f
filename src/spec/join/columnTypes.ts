import { keyOfTable } from "../merge/tableShapes.ts";
import type { Column, DesignSpec, SqlType, Table } from "../model.ts";
import type { AssumptionLedger } from "./assumptions.ts";
import { type CorrectionContext, confidenceOf, refuse } from "./corrections.ts";

/** Lists the types that a column's name suggested, and takes those that the user corrects. */
export function withSettledTypes(
  spec: DesignSpec,
  context: CorrectionContext & { readonly ledger: AssumptionLedger },
): DesignSpec {
  if (!spec.database.tables.some(({ columns }) => columns.some(({ confidence }) => confidence === "inferred")))
    return spec;
  const tables = spec.database.tables.map(
    (table): Table => ({
      ...table,
      columns: table.columns.map((column) =>
        column.confidence === "inferred" ? settled(column, table, context) : column,
      ),
    }),
  );
  return { ...spec, database: { ...spec.database, tables } };
}

function settled(
  column: Column,
  table: Table,
  context: CorrectionContext & { readonly ledger: AssumptionLedger },
): Column {
  const id = `type:${keyOfTable(table)}.${column.name}`;
  const assumption = context.ledger.assume({
    id,
    kind: "type",
    element: column.id,
    source: column.source,
    value: typeText(column.type),
    text: `${keyOfTable(table)}.${column.name} has the type ${typeText(column.type)}, as its name suggests.`,
  });
  if (assumption.state === "open") return column;
  const type = readType(assumption.value);
  if (!type) refuse(context, id, `${assumption.value} is no type; write it like numeric(10,2) or text[]`);
  return type ? { ...column, type, confidence: confidenceOf(assumption) } : column;
}

function typeText({ name, arguments: size, array }: SqlType): string {
  return `${name}${size.length > 0 ? `(${size.join(",")})` : ""}${array ? "[]" : ""}`;
}

function readType(text: string): SqlType | undefined {
  const match = /^([a-z_][\w. ]*?)\s*(?:\(([\d,\s]+)\))?\s*(\[\])?$/i.exec(text.trim());
  if (!match?.[1]) return undefined;
  const name = match[1].toLowerCase();
  const size = (match[2] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : Number(part)));
  return { name: ownNames.get(name) ?? name, arguments: size, array: match[3] !== undefined };
}

/** PostgreSQL's own names of the types that people call otherwise. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ["integer", "int4"],
  ["int", "int4"],
  ["bigint", "int8"],
  ["smallint", "int2"],
  ["boolean", "bool"],
  ["decimal", "numeric"],
  ["string", "text"],
  ["double precision", "float8"],
  ["real", "float4"],
  ["timestamp with time zone", "timestamptz"],
]);
