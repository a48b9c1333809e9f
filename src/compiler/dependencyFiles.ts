import type { SecurityScheme } from "../spec/security.ts";
import { pascalCase } from "../support/words.ts";
import type { Access, ApiPlan } from "./apiPlan.ts";
import { type CallerDependency, callersOf } from "./callers.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { storeDependency } from "./fileStoreFiles.ts";
import { onceFunctions } from "./headerParameters.ts";
import { workDependencies, workImports } from "./jobs.ts";
import type { AggregatePlan, BackendPlan, PythonImport } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { limitFunctions } from "./rateLimits.ts";
import { apiKeySchemes } from "./securityFiles.ts";
import { pythonLiteral } from "./wireTypes.ts";

/** What the routers ask for: the caller, the caller's roles, and the services bound to the caller. */
export function dependencyFile(plan: BackendPlan, api: ApiPlan, errors: ErrorCatalogue): GeneratedFile {
  const { operations } = api;
  const services = servicesOf(api);
  const guards = new Map(operations.flatMap(({ access }) => guardOf(access) ?? []));
  const body = [
    ...(plan.hasCallers ? principal(plan, errors) : []),
    ...allCallers(api).map((caller) => callerFunction(caller, errors)),
    ...(operations.some(({ access }) => access.anyOf.length > 0) ? [rolesFunction(errors)] : []),
    ...(operations.some(({ access }) => access.allOf.length > 0) ? [scopesFunction(errors)] : []),
    ...onceFunctions(operations),
    ...storeDependency(api),
    ...workDependencies(operations),
    ...limitFunctions(api),
    [...guards].map(([name, guard]) => `${name} = ${guard}`).join("\n"),
    ...[...services].map(([name, service]) => serviceFunction(name, service, plan.hasCallers)),
  ];
  const targets = [...services.values()].map(({ target }) => target);
  const text = pythonModule({
    docstring: "Dependencies of the routes.",
    imports: dependencyImports(targets, errors),
    body,
  });
  return { path: "src/app/api/deps.py", text, step: 6 };
}

export function serviceDependency({ className }: AggregatePlan, access: Access): string {
  return `${access.public ? "Public" : ""}${className}ServiceDep`;
}

/** Name of the guard that checks roles; undefined when every authenticated caller may call. */
export function accessName(access: Access): readonly string[] | undefined {
  const guard = guardOf(access);
  return guard && [guard[0]?.[0] ?? ""];
}

interface BoundService {
  readonly target: AggregatePlan;
  readonly access: Access;
}

function servicesOf({ operations }: ApiPlan): ReadonlyMap<string, BoundService> {
  return new Map(
    operations.flatMap(({ target, access }): (readonly [string, BoundService])[] =>
      target ? [[serviceDependency(target, access), { target, access }]] : [],
    ),
  );
}

/** Every way in which some row names the caller, once. */
function allCallers({ operations }: ApiPlan): readonly CallerDependency[] {
  const dependencies = operations.flatMap(callersOf);
  return [...new Map(dependencies.map((dependency) => [dependency.name, dependency])).values()];
}

function dependencyImports(targets: readonly AggregatePlan[], errors: ErrorCatalogue): readonly PythonImport[] {
  const keySchemes = ["APIKeyCookie", "APIKeyHeader", "APIKeyQuery"];
  const schemeNames = ["HTTPAuthorizationCredentials", "HTTPBearer", "OAuth2PasswordBearer", "SecurityScopes"];
  return [
    ...importsFrom("typing", "Annotated"),
    ...importsFrom("collections.abc", "Awaitable", "Callable"),
    ...importsFrom("functools", "lru_cache"),
    ...importsFrom("hashlib", "sha256"),
    ...importsFrom("uuid", "UUID"),
    ...importsFrom("fastapi", "Depends", "Header", "Request", "Security"),
    ...importsFrom("pydantic", "Field"),
    ...importsFrom("app.api.schemas.common", "Omittable"),
    ...importsFrom("app.services.idempotency", "OnceRequest"),
    ...importsFrom("app.domain.ports.file_store", "FileStore"),
    ...importsFrom("app.domain.ports.rate_limiter", "RateLimiter"),
    ...importsFrom("app.core.rate_limits", "MemoryRateLimiter"),
    ...importsFrom("app.persistence.local_file_store", "LocalFileStore"),
    ...importsFrom("fastapi.security", ...keySchemes, ...schemeNames),
    ...importsFrom("app.core.config", "Settings", "get_settings"),
    ...importsFrom("app.core.database", "get_session_factory"),
    ...importsFrom("app.core.errors", errors.unauthenticated.className, errors.forbidden.className),
    ...(errors.limited ? importsFrom("app.core.errors", errors.limited.className) : []),
    ...importsFrom("app.core.security", "principal_of_key", "verify_token"),
    ...importsFrom("app.domain.principal", "Principal"),
    ...importsFrom("app.persistence.unit_of_work", "SqlUnitOfWork"),
    ...workImports(targets),
    ...targets.flatMap(({ module, className }) => importsFrom(`app.services.${module}`, `${className}Service`)),
  ];
}

function guardOf({ anyOf, allOf }: Access): readonly (readonly [string, string])[] | undefined {
  const roles = allOf.length > 0 ? allOf : anyOf;
  if (roles.length === 0) return undefined;
  const name = `Requires${roles.map(pascalCase).join(allOf.length > 0 ? "And" : "Or")}`;
  const names = roles.map(stringLiteral).join(", ");
  const guard = allOf.length > 0 ? `Security(require_scopes, scopes=[${names}])` : `Depends(require_roles(${names}))`;
  return [[name, guard]];
}

function principal(plan: BackendPlan, errors: ErrorCatalogue): readonly string[] {
  return [
    schemes(plan),
    principalFunction(plan, errors),
    "CurrentPrincipal = Annotated[Principal, Depends(get_principal)]",
  ];
}

function schemes({ spec }: BackendPlan): string {
  const keys = apiKeySchemes(spec).map(({ parameter }) => {
    const kind =
      parameter?.in === "query" ? "APIKeyQuery" : parameter?.in === "cookie" ? "APIKeyCookie" : "APIKeyHeader";
    return `_api_key = ${kind}(name=${stringLiteral(parameter?.name ?? "X-API-Key")}, auto_error=False)`;
  });
  return [tokenScheme(spec), ...keys.slice(0, 1)].join("\n");
}

/** OAuth2's password flow is documented with its scopes; every other bearer token is just one. */
function tokenScheme(spec: BackendPlan["spec"]): string {
  const flow = passwordFlow(spec);
  if (!flow) return "_bearer = HTTPBearer(auto_error=False)";
  const options = [
    `tokenUrl=${stringLiteral(flow.tokenUrl)}`,
    `scopes=${pythonLiteral(flow.scopes)}`,
    "auto_error=False",
  ];
  return `_oauth2 = OAuth2PasswordBearer(${options.join(", ")})`;
}

function passwordFlow({ api }: BackendPlan["spec"]): SecurityScheme["password"] {
  return api.securitySchemes.find(({ password }) => password)?.password;
}

function principalFunction({ spec }: BackendPlan, errors: ErrorCatalogue): string {
  const withKey = apiKeySchemes(spec).length > 0;
  const [name, parameter, token] = passwordFlow(spec)
    ? ["token", "token: Annotated[str | None, Depends(_oauth2)]", "token"]
    : [
        "credentials",
        "credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]",
        "credentials.credentials",
      ];
  const missing = withKey
    ? [
        `    if ${name} is None:`,
        "        if api_key is None:",
        `            raise ${errors.unauthenticated.className}()`,
        "        return principal_of_key(api_key, settings)",
      ]
    : [`    if ${name} is None:`, `        raise ${errors.unauthenticated.className}()`];
  return [
    "async def get_principal(",
    `    ${parameter},`,
    ...(withKey ? ["    api_key: Annotated[str | None, Depends(_api_key)],"] : []),
    "    settings: Annotated[Settings, Depends(get_settings)],",
    ") -> Principal:",
    '    """Authenticate the caller, or answer that nobody is signed in."""',
    ...missing,
    `    return verify_token(${token}, settings)`,
  ].join("\n");
}

function callerFunction(caller: CallerDependency, errors: ErrorCatalogue): string {
  const { name, parameter, type, claim, role } = caller;
  const result = role === undefined ? type : `${type} | None`;
  const summary =
    role === undefined
      ? `Return the ${claim === "tenant_id" ? "caller's tenant" : "caller"} as the rows name it.`
      : "Return the caller whose own rows are all that is shown; None for the others.";
  const others =
    role === undefined ? [] : [`    if ${stringLiteral(role)} not in principal.roles:`, "        return None"];
  const value = `principal.${claim}`;
  const failure = claim === "tenant_id" ? errors.forbidden.className : errors.unauthenticated.className;
  const missing = claim === "tenant_id" ? [`    if ${value} is None:`, `        raise ${failure}()`] : [];
  const converted = [
    "    try:",
    `        return ${type}(${value})`,
    "    except ValueError as error:",
    `        raise ${failure}() from error`,
  ];
  return [
    `def get_${parameter}(principal: CurrentPrincipal) -> ${result}:`,
    `    """${summary}"""`,
    ...others,
    ...missing,
    ...(type === "str" ? [`    return ${value}`] : converted),
    "",
    "",
    `${name} = Annotated[${result}, Depends(get_${parameter})]`,
  ].join("\n");
}

function rolesFunction(errors: ErrorCatalogue): string {
  return `def require_roles(*roles: str) -> Callable[[Principal], None]:
    """Let only callers pass who have one of the roles."""

    def check(principal: CurrentPrincipal) -> None:
        if not set(roles).intersection(principal.roles):
            raise ${errors.forbidden.className}()

    return check`;
}

function scopesFunction(errors: ErrorCatalogue): string {
  return `def require_scopes(needed: SecurityScopes, principal: CurrentPrincipal) -> None:
    """Let only callers pass whose token has every scope that the route asks for."""
    if not set(needed.scopes).issubset(principal.roles):
        raise ${errors.forbidden.className}()`;
}

function serviceFunction(name: string, { target, access }: BoundService, hasCallers: boolean): string {
  const service = `${target.className}Service`;
  const getter = `get_${access.public ? "public_" : ""}${target.module.replace(/_$/, "")}_service`;
  const parameter = access.public ? "" : "principal: CurrentPrincipal";
  const scope = !hasCallers ? "on the database" : access.public ? "for anybody" : "bound to the caller";
  const caller = !hasCallers ? "" : access.public ? ", None" : ", principal";
  return [
    `def ${getter}(${parameter}) -> ${service}:`,
    `    """Return the service ${scope}."""`,
    "    factory = get_session_factory()",
    `    return ${service}(lambda: SqlUnitOfWork(factory${caller}))`,
    "",
    "",
    `${name} = Annotated[${service}, Depends(${getter})]`,
  ].join("\n");
}
