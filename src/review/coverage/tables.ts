import type { Column, DatabaseDesign, Table } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import type { CodeColumn, CodeSchema, CodeTable, CodeType } from "../facts/database.ts";
import { designType } from "../facts/sqlTypes.ts";
import type { CoverageElement } from "../model.ts";
import { coverConstraint } from "./constraints.ts";
import { extra, found, missing } from "./element.ts";
import { coverIndex } from "./indexes.ts";
import { coverPolicy } from "./policies.ts";

/**
 * Tables, columns, constraints, indexes and policies against what models and migrations build.
 *
 * It is enough that one of the two has an element; whatever either shows must agree with the design.
 * What the code leaves open (a type of its own, a computed name) contradicts nothing.
 */
export function coverDatabase(analysis: Analysis): CoverageElement[] {
  const { database } = analysis.project.spec;
  const designed = new Set(database.tables.map(keyOf));
  const twins = (key: string) => twinsOf(analysis, key);
  return [
    ...database.tables.flatMap((table) => coverTable(database, table, twins(keyOf(table)))),
    ...database.indexes.map((index) => coverIndex(index, twins(index.table))),
    ...database.policies.map((policy) => coverPolicy(policy, twins(policy.table))),
    ...extraTables(analysis, designed),
  ];
}

function twinsOf({ models, migrations }: Analysis, key: string): readonly CodeTable[] {
  return [models, migrations].flatMap(({ tables, views }) => tables.get(key) ?? views.get(key) ?? []);
}

function keyOf(table: Table): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

function coverTable(database: DatabaseDesign, table: Table, twins: readonly CodeTable[]): CoverageElement[] {
  return [
    coverTableItself(table, twins),
    ...table.columns.map((column) => coverColumn(database, column, twins)),
    ...table.constraints.map((constraint) => coverConstraint(constraint, twins)),
  ];
}

/** Models cannot switch row level security on, so only migrations can lack it. */
function coverTableItself(table: Table, twins: readonly CodeTable[]): CoverageElement {
  const [first] = twins;
  if (!first) return missing(table);
  const strengths = { off: 0, enabled: 1, forced: 2 } as const;
  const strongest = twins.reduce((best, twin) =>
    strengths[twin.rowSecurity] > strengths[best.rowSecurity] ? twin : best,
  );
  const lacks = strengths[strongest.rowSecurity] < strengths[table.rowSecurity];
  if (!lacks) return found(table, first.span, []);
  const verb = strongest.rowSecurity === "off" ? "enabled" : "forced";
  return found(table, twins.at(-1)?.span ?? first.span, [
    `Row level security is not ${verb}, the design has it ${table.rowSecurity}`,
  ]);
}

function coverColumn(database: DatabaseDesign, column: Column, twins: readonly CodeTable[]): CoverageElement {
  const columns = twins.flatMap((twin) => twin.columns.get(column.name) ?? []);
  const [first] = columns;
  if (!first) return missing(column);
  for (const candidate of columns) {
    const texts = columnDifferences(database, column, candidate);
    if (texts.length > 0) return found(column, candidate.span, texts);
  }
  return found(column, first.span, []);
}

function columnDifferences(database: DatabaseDesign, column: Column, code: CodeColumn): string[] {
  const texts: string[] = [];
  const designed = designType(column.type, database.enums);
  const coded = code.type && { ...code.type, family: familyOf(database, code.type) };
  if (coded && !sameType(designed, coded)) {
    texts.push(`Type is ${describe(coded)}, the design says ${describe(designed)}`);
  }
  // A domain that is NOT NULL says so for a column that does not.
  if (code.nullable !== undefined && code.nullable !== column.nullable && !column.type.domain?.notNull) {
    texts.push(code.nullable ? "Is nullable, the design says NOT NULL" : "Is NOT NULL, the design lets it be null");
  }
  return texts;
}

/** A type created by one statement and used by another is known by its name only. */
function familyOf(database: DatabaseDesign, type: CodeType): string {
  return database.enums.some((candidate) => candidate.name === type.family) ? "enum" : type.family;
}

function sameType(designed: CodeType, coded: CodeType): boolean {
  if (designed.family !== coded.family || designed.array !== coded.array) return false;
  const bothSized = designed.arguments.length > 0 && coded.arguments.length > 0;
  if (bothSized && designed.arguments.join() !== coded.arguments.join()) return false;
  return designed.timezone === undefined || coded.timezone === undefined || designed.timezone === coded.timezone;
}

function describe(type: CodeType): string {
  const size = type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : "";
  const zone = type.timezone === undefined ? "" : type.timezone ? " with time zone" : " without time zone";
  return `${type.family}${size}${zone}${type.array ? "[]" : ""}`;
}

function extraTables({ models, migrations }: Analysis, designed: ReadonlySet<string>): CoverageElement[] {
  const schemas: readonly CodeSchema[] = [models, migrations];
  const tables = new Map(schemas.flatMap((schema) => [...schema.tables.entries()]).reverse());
  return [...tables.values()]
    .filter((table) => !designed.has(table.name) && table.name !== "alembic_version")
    .map((table) => extra("table", table.name, table.span));
}
