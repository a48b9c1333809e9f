import type { GeneratedFile } from "../compilation.ts";
import { rowAttribute } from "../modelFiles.ts";
import type { BackendPlan } from "../plan.ts";
import { docstring, importsFrom, pythonModule, stringLiteral } from "../python.ts";
import { ruleSummary } from "./keptRules.ts";
import type { SightPlan } from "./rulePlan.ts";

/** Who sees which rows: decided in the domain, and kept from every query of a session. */
export function sightFiles({ sights }: BackendPlan): readonly GeneratedFile[] {
  if (sights.length === 0) return [];
  return [
    { path: "src/app/domain/policies/sight.py", text: domainText(sights), step: 1 },
    { path: "src/app/persistence/sight.py", text: persistenceText(sights), step: 3 },
  ];
}

function domainText(sights: readonly SightPlan[]): string {
  return pythonModule({
    docstring: "Who sees which rows, by the rules of the design.",
    imports: importsFrom("app.domain.principal", "Principal"),
    body: sights.map(({ name, rule, roles }) => {
      const names = `{${roles.map(stringLiteral).join(", ")}}`;
      const test = "caller is not None and not roles.isdisjoint(caller.roles)";
      return [
        `def ${name}(${roles.length > 0 ? "caller" : "_"}: Principal | None) -> bool:`,
        docstring(ruleSummary(rule), 1),
        ...(roles.length > 0 ? [`    roles = ${names}`, `    return ${test}`] : ["    return False"]),
      ].join("\n");
    }),
  });
}

function persistenceText(sights: readonly SightPlan[]): string {
  const owners = new Set(sights.flatMap(({ owner }) => owner?.type.expression.replace(/ \| None$/, "") ?? []));
  return pythonModule({
    docstring: "What is kept from every query, so that no way of asking shows more.",
    imports: [
      ...importsFrom("uuid", "UUID"),
      ...importsFrom("sqlalchemy", "event", "false"),
      ...importsFrom("sqlalchemy.ext.asyncio", "AsyncSession"),
      ...importsFrom("sqlalchemy.orm", "LoaderCriteriaOption", "ORMExecuteState", "with_loader_criteria"),
      ...importsFrom("app.domain.policies.sight", ...sights.map(({ name }) => name)),
      ...importsFrom("app.domain.principal", "Principal"),
      ...sights.flatMap(({ aggregate, hidden }) => [
        ...importsFrom(`app.persistence.models.${aggregate.module}`, `${aggregate.className}Row`),
        ...(hidden?.field.type.imports ?? []),
      ]),
    ],
    body: [narrowText, criteriaText(sights), ...[...owners].toSorted().flatMap((type) => callerFunctions[type] ?? [])],
  });
}

const narrowText = `def narrow(session: AsyncSession, caller: Principal | None) -> None:
    """Leave out of all queries of the session what the caller may not see."""
    criteria = _criteria(caller)

    def narrowed(state: ORMExecuteState) -> None:
        if state.is_orm_statement:
            state.statement = state.statement.options(*criteria)

    if criteria:
        event.listen(session.sync_session, "do_orm_execute", narrowed)`;

function criteriaText(sights: readonly SightPlan[]): string {
  return [
    "def _criteria(caller: Principal | None) -> list[LoaderCriteriaOption]:",
    "    criteria: list[LoaderCriteriaOption] = []",
    ...sights.flatMap((sight) => {
      const row = `${sight.aggregate.className}Row`;
      return [`    if not ${sight.name}(caller):`, ...shownLines(sight, row).map((line) => `        ${line}`)];
    }),
    "    return criteria",
  ].join("\n");
}

function shownLines({ owner, hidden }: SightPlan, row: string): readonly string[] {
  if (owner) {
    const type = owner.type.expression.replace(/ \| None$/, "");
    const column = `${row}.${rowAttribute(owner.name)}`;
    const own = `own_${type.toLowerCase()}`;
    return [
      `${own} = _${type.toLowerCase()}_of(caller)`,
      `shown = false() if ${own} is None else ${column} == ${own}`,
      `criteria.append(with_loader_criteria(${row}, shown))`,
    ];
  }
  if (!hidden) return [];
  return [`criteria.append(with_loader_criteria(${row}, ${notInState(hidden, row)}))`];
}

/** What is not known to be in the state is shown. */
function notInState({ kind, field, members, holds }: NonNullable<SightPlan["hidden"]>, row: string): string {
  const column = `${row}.${rowAttribute(field.name)}`;
  if (kind === "flag") return `${column}.is_not(${holds ? "True" : "False"})`;
  if (kind === "moment") return `${column}.${holds ? "is_" : "is_not"}(None)`;
  const values = members.map(({ name }) => `${field.enum?.className}.${name}`).join(", ");
  return `${column}.${holds ? "not_in" : "in_"}([${values}])`;
}

const callerFunctions: Readonly<Record<string, string>> = {
  UUID: `def _uuid_of(caller: Principal | None) -> UUID | None:
    """The subject of a token need not be a UUID."""
    try:
        return None if caller is None else UUID(caller.user_id)
    except ValueError:
        return None`,
  int: `def _int_of(caller: Principal | None) -> int | None:
    """The subject of a token need not be a number."""
    try:
        return None if caller is None else int(caller.user_id)
    except ValueError:
        return None`,
  str: `def _str_of(caller: Principal | None) -> str | None:
    return None if caller is None else caller.user_id`,
};
