import { changedValues } from "./heldRows.ts";
import { deletionOf } from "./marks.ts";
import { rowAttribute } from "./modelFiles.ts";
import type { AggregatePlan, BatchMethod } from "./plan.ts";

/** Parameters and result of the methods for several rows that the services need, without `self`. */
export function batchSignatures({
  className,
  key,
  batches = new Set(),
}: AggregatePlan): Readonly<Record<string, string>> {
  const type = key[0]?.type.expression ?? "str";
  return only(batches, {
    create_many: `(self, data: Sequence[New${className}]) -> list[${className}]`,
    find_many: `(self, keys: Sequence[${type}], *, for_update: bool = False) -> list[${className}]`,
    update_many: `(self, items: Sequence[tuple[${type}, ${className}Changes]]) -> list[${className}]`,
    delete_many: `(self, keys: Sequence[${type}]) -> set[${type}]`,
  });
}

export function batchSummaries(aggregate: AggregatePlan): Readonly<Record<string, string>> {
  const marks = deletionOf(aggregate) ? "Mark them as deleted" : "Delete them";
  return only(aggregate.batches ?? new Set(), {
    create_many: "Insert them together and return them in the order given.",
    find_many: "Return those of them that the caller may see, by key.",
    update_many: "Apply the changes in the order given; what is not visible is left out.",
    delete_many: `${marks} and return the keys of those that were visible.`,
  });
}

/** What the methods for several rows have in common with those for one. */
export interface BatchParts {
  /** `.options(…)` of a query, for the children of a row. */
  readonly options: readonly string[];
  /** Conditions that leave out what is marked as deleted. */
  readonly visible: readonly string[];
  /** `_WRITE_VIOLATIONS` and `_DELETE_VIOLATIONS`, or nothing where none is known. */
  readonly violations: { readonly write: string; readonly delete: string };
  /** Python expression for the name that the row has for `attribute` of the changes, and what it needs. */
  readonly renaming: { readonly lines: readonly string[]; readonly target: string };
  /** Whether rows may be read under a lock where they may only be deleted. */
  readonly mayLock: boolean;
}

export function batchBodies(aggregate: AggregatePlan, parts: BatchParts): Readonly<Record<string, string>> {
  const { module, batches = new Set() } = aggregate;
  const key = rowAttribute(aggregate.key[0]?.name ?? "id");
  const flush = [`with translated_violations(${parts.violations.write}):`, `    await self._session.flush()`];
  const bodies = {
    create_many: [
      `rows = [new_${module}_row(item) for item in data]`,
      `self._session.add_all(rows)`,
      ...flush,
      refreshed,
      `await self._find_rows([row.${key} for row in rows])`,
      `return [to_${module}(row) for row in rows]`,
    ],
    find_many: [
      `rows = await self._find_rows(keys, for_update=for_update)`,
      `return [to_${module}(row) for row in rows]`,
    ],
    update_many: [
      `keys = [key for key, _ in items]`,
      `rows = {row.${key}: row for row in await self._find_rows(keys)}`,
      ...parts.renaming.lines,
      `visible = [(rows[key], changes) for key, changes in items if key in rows]`,
      `for row, changes in visible:`,
      `    for attribute, changed in ${changedValues(aggregate)}(changes).items():`,
      `        setattr(row, ${parts.renaming.target}, changed)`,
      ...flush,
      refreshed,
      `await self._find_rows(keys)`,
      `return [to_${module}(row) for row, _ in visible]`,
    ],
    delete_many: deletionLines(aggregate, key, parts),
  } satisfies Record<BatchMethod, readonly string[]>;
  return Object.fromEntries(Object.entries(only(batches, bodies)).map(([name, lines]) => [name, lines.join("\n")]));
}

/** `_find_rows`: rows by key, in an order in which two that lock the same ones never wait for each other. */
export function findRows(aggregate: AggregatePlan, { options, visible }: BatchParts): string | undefined {
  const { className, batches = new Set() } = aggregate;
  const [first] = aggregate.key;
  if (!first || ![...batches].some((method) => method !== "delete_many")) return undefined;
  const locks = batches.has("find_many");
  const column = `${className}Row.${rowAttribute(first.name)}`;
  const lock = locks ? ", *, for_update: bool = False" : "";
  return [
    `    async def _find_rows(self, keys: Sequence[${first.type.expression}]${lock}) -> Sequence[${className}Row]:`,
    `        statement = (`,
    `            select(${className}Row)`,
    `            .where(${[`${column}.in_(keys)`, ...visible].join(", ")})`,
    ...options.map((option) => `            .options(${option})`),
    `            .order_by(${column})`,
    `            .execution_options(populate_existing=True)`,
    `        )`,
    ...(locks ? [`        if for_update:`, `            statement = statement.with_for_update()`] : []),
    `        return (await self._session.scalars(statement)).all()`,
  ].join("\n");
}

const refreshed = "# One object a row: this brings those at hand up to date.";

/** Rows are locked by key first: a single statement deletes them in whatever order it finds them. */
function deletionLines(aggregate: AggregatePlan, key: string, parts: BatchParts): readonly string[] {
  const row = `${aggregate.className}Row`;
  const conditions = [`${row}.${key}.in_(keys)`, ...parts.visible].join(", ");
  const deleted = deletionOf(aggregate);
  const locked = parts.mayLock ? `${row}.${key}.in_(locked)` : conditions;
  return [
    ...(parts.mayLock
      ? [
          `locked = (`,
          `    select(${row}.${key})`,
          `    .where(${conditions})`,
          `    .order_by(${row}.${key})`,
          `    .with_for_update()`,
          `)`,
        ]
      : []),
    `statement = (`,
    `    ${deleted ? "update" : "delete"}(${row})`,
    `    .where(${locked})`,
    ...(deleted ? [`    .values(${rowAttribute(deleted.name)}=func.now())`] : []),
    `    .returning(${row}.${key})`,
    `)`,
    `with translated_violations(${parts.violations.delete}):`,
    `    return set(await self._session.scalars(statement))`,
  ];
}

function only<Value>(
  wanted: ReadonlySet<BatchMethod>,
  all: Readonly<Record<BatchMethod, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    (["create_many", "find_many", "update_many", "delete_many"] as const)
      .filter((method) => wanted.has(method))
      .map((method) => [method, all[method]]),
  );
}
