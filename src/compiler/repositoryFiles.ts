import { changeFields, creationFields, locksRows } from "./aggregates.ts";
import { type BatchParts, batchBodies, findRows } from "./bulkRepository.ts";
import type { GeneratedFile } from "./compilation.ts";
import { conditionsFunction } from "./conditionsFunction.ts";
import { childrenOf } from "./domainFiles.ts";
import { attributesOf, heldType } from "./heldColumns.ts";
import { changedColumnsFunction, changedValues, heldFromRow, heldInRow } from "./heldRows.ts";
import { copiedFields, mappingLines } from "./mappingLines.ts";
import { deletionOf } from "./marks.ts";
import { rowAttribute } from "./modelFiles.ts";
import { isSorted, orderTable } from "./orderingFiles.ts";
import type { AggregatePlan, BackendPlan, FieldPlan, ViolationPlan } from "./plan.ts";
import { methodSignatures, methodSummaries, signatureImports } from "./portFiles.ts";
import { docstring, importsFrom, indent, lineWidth, pythonModule, stringLiteral } from "./python.ts";
import { tallyBody, tallyMethod } from "./tallies.ts";

/** The SQLAlchemy repositories: expressions only, children in one batch, violations by constraint name. */
export function repositoryFiles(plan: BackendPlan): readonly GeneratedFile[] {
  return plan.aggregates.map((aggregate) => repositoryModule(plan, aggregate));
}

function repositoryModule(plan: BackendPlan, aggregate: AggregatePlan): GeneratedFile {
  const { className, module } = aggregate;
  const violations = violationsOf(plan, aggregate);
  const constants = [...violationTables(plan, aggregate), ...(isSorted(aggregate) ? [orderTable(aggregate)] : [])];
  const body = [
    ...(constants.length > 0 ? [constants.join("\n")] : []),
    entityFunction(plan, aggregate),
    rowFunction(plan, aggregate),
    repositoryClass(plan, aggregate),
    ...changedColumnsFunction(aggregate),
    conditionsFunction(aggregate, notDeleted(aggregate)),
  ];
  const text = pythonModule({
    docstring: `SQLAlchemy implementation of the ${className} repository.`,
    imports: repositoryImports(plan, aggregate, violations),
    body,
  });
  return { path: `src/app/persistence/repositories/${module}.py`, text, step: 3 };
}

function repositoryImports(plan: BackendPlan, aggregate: AggregatePlan, violations: readonly ViolationPlan[]) {
  const { className, module, fields } = aggregate;
  return [
    ...importsFrom("collections.abc", "Callable", "Mapping"),
    ...importsFrom("dataclasses", "fields"),
    ...importsFrom("typing", "Any", "Final"),
    ...importsFrom("sqlalchemy", "ColumnElement", "delete", "func", "select", "update"),
    ...importsFrom("sqlalchemy.ext.asyncio", "AsyncSession"),
    ...importsFrom("sqlalchemy.orm", "selectinload"),
    ...importsFrom("app.core.errors", ...violations.map(({ error }) => error.className)),
    ...importsFrom("app.domain.unset", "Unset", "changed_values"),
    ...(aggregate.held ?? []).flatMap((value) => heldType(value).imports),
    ...importsFrom("app.persistence.integrity", "translated_violations"),
    ...importsFrom("app.persistence.ordering", "Ordering"),
    ...importsFrom(`app.persistence.models.${module}`, `${className}Row`),
    ...signatureImports(aggregate),
    ...aggregate.filters.flatMap(({ through }) =>
      through
        ? importsFrom(`app.persistence.models.${through.aggregate.module}`, `${through.aggregate.className}Row`)
        : [],
    ),
    ...fields.flatMap((field) => (isTextEnum(field) ? field.type.imports : [])),
    ...childrenOf(plan, aggregate).flatMap(({ target }) => [
      ...importsFrom(
        `app.persistence.repositories.${target.module}`,
        `to_${target.module}`,
        `new_${target.module}_row`,
      ),
      ...(target.children.length > 0
        ? importsFrom(`app.persistence.models.${target.module}`, `${target.className}Row`)
        : []),
    ]),
  ];
}

/** A parent is written together with its children, so their constraints can be violated as well. */
function violationsOf(plan: BackendPlan, aggregate: AggregatePlan): readonly ViolationPlan[] {
  const children = childrenOf(plan, aggregate).flatMap(({ target }) => violationsOf(plan, target));
  const bySide = new Map<string, ViolationPlan>();
  for (const violation of [...aggregate.violations, ...children]) {
    const side = `${violation.constraint.name} ${violation.when ?? ""}`;
    if (!bySide.has(side)) bySide.set(side, violation);
  }
  return [...bySide.values()];
}

const tableNames = { write: "_WRITE_VIOLATIONS", delete: "_DELETE_VIOLATIONS" } as const;

/** The constraints that a write or a delete of the aggregate can violate. */
function violationsWhen(
  plan: BackendPlan,
  aggregate: AggregatePlan,
  when: "write" | "delete",
): readonly ViolationPlan[] {
  return violationsOf(plan, aggregate).filter((violation) => (violation.when ?? when) === when);
}

function violationTables(plan: BackendPlan, aggregate: AggregatePlan): readonly string[] {
  return (["write", "delete"] as const).flatMap((when) => {
    const violations = violationsWhen(plan, aggregate, when);
    const rows = violations.map(({ constraint, error }) =>
      unbreakable(`    ${stringLiteral(constraint.name)}: ${error.className},`),
    );
    const head = `${tableNames[when]}: Final[Mapping[str, Callable[[], Exception]]] = {`;
    return rows.length > 0 ? [[head, ...rows, "}"].join("\n")] : [];
  });
}

/** A row of a table has no place to break at, however long the design's names are. */
function unbreakable(row: string): string {
  return row.length > lineWidth ? `${row}  # noqa: E501` : row;
}

function entityFunction(plan: BackendPlan, aggregate: AggregatePlan): string {
  const { className, module, fields } = aggregate;
  const values = attributesOf(aggregate, fields).map(
    ({ name, held, fields: columns }) => [name, held ? heldFromRow(held) : columns.map(domainValue).join()] as const,
  );
  const children = childrenOf(plan, aggregate).map(
    ({ child, target }) =>
      [child.attribute, `tuple(to_${target.module}(item) for item in row.${child.attribute})`] as const,
  );
  const all = [...values, ...children];
  return [
    `def to_${module}(row: ${className}Row) -> ${className}:`,
    `    """Turn a row${children.length > 0 ? ", its relationships loaded," : ""} into the entity."""`,
    ...mappingLines(all, {
      from: "row",
      to: className,
      copied: copiedFields(
        "row",
        className,
        (aggregate.held ?? []).map(({ name }) => name),
      ),
      given: all.map(([name]) => name),
    }),
  ].join("\n");
}

function domainValue(field: FieldPlan): string {
  const value = `row.${rowAttribute(field.name)}`;
  if (!isTextEnum(field) || !field.enum) return value;
  const converted = `${field.enum.className}(${value})`;
  return field.optional ? `None if ${value} is None else ${converted}` : converted;
}

function isTextEnum(field: FieldPlan): boolean {
  return field.enum !== undefined && field.enum.sqlName === undefined;
}

function rowFunction(plan: BackendPlan, aggregate: AggregatePlan): string {
  const { className, module } = aggregate;
  const created = creationFields(aggregate);
  const values = attributesOf(aggregate, created).flatMap(({ name, held }) =>
    held ? heldInRow(aggregate, held) : [[rowAttribute(name), `data.${name}`] as const],
  );
  const children = childrenOf(plan, aggregate).map(
    ({ child, target }) =>
      [child.attribute, `[new_${target.module}_row(item) for item in data.${child.attribute}]`] as const,
  );
  return [
    `def new_${module}_row(data: New${className}) -> ${className}Row:`,
    '    """Turn the data of a new one into a row that is not yet stored."""',
    ...mappingLines([...values, ...children], {
      from: "data",
      to: `${className}Row`,
      copied: copiedFields("data", "data"),
      given: [...attributesOf(aggregate, created).map(({ name }) => name), ...children.map(([name]) => name)],
    }),
  ].join("\n");
}

function repositoryClass(plan: BackendPlan, aggregate: AggregatePlan): string {
  const { className } = aggregate;
  const signatures = methodSignatures(aggregate);
  const summaries = methodSummaries(aggregate);
  const bodies = methodBodies(plan, aggregate);
  const methods = Object.entries(signatures).map(([name, signature]) =>
    [`    async def ${name}${signature}:`, docstring(summaries[name] ?? "", 2), indent(bodies[name] ?? "pass", 2)].join(
      "\n",
    ),
  );
  const head = [
    `class Sql${className}Repository:`,
    '    """Expression-language queries only; every value is a bound parameter."""',
    "",
    "    def __init__(self, session: AsyncSession) -> None:",
    "        self._session = session",
  ].join("\n");
  const rows = findRows(aggregate, batchParts(plan, aggregate));
  return [head, ...methods, findRow(plan, aggregate), ...(rows ? [rows] : [])].join("\n\n");
}

function methodBodies(plan: BackendPlan, aggregate: AggregatePlan): Readonly<Record<string, string>> {
  const { className, module, key, keyParameters } = aggregate;
  const row = `${className}Row`;
  const parameters = keyParameters.join(", ");
  const lock = locksRows(aggregate) ? ", for_update=for_update" : "";
  return {
    find_by_id: `row = await self._find_row(${parameters}${lock})\nreturn None if row is None else to_${module}(row)`,
    ...(aggregate.seeks && { find_after: findAfterBody(plan, aggregate) }),
    find_all: [
      ...(aggregate.orders ? [chosenOrder] : []),
      `statement = (`,
      `    select(${row})`,
      `    .where(*_conditions(criteria))`,
      ...loadOptions(plan, aggregate).map((option) => `    .options(${option})`),
      `    .order_by(${orderClauses(aggregate)})`,
      `    .limit(page.limit)`,
      `    .offset(page.offset)`,
      `)`,
      `rows = (await self._session.scalars(statement)).all()`,
      `return [to_${module}(row) for row in rows]`,
    ].join("\n"),
    count: [
      `statement = select(func.count()).select_from(${row}).where(*_conditions(criteria))`,
      `return (await self._session.scalars(statement)).one()`,
    ].join("\n"),
    create: [
      `row = new_${module}_row(data)`,
      `self._session.add(row)`,
      flush(plan, aggregate),
      `stored = await self._find_row(${key.map(({ name }) => `row.${rowAttribute(name)}`).join(", ")})`,
      `return to_${module}(row if stored is None else stored)`,
    ].join("\n"),
    update: updateBody(plan, aggregate, parameters),
    ...Object.fromEntries(
      (aggregate.tallies ?? []).map((field) => [
        tallyMethod(field),
        tallyBody(aggregate, field, notDeleted(aggregate)),
      ]),
    ),
    ...(aggregate.restores && { restore: restoreBody(plan, aggregate) }),
    delete: deleteBody(plan, aggregate),
    ...batchBodies(aggregate, batchParts(plan, aggregate)),
  };
}

function batchParts(plan: BackendPlan, aggregate: AggregatePlan): BatchParts {
  const policies = plan.spec.database.policies.filter(({ table }) => table === aggregate.table.name);
  return {
    options: loadOptions(plan, aggregate),
    visible: notDeleted(aggregate),
    violations: {
      write: violationArgument(plan, aggregate, "write"),
      delete: violationArgument(plan, aggregate, "delete"),
    },
    renaming: renaming(aggregate),
    mayLock: policies.every(({ command }) => command !== "delete"),
  };
}

/** One row more than the page has tells whether another page follows. */
function findAfterBody(plan: BackendPlan, aggregate: AggregatePlan): string {
  const { className, module } = aggregate;
  return [
    aggregate.orders ? chosenOrder : "ordering = _DEFAULT_ORDER",
    `conditions = _conditions(criteria)`,
    `if page.after is not None:`,
    `    conditions.append(ordering.after(page.after))`,
    `statement = (`,
    `    select(${className}Row)`,
    `    .where(*conditions)`,
    ...loadOptions(plan, aggregate).map((option) => `    .options(${option})`),
    `    .order_by(*ordering.clauses)`,
    `    .limit(page.limit + 1)`,
    `)`,
    `rows = (await self._session.scalars(statement)).all()`,
    `shown = rows[: page.limit]`,
    `following = ordering.position_of(shown[-1]) if len(rows) > page.limit else None`,
    `return CursorPage([to_${module}(row) for row in shown], following)`,
  ].join("\n");
}

function updateBody(plan: BackendPlan, aggregate: AggregatePlan, parameters: string): string {
  const { lines, target } = renaming(aggregate);
  return [
    `row = await self._find_row(${parameters})`,
    `if row is None:`,
    `    return None`,
    ...lines,
    `for attribute, changed in ${changedValues(aggregate)}(changes).items():`,
    `    setattr(row, ${target}, changed)`,
    flush(plan, aggregate),
    `stored = await self._find_row(${parameters})`,
    `return to_${aggregate.module}(row if stored is None else stored)`,
  ].join("\n");
}

/** Attributes that the row has under another name than the changes. */
function renaming(aggregate: AggregatePlan): BatchParts["renaming"] {
  const renamed = changeFields(aggregate).filter(({ name }) => rowAttribute(name) !== name);
  if (renamed.length === 0) return { lines: [], target: "attribute" };
  const names = renamed.map(({ name }) => `"${name}": "${rowAttribute(name)}"`).join(", ");
  return { lines: [`row_names = {${names}}`], target: "row_names.get(attribute, attribute)" };
}

function deleteBody(plan: BackendPlan, aggregate: AggregatePlan): string {
  const row = `${aggregate.className}Row`;
  const deleted = deletionOf(aggregate);
  const [first] = aggregate.key;
  const returning = `.returning(${row}.${rowAttribute(first?.name ?? "id")})`;
  const statement = deleted
    ? `update(${row}).where(${keyConditions(aggregate)}).values(${rowAttribute(deleted.name)}=func.now())${returning}`
    : `delete(${row}).where(${keyConditions(aggregate)})${returning}`;
  return [
    `statement = (${statement})`,
    `with translated_violations(${violationArgument(plan, aggregate, "delete")}):`,
    `    deleted = await self._session.scalar(statement)`,
    `return deleted is not None`,
  ].join("\n");
}

function restoreBody(plan: BackendPlan, aggregate: AggregatePlan): string {
  const row = `${aggregate.className}Row`;
  const deleted = rowAttribute(deletionOf(aggregate)?.name ?? "deleted_at");
  const parameters = aggregate.keyParameters.join(", ");
  return [
    `statement = update(${row}).where(${keyEquality(aggregate).join(", ")}).values(${deleted}=None)`,
    `with translated_violations(${violationArgument(plan, aggregate, "write")}):`,
    `    await self._session.execute(statement)`,
    `row = await self._find_row(${parameters})`,
    `return None if row is None else to_${aggregate.module}(row)`,
  ].join("\n");
}

function flush(plan: BackendPlan, aggregate: AggregatePlan): string {
  return `with translated_violations(${violationArgument(plan, aggregate, "write")}):\n    await self._session.flush()`;
}

function violationArgument(plan: BackendPlan, aggregate: AggregatePlan, when: "write" | "delete"): string {
  return violationsWhen(plan, aggregate, when).length > 0 ? tableNames[when] : "{}";
}

/** Reads what the database holds, whatever the session remembers: triggers may have changed it. */
function findRow(plan: BackendPlan, aggregate: AggregatePlan): string {
  const { className, key, keyParameters } = aggregate;
  const row = `${className}Row`;
  const signature = key.map(({ type }, index) => `${keyParameters[index]}: ${type.expression}`).join(", ");
  const lock = locksRows(aggregate);
  const options = loadOptions(plan, aggregate).map((option) => `            .options(${option})`);
  return [
    `    async def _find_row(self, ${signature}${lock ? ", *, for_update: bool = False" : ""}) -> ${row} | None:`,
    `        statement = (`,
    `            select(${row})`,
    `            .where(${keyConditions(aggregate)})`,
    ...options,
    `            .execution_options(populate_existing=True)`,
    `        )`,
    ...(lock ? [`        if for_update:`, `            statement = statement.with_for_update()`] : []),
    `        return (await self._session.scalars(statement)).one_or_none()`,
  ].join("\n");
}

function keyConditions(aggregate: AggregatePlan): string {
  return [...keyEquality(aggregate), ...notDeleted(aggregate)].join(", ");
}

function keyEquality({ className, key, keyParameters }: AggregatePlan): readonly string[] {
  return key.map(({ name }, index) => `${className}Row.${rowAttribute(name)} == ${keyParameters[index]}`);
}

function notDeleted(aggregate: AggregatePlan): readonly string[] {
  const deleted = deletionOf(aggregate);
  return deleted ? [`${aggregate.className}Row.${rowAttribute(deleted.name)}.is_(None)`] : [];
}

function loadOptions(plan: BackendPlan, aggregate: AggregatePlan, path = ""): readonly string[] {
  return childrenOf(plan, aggregate).flatMap(({ child, target }) => {
    const step = `${path}${path === "" ? "" : "."}selectinload(${aggregate.className}Row.${child.attribute})`;
    const deeper = loadOptions(plan, target, step);
    return deeper.length > 0 ? deeper : [step];
  });
}

const chosenOrder = "ordering = _ORDERS.get(page.order, _DEFAULT_ORDER)";

function orderClauses(aggregate: AggregatePlan): string {
  if (aggregate.orders) return "*ordering.clauses";
  return isSorted(aggregate) ? "*_DEFAULT_ORDER.clauses" : ordering(aggregate);
}

/** Newest first where the table says when, then by key, so that pages neither repeat nor skip. */
function ordering({ className, fields, key }: AggregatePlan): string {
  const created = fields.find(({ role }) => role === "createdAt");
  const newest = created ? [`${className}Row.${rowAttribute(created.name)}.desc()`] : [];
  return [...newest, ...key.map(({ name }) => `${className}Row.${rowAttribute(name)}`)].join(", ");
}
