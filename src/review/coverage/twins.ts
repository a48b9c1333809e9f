import type { SourceSpan, Table } from "../../spec/model.ts";
import type { Analysis } from "../analysis.ts";
import { fitsPattern, likeliestPlace } from "../facts/computedPlaces.ts";
import type { CodeConstraint, CodeSchema, CodeTable } from "../facts/database.ts";
import type { CoverageElement } from "../model.ts";
import { type Designed, missing, unseen } from "./element.ts";
import { linkedElement } from "./linked.ts";

/** What the code has of one table of the design. */
export interface Twins {
  /** The table in models and in migrations, in this order; one, both or none. */
  readonly all: readonly CodeTable[];
  readonly model: CodeTable | undefined;
  readonly migrated: CodeTable | undefined;
  /** How something of the design stands that none of them shows. */
  readonly absent: (element: Designed) => CoverageElement;
}

export type Schemas = Pick<Analysis, "models" | "migrations">;

/** Tables, else views and what else has an index without being a table of ours. */
export function twinsOf(analysis: Analysis, { models, migrations }: Schemas, key: string): Twins {
  const [model, migrated] = [models, migrations].map(({ tables, views }) => tables.get(key) ?? views.get(key));
  const all = [model, migrated].flatMap((table) => table ?? []);
  return { all, model, migrated, absent: all.length === 0 ? absentTable(analysis, key) : absentPart(all) };
}

function absentTable({ project, computedTables }: Analysis, key: string): Twins["absent"] {
  const linkedTo = project.spec.database.tables.find((table) => keyOf(table) === key)?.linkedTo;
  if (linkedTo !== undefined) return (element) => linkedElement(element, linkedTo, project);
  const name = key.slice(key.lastIndexOf(".") + 1);
  const place = likeliestPlace(
    computedTables,
    ({ pattern }) => fitsPattern(name, pattern) || fitsPattern(key, pattern),
  );
  return place ? (element) => unseen(element, place) : missing;
}

/** What a model inherits of a library is in the database without being in the code, unless migrations show all of the table. */
function absentPart(all: readonly CodeTable[]): Twins["absent"] {
  return (element) => {
    const hides = (table: CodeTable): boolean => table.isOpen || (isBuilt(element) && hidesOf(table, element));
    const [first] = all.filter(hides);
    if (!first || !all.every(hides)) return missing(element);
    return unseen(element, { span: first.span, how: "takes a part of the table from what only running it tells" });
  };
}

function isBuilt({ kind }: Designed): boolean {
  return kind === "constraint" || kind === "index";
}

/** A check without a visible condition may be any check. */
function hidesOf({ hidesParts, constraints }: CodeTable, { kind }: Designed): boolean {
  const isHidden = ({ type, name, expression }: CodeConstraint): boolean =>
    type === "check" && name === undefined && expression === undefined;
  return hidesParts || (kind === "constraint" && constraints.some(isHidden));
}

export function keyOf({ schema, name }: Pick<Table, "schema" | "name">): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/**
 * The tables under the names that the design has, where the code takes what all names begin with from a setting: a
 * prefix with which most of the designed tables that have no twin have one.
 */
export function underDesignedNames(schemas: Schemas, designed: readonly string[]): Schemas {
  const prefix = tablePrefix(schemas, designed);
  if (prefix === "") return schemas;
  return { models: prefixed(schemas.models, prefix), migrations: prefixed(schemas.migrations, prefix) };
}

function prefixed({ tables, views, enums }: CodeSchema, prefix: string): CodeSchema {
  const renamed = [...tables.values()].map((table) => ({
    ...table,
    name: prefix + table.name,
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      ...(constraint.references?.table && {
        references: { ...constraint.references, table: prefix + constraint.references.table },
      }),
    })),
  }));
  return { tables: new Map(renamed.map((table) => [table.name, table])), views, enums };
}

const fewestPrefixed = 3;

function tablePrefix({ models, migrations }: Schemas, designed: readonly string[]): string {
  const coded = new Set([...models.tables.keys(), ...migrations.tables.keys()]);
  const alone = designed.filter((key) => !coded.has(key));
  const beginnings = alone.flatMap((key) => {
    const beginning = /^[a-z0-9]+_(?=\w)/.exec(key)?.[0] ?? "";
    return beginning !== "" && coded.has(key.slice(beginning.length)) ? [beginning] : [];
  });
  const prefix = beginnings[0] ?? "";
  const isCommon = beginnings.every((beginning) => beginning === prefix);
  return isCommon && beginnings.length >= fewestPrefixed && beginnings.length * 2 > alone.length ? prefix : "";
}

interface Gap {
  readonly span: SourceSpan;
  readonly text: string;
}

/**
 * Where models and migrations both show a table and only one of them has what the design says of it: the database then
 * lacks what the code relies on, or the other way round. An open table may have it where nobody sees it.
 */
export function gapBetween(twins: Twins, has: (table: CodeTable) => boolean): Gap | undefined {
  const { model, migrated } = twins;
  if (!model || !migrated || has(model) === has(migrated)) return undefined;
  if (!has(migrated)) return migrated.isOpen ? undefined : { span: migrated.span, text: "No migration adds it" };
  return model.isOpen ? undefined : { span: model.span, text: "The model does not have it" };
}

/** What only models have. Indexes, constraints and policies that only migrations make work without any model. */
export function gapInMigrations(twins: Twins, has: (table: CodeTable) => boolean): Gap | undefined {
  return twins.migrated && has(twins.migrated) ? undefined : gapBetween(twins, has);
}
