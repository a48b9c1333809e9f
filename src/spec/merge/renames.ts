import type { Fragment, Renaming } from "../fragment.ts";
import type { SourceSpan } from "../model.ts";
import type { MigrationOrder } from "./migrationOrder.ts";
import { bareName, namesAfter } from "./newNames.ts";
import {
  renamedChange,
  renamedDomain,
  renamedEnum,
  renamedIndex,
  renamedPolicy,
  renamedStatement,
  renamedTable,
} from "./renamedParts.ts";
import { mentionsWord } from "./sqlWords.ts";
import { keyOfTable } from "./tableShapes.ts";

/**
 * The fragments as if what they rename had had its last name from the beginning; only what stands before a renaming
 * is meant. The renaming of something that the design does not define, or that a view has in it, stays a statement.
 */
export function withRenames(fragments: readonly Fragment[], order: MigrationOrder): readonly Fragment[] {
  const renames = order.sorted(fragments.flatMap((fragment) => fragment.renames));
  return renames.reduce<readonly Fragment[]>((current, renaming) => {
    const isEarlier = ({ source }: Placed): boolean => order.isBefore(source, renaming.source);
    const stood = current.map((fragment) => partsOf(fragment, isEarlier));
    if (!stood.some((parts) => defines(parts, renaming)) || stood.some((parts) => shows(parts, renaming)))
      return current.map((fragment) => withStatement(fragment, renaming));
    const typed = tablesWith(current, renaming.owner);
    return current.map((fragment) => renamed(fragment, renaming, { isEarlier, typed }));
  }, fragments);
}

interface Placed {
  readonly source: SourceSpan;
}

type Parts = Pick<Fragment, "tables" | "indexes" | "policies" | "enums" | "domains" | "statements">;

function partsOf(fragment: Fragment, isEarlier: (item: Placed) => boolean): Parts {
  return {
    tables: fragment.tables.filter(isEarlier),
    indexes: fragment.indexes.filter(isEarlier),
    policies: fragment.policies.filter(isEarlier),
    enums: fragment.enums.filter(isEarlier),
    domains: fragment.domains,
    statements: fragment.statements.filter(isEarlier),
  };
}

function defines({ tables, indexes, policies, enums, domains }: Parts, { kind, owner, from }: Renaming): boolean {
  switch (kind) {
    case "table":
    case "column":
    case "constraint":
      return tables.some((table) => keyOfTable(table) === owner);
    case "index":
      return (
        indexes.some(({ name }) => name === from) ||
        tables.some(({ constraints }) => constraints.some(({ name }) => name === from))
      );
    case "policy":
      return policies.some(({ table, name }) => table === owner && name === from);
    case "type":
      return [...enums, ...domains].some(({ name }) => name === owner);
    case "value":
    case "newValue":
      return enums.some(({ name }) => name === owner);
  }
}

/** A view keeps showing a column by its old name; what a function calls a type cannot be told from other words. */
function shows({ statements }: Parts, { kind, owner, from }: Renaming): boolean {
  if (kind === "column") {
    const words = [bareName(owner), from];
    return statements.some((item) => item.kind === "view" && words.every((word) => mentionsWord(item.sql, word)));
  }
  return kind === "type" && statements.some((item) => item.kind !== "type" && mentionsWord(item.sql, from));
}

function withStatement(fragment: Fragment, renaming: Renaming): Fragment {
  if (!fragment.renames.includes(renaming)) return fragment;
  const { kind, sql, source, to, owner } = renaming;
  const isType = kind === "value" || kind === "newValue";
  const statement = { kind: isType ? "type" : "other", name: isType ? owner : to, sql, source } as const;
  return { ...fragment, statements: [...fragment.statements, statement] };
}

function tablesWith(fragments: readonly Fragment[], type: string): ReadonlySet<string> {
  return new Set(
    fragments.flatMap(({ tables, tableChanges }) => [
      ...tables.filter(({ columns }) => columns.some((column) => column.type.name === type)).map(keyOfTable),
      ...tableChanges.flatMap(({ table, change }) =>
        change.type === "addColumn" && change.column.type.name === type ? [table] : [],
      ),
    ]),
  );
}

interface Scope {
  readonly isEarlier: (item: Placed) => boolean;
  readonly typed: ReadonlySet<string>;
}

function renamed(fragment: Fragment, renaming: Renaming, { isEarlier, typed }: Scope): Fragment {
  const names = namesAfter(renaming, typed);
  const early = <T extends Placed>(items: readonly T[], change: (item: T, to: typeof names) => T): T[] =>
    items.map((item) => (isEarlier(item) ? change(item, names) : item));
  return {
    ...fragment,
    tables: early(fragment.tables, renamedTable),
    tableChanges: early(fragment.tableChanges, renamedChange),
    indexes: early(fragment.indexes, renamedIndex),
    policies: early(fragment.policies, renamedPolicy),
    enums: early(fragment.enums, renamedEnum),
    domains: fragment.domains.map((domain) => renamedDomain(domain, names)),
    statements: early(fragment.statements, renamedStatement),
  };
}
