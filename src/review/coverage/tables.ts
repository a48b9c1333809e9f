import type { Column, Constraint, DatabaseDesign, Table } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import type { CodeColumn, CodeSchema, CodeType } from "../facts/database.ts";
import { designType } from "../facts/sqlTypes.ts";
import type { CoverageElement } from "../model.ts";
import { coverConstraints } from "./constraints.ts";
import { extra, found } from "./element.ts";
import { coverIndexes } from "./indexes.ts";
import { coverPolicies } from "./policies.ts";
import { gapBetween, keyOf, type Schemas, type Twins, twinsOf, underDesignedNames } from "./twins.ts";

/**
 * Tables, columns, constraints, indexes and policies against what models and migrations build.
 *
 * A table may be in one of the two only. Where both show it, a column must be in both, and what models declare
 * must be migrated; whatever either shows must agree with the design. What the code leaves open (a type of its own,
 * a computed name) contradicts nothing.
 */
export function coverDatabase(analysis: Analysis): CoverageElement[] {
  const { database } = analysis.project.spec;
  const designed = new Set(database.tables.map(keyOf));
  const schemas = underDesignedNames(analysis, [...designed]);
  const elsewhere = new Set([...database.indexes, ...database.policies].map(({ table }) => table));
  return [
    ...database.tables.flatMap((table) => coverTable(database, table, twinsOf(analysis, schemas, keyOf(table)))),
    ...[...elsewhere]
      .filter((key) => !designed.has(key))
      .flatMap((key) => coverBelongings(database, { key, constraints: [] }, twinsOf(analysis, schemas, key))),
    ...extraTables(schemas, designed),
  ];
}

function coverTable(database: DatabaseDesign, table: Table, twins: Twins): CoverageElement[] {
  const columns = new Set(table.columns.map(({ name }) => name));
  return [
    coverTableItself(table, twins),
    ...table.columns.map((column) => coverColumn(database, column, twins)),
    ...extraColumns(keyOf(table), columns, twins),
    ...coverBelongings(database, { key: keyOf(table), constraints: table.constraints }, twins),
  ];
}

interface Owner {
  readonly key: string;
  readonly constraints: readonly Constraint[];
}

/** What the design may say of a table that it does not describe, too. */
function coverBelongings(database: DatabaseDesign, { key, constraints }: Owner, twins: Twins): CoverageElement[] {
  const indexes = database.indexes.filter(({ table }) => table === key);
  const policies = database.policies.filter(({ table }) => table === key);
  const designed = { table: key, indexes, constraints };
  return [
    ...coverConstraints(designed, twins),
    ...coverIndexes(designed, twins),
    ...coverPolicies(key, policies, twins),
  ];
}

/** Models cannot switch row level security on, so only migrations can lack it. */
function coverTableItself(table: Table, { all: twins, absent }: Twins): CoverageElement {
  const [first] = twins;
  if (!first) return absent(table);
  const strengths = { off: 0, enabled: 1, forced: 2 } as const;
  const strongest = twins.reduce((best, twin) =>
    strengths[twin.rowSecurity] > strengths[best.rowSecurity] ? twin : best,
  );
  const lacks = strengths[strongest.rowSecurity] < strengths[table.rowSecurity];
  if (!lacks) return found(table, first.span, []);
  const verb = strongest.rowSecurity === "off" ? "enabled" : "forced";
  const place = twins.findLast((twin) => twin.securitySpan)?.securitySpan ?? twins.at(-1)?.span ?? first.span;
  return found(table, place, [`Row level security is not ${verb}, the design has it ${table.rowSecurity}`]);
}

function coverColumn(database: DatabaseDesign, column: Column, twins: Twins): CoverageElement {
  const columns = twins.all.flatMap((twin) => twin.columns.get(column.name) ?? []);
  const [first] = columns;
  if (!first) return twins.absent(column);
  for (const candidate of columns) {
    const texts = columnDifferences(database, column, candidate);
    if (texts.length > 0) return found(column, candidate.span, texts);
  }
  const gap = gapBetween(twins, (table) => table.columns.has(column.name));
  return gap ? found(column, gap.span, [gap.text]) : found(column, first.span, []);
}

function extraColumns(key: string, designed: ReadonlySet<string>, { all }: Twins): CoverageElement[] {
  const columns = new Map(all.flatMap((twin) => [...twin.columns]).toReversed());
  return [...columns.values()]
    .filter(({ name }) => !designed.has(name))
    .map(({ name, span }) => extra("column", `${key}.${name}`, span));
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
  const bothExact = designed.exact !== undefined && coded.exact !== undefined;
  const bothSized = designed.arguments.length > 0 && coded.arguments.length > 0;
  if (bothExact && designed.exact !== coded.exact) return false;
  if ((bothExact || bothSized) && designed.arguments.join() !== coded.arguments.join()) return false;
  return designed.timezone === undefined || coded.timezone === undefined || designed.timezone === coded.timezone;
}

function describe(type: CodeType): string {
  const size = type.arguments.length > 0 ? `(${type.arguments.join(", ")})` : "";
  const zone = type.timezone === undefined ? "" : type.timezone ? " with time zone" : " without time zone";
  return `${type.exact ?? type.family}${size}${zone}${type.array ? "[]" : ""}`;
}

function extraTables({ models, migrations }: Schemas, designed: ReadonlySet<string>): CoverageElement[] {
  const schemas: readonly CodeSchema[] = [models, migrations];
  const tables = new Map(schemas.flatMap((schema) => [...schema.tables.entries()]).reverse());
  return [...tables.values()]
    .filter((table) => !designed.has(table.name) && table.name !== "alembic_version")
    .map((table) => extra("table", table.name, table.span));
}
