import type { GeneratedFile } from "./compilation.ts";
import { isWithoutZone } from "./fieldPlans.ts";
import type { BackendPlan } from "./plan.ts";
import { importsFrom, lineWidth, pythonModule, stringLiteral } from "./python.ts";
import { countsInTransaction } from "./rules/policyFiles.ts";
import { claimsSetting, isReadAsUuid, needsValue } from "./sessionSettings.ts";
import { actsForTenants } from "./signInFiles.ts";

/** The transaction boundary with the caller bound to it, the session settings, and the engine. */
export function unitOfWorkFiles(plan: BackendPlan): readonly GeneratedFile[] {
  const bound = bindsSession(plan);
  return [
    { path: "src/app/core/database.py", text: databaseText(plan), step: 3 },
    { path: "src/app/persistence/integrity.py", text: integrityText(plan), step: 3 },
    ...(bound ? [{ path: "src/app/persistence/session_settings.py", text: settingsText(plan), step: 3 as const }] : []),
    { path: "src/app/persistence/unit_of_work.py", text: unitOfWorkText(plan, bound), step: 3 },
  ];
}

function bindsSession({ session }: BackendPlan): boolean {
  return session.settings.length > 0 || session.supabase || session.roles.length > 0;
}

function unitOfWorkText(plan: BackendPlan, bound: boolean): string {
  const attributes = plan.aggregates.map(
    ({ className, plural }) => `        self.${plural} = Sql${className}Repository(self._session)`,
  );
  const groups = groupsThatFit(attributes);
  const openers = groups.map((group, index) => [`    def _open_${index + 1}(self) -> None:`, ...group].join("\n"));
  const isSmall = groups.length <= 1;
  const acts = bound && actsForTenants(plan.aggregates);
  const enter = bound ? (acts ? ["        await self._tell_caller()"] : tellingCaller) : [];
  const blocks = [
    [
      `    def __init__(self, factory: async_sessionmaker[AsyncSession]${plan.hasCallers ? ", principal: Principal | None" : ""}) -> None:`,
      "        self._session = factory()",
      ...(plan.sights.length > 0 ? ["        narrow(self._session, principal)"] : []),
      ...(bound ? ["        self._principal = principal"] : []),
      ...(isSmall ? attributes : groups.map((_, index) => `        self._open_${index + 1}()`)),
    ].join("\n"),
    ...(isSmall ? [] : openers),
    [
      "    async def __aenter__(self) -> Self:",
      "        await self._session.begin()",
      ...enter,
      "        return self",
    ].join("\n"),
    exitText,
    ...(acts ? [actText, ["    async def _tell_caller(self) -> None:", ...tellingCaller].join("\n")] : []),
    ...(countsInTransaction(plan) ? [holdText] : []),
  ];
  const summary = bound
    ? '    """One transaction; row-level security sees the caller for as long as it lasts."""'
    : '    """One transaction: committed when the block ends, rolled back when it raises."""';
  const body = [["class SqlUnitOfWork:", summary, "", blocks.join("\n\n")].join("\n")];
  const imports = [
    ...importsFrom("types", "TracebackType"),
    ...importsFrom("typing", "Self"),
    ...importsFrom("sqlalchemy", "func", "select"),
    ...importsFrom("sqlalchemy.ext.asyncio", "AsyncSession", "async_sessionmaker"),
    ...importsFrom("app.domain.principal", "Principal"),
    ...importsFrom("app.persistence.session_settings", "session_settings"),
    ...importsFrom("app.persistence.sight", "narrow"),
    ...plan.aggregates.flatMap(({ className, module }) =>
      importsFrom(`app.persistence.repositories.${module}`, `Sql${className}Repository`),
    ),
  ];
  return pythonModule({ docstring: "Transaction boundary on one database session.", imports, body });
}

/** Lines of a method that assigns; a line that is too wide becomes three. */
const maxAssignmentLines = 40;

function groupsThatFit(lines: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let height = 0;
  for (const line of lines) {
    const needed = line.length > lineWidth ? 3 : 1;
    if (height + needed > maxAssignmentLines) {
      groups.push([]);
      height = 0;
    }
    groups.at(-1)?.push(line);
    height += needed;
  }
  return groups;
}

const exitText = `    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if exc_type is None:
                await self._session.commit()
            else:
                await self._session.rollback()
        finally:
            await self._session.close()`;

/** For as long as the transaction lasts; a setting of the session would outlive it. */
const tellingCaller = [
  "        settings = session_settings(self._principal)",
  "        calls = [func.set_config(name, value, True) for name, value in settings.items()]",
  "        await self._session.execute(select(*calls))",
];

const actText = `    async def act_as(self, principal: Principal) -> None:
        """Let row-level security see another caller from here on."""
        self._principal = principal
        await self._tell_caller()`;

/** An advisory lock asks for no rights on rows, which policies may hide, and cannot be forgotten. */
const holdText = `    async def hold(self, name: str) -> None:
        """Let nobody else hold the name until the transaction ends."""
        lock = func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
        await self._session.execute(select(lock))`;

function settingsText(plan: BackendPlan): string {
  const { session, spec } = plan;
  const uuid = session.settings.filter(({ name }) => isReadAsUuid(spec, name));
  const entries = session.settings.map(({ name, claim }) => {
    const value = claimValue[claim];
    const fallback = needsValue(spec, name) ? "_NOBODY" : '""';
    return `        ${stringLiteral(name)}: ${uuid.some((item) => item.name === name) ? `_uuid(${value}, ${fallback})` : value},`;
  });
  const claims = session.supabase ? [`        ${stringLiteral(claimsSetting)}: _claims(principal),`] : [];
  const role = session.roles.length > 0 ? ['        "role": _database_role(principal),'] : [];
  const used = entries.join("\n");
  const body = [
    ...(used.includes("_NOBODY")
      ? ["# Where a policy casts without nullif: a UUID that is nobody's.\n_NOBODY = str(UUID(int=0))"]
      : []),
    [
      "def session_settings(principal: Principal | None) -> dict[str, str]:",
      '    """Return what policies and functions read with ``current_setting``."""',
      ...(used.includes("user_id") ? ['    user_id = principal.user_id if principal else ""'] : []),
      ...(used.includes("tenant_id") ? ['    tenant_id = (principal.tenant_id if principal else None) or ""'] : []),
      ...(used.includes("role,") ? ['    role = principal.roles[0] if principal and principal.roles else ""'] : []),
      "    return {",
      ...[...entries, ...claims, ...role],
      "    }",
    ].join("\n"),
    ...(uuid.length > 0 ? [uuidFunction] : []),
    ...(session.supabase ? [claimsFunction] : []),
    ...(session.roles.length > 0 ? [roleFunction(session.roles)] : []),
  ];
  const imports = ["import json", ...importsFrom("uuid", "UUID"), ...importsFrom("app.domain.principal", "Principal")];
  return pythonModule({ docstring: "The caller, in the form in which row policies ask for it.", imports, body });
}

const claimValue = { user_id: "user_id", tenant_id: "tenant_id", role: "role" } as const;

const uuidFunction = `def _uuid(value: str, fallback: str) -> str:
    """Policies cast the setting, and the subject of a token need not be a UUID."""
    try:
        return str(UUID(value))
    except ValueError:
        return fallback`;

const claimsFunction = `def _claims(principal: Principal | None) -> str:
    if principal is None:
        return json.dumps({"role": "anon"})
    role = principal.roles[0] if principal.roles else "authenticated"
    return json.dumps({"sub": principal.user_id, "role": role})`;

/** Policies \`TO role\` hold for the role of the transaction, so the unit of work takes it on. */
function roleFunction(roles: readonly string[]): string {
  const anonymous = roles.includes("anon") ? '"anon"' : roles.length === 1 ? stringLiteral(roles[0] ?? "") : '"none"';
  const fallback = roles.includes("authenticated")
    ? '"authenticated"'
    : roles.length === 1
      ? stringLiteral(roles[0] ?? "")
      : '"none"';
  const own = roles.filter((role) => role !== "anon" && role !== "authenticated");
  if (own.length === 0 || (roles.length === 1 && own.length === 1)) {
    if (anonymous === fallback) return `def _database_role(_: Principal | None) -> str:\n    return ${fallback}`;
    return `def _database_role(principal: Principal | None) -> str:\n    return ${anonymous} if principal is None else ${fallback}`;
  }
  return [
    "def _database_role(principal: Principal | None) -> str:",
    "    if principal is None:",
    `        return ${anonymous}`,
    `    designed = {${own.map(stringLiteral).join(", ")}}`,
    `    return next((role for role in principal.roles if role in designed), ${fallback})`,
  ].join("\n");
}

function integrityText(plan: BackendPlan): string {
  const forbidden = plan.errors.forbidden.className;
  const imports = [
    ...importsFrom("collections.abc", "Callable", "Iterator", "Mapping"),
    ...importsFrom("contextlib", "contextmanager"),
    ...importsFrom("typing", "Final"),
    ...importsFrom("sqlalchemy.exc", "DBAPIError"),
    ...importsFrom("sqlalchemy.orm.exc", "StaleDataError"),
    ...importsFrom("app.core.errors", forbidden),
  ];
  const body = [
    '_INSUFFICIENT_PRIVILEGE: Final = "42501"',
    `@contextmanager
def translated_violations(violations: Mapping[str, Callable[[], Exception]]) -> Iterator[None]:
    """Raise the catalogued error of a violated constraint; any other failure passes.

    A write that a row policy refuses is forbidden: PostgreSQL says so or finds no row.
    """
    try:
        yield
    except StaleDataError as failure:
        raise ${forbidden}() from failure
    except DBAPIError as failure:
        if getattr(failure.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise ${forbidden}() from failure
        error = violations.get(_constraint_name(failure))
        if error is None:
            raise
        raise error() from failure`,
    `def _constraint_name(failure: DBAPIError) -> str:
    cause = getattr(failure.orig, "__cause__", None)
    return str(getattr(cause, "constraint_name", None) or "")`,
  ];
  return pythonModule({ docstring: "Translation of database errors into those of the error design.", imports, body });
}

function databaseText(plan: BackendPlan): string {
  const inet = plan.aggregates.some(({ table }) =>
    table.columns.some(({ type }) => type.name === "inet" || type.name === "cidr"),
  );
  const local = plan.aggregates.some(({ fields }) => fields.some(isWithoutZone));
  const options = [
    "url",
    "pool_pre_ping=True",
    ...(inet ? ["native_inet_types=False"] : []),
    ...(local ? ['connect_args={"server_settings": {"timezone": "UTC"}}'] : []),
  ];
  const body = [
    [
      "@lru_cache(maxsize=1)",
      "def get_engine() -> AsyncEngine:",
      '    """Return the engine, created on first use."""',
      "    url = str(get_settings().database_url)",
      '    url = url.replace("postgresql://", "postgresql+asyncpg://", 1)',
      `    return create_async_engine(${options.join(", ")})`,
    ].join("\n"),
    `@lru_cache(maxsize=1)
def get_session_factory() -> async_sessionmaker[AsyncSession]:
    """Return the session factory, created on first use."""
    return async_sessionmaker(get_engine(), expire_on_commit=False)`,
  ];
  const imports = [
    ...importsFrom("functools", "lru_cache"),
    ...importsFrom(
      "sqlalchemy.ext.asyncio",
      "AsyncEngine",
      "AsyncSession",
      "async_sessionmaker",
      "create_async_engine",
    ),
    ...importsFrom("app.core.config", "get_settings"),
  ];
  return pythonModule({ docstring: "Engine and session factory.", imports, body });
}
