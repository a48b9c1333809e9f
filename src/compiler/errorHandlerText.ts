import type { EnvelopeField } from "../spec/model.ts";
import { kebabCase } from "../support/words.ts";
import type { ErrorCatalogue } from "./errorClasses.ts";
import { importsFrom, indent, pythonModule, stringLiteral } from "./python.ts";
import { pythonLiteral } from "./wireTypes.ts";

/** The designed envelope, and how it lists the faults of a request. */
export interface EnvelopePlan {
  readonly contentType: string;
  readonly fields: readonly EnvelopeField[];
  readonly details: { readonly isList: boolean; readonly field: string; readonly reason: string };
}

/** `app.core.error_handlers`: every failure of the service becomes the envelope, and nothing leaks. */
export function handlersText(errors: ErrorCatalogue, envelope: EnvelopePlan, saysWhen: boolean): string {
  const { invalid, internal, notFound, methodNotAllowed, unavailable } = errors;
  const used = [invalid, internal, notFound, methodNotAllowed, unavailable, errors.unauthenticated, errors.forbidden];
  const waits = errors.classes.some(({ retryAfter }) => saysWhen || retryAfter !== undefined);
  const body = [
    "logger = logging.getLogger(__name__)",
    statusTable(errors),
    ...(waits ? [waitingFunction] : []),
    envelopeFunction(envelope, waits),
    handlers(errors, envelope),
    databaseFunction(errors),
    registration,
  ];
  const imports = [
    "import logging",
    ...importsFrom("collections.abc", "Mapping", "Sequence"),
    ...importsFrom("datetime", "UTC", "datetime"),
    ...importsFrom("http.client", "responses"),
    ...importsFrom("typing", "Any", "Final"),
    ...importsFrom("fastapi", "FastAPI", "Request", "status"),
    ...importsFrom("fastapi.exceptions", "RequestValidationError"),
    ...importsFrom("fastapi.responses", "JSONResponse"),
    ...importsFrom("fastapi.routing", "APIRoute"),
    ...importsFrom("sqlalchemy.exc", "DBAPIError"),
    ...importsFrom("starlette.exceptions", "HTTPException"),
    ...importsFrom("app.core.correlation", "CORRELATION_HEADER", "current_correlation_id"),
    ...importsFrom("app.core.errors", "AppError", ...used.map(({ className }) => className)),
  ];
  return pythonModule({
    docstring: "Central error handling: every failure gets the designed envelope.",
    imports,
    body,
  });
}

function statusTable({ notFound, methodNotAllowed, invalid, unauthenticated, forbidden }: ErrorCatalogue): string {
  const rows: readonly (readonly [number, string])[] = [
    [400, invalid.className],
    [401, unauthenticated.className],
    [403, forbidden.className],
    [404, notFound.className],
    [405, methodNotAllowed.className],
  ];
  return [
    "_BY_STATUS: Final[Mapping[int, type[AppError]]] = {",
    ...rows.map(([status, name]) => `    ${status}: ${name},`),
    "}",
  ].join("\n");
}

const waitingFunction = `def _waiting_time(error: AppError) -> dict[str, str]:
    return {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}`;

function envelopeFunction({ fields, contentType }: EnvelopePlan, waits: boolean): string {
  const media = contentType === "application/json" ? [] : [`        media_type=${stringLiteral(contentType)},`];
  return [
    "def _answer(request: Request, error: AppError, headers: Mapping[str, str] | None = None) -> JSONResponse:",
    "    level = logging.ERROR if _is_ours(error.status_code) else logging.INFO",
    '    logger.log(level, "%s on %s", error.code.value, request.url.path)',
    "    correlation_id = current_correlation_id()",
    "    if error.status_code == status.HTTP_405_METHOD_NOT_ALLOWED:",
    '        headers = {**(headers or {}), "Allow": ", ".join(_allowed_methods(request))}',
    "    return JSONResponse(",
    "        status_code=error.status_code,",
    `        content=${dictionary(fields)},`,
    `        headers={**(headers or {}), ${waits ? "**_waiting_time(error), " : ""}CORRELATION_HEADER: correlation_id},`,
    ...media,
    "    )",
  ].join("\n");
}

function dictionary(fields: readonly EnvelopeField[], depth = 0): string {
  const names = [...new Set(fields.flatMap(({ path }) => path[depth] ?? []))];
  const rows = names.map((name) => {
    const own = fields.filter(({ path }) => path[depth] === name);
    const leaf = own.find(({ path }) => path.length === depth + 1);
    return `${stringLiteral(name)}: ${leaf ? leafValue(leaf) : dictionary(own, depth + 1)},`;
  });
  return `{\n${indent(rows.join("\n"))}\n}`;
}

function leafValue({ role, value }: EnvelopeField): string {
  switch (role) {
    case "code":
      return "error.code.value";
    case "message":
      return "error.message";
    case "status":
      return "error.status_code";
    case "details":
      return "_details(error)";
    case "correlationId":
      return "correlation_id";
    case "timestamp":
      return 'datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")';
    case "path":
      return "request.url.path";
    case "retryable":
      return "error.retryable";
    case "type":
      return problemType(value);
    case "reason":
      return 'responses.get(error.status_code, "Error")';
    case "constant":
      return pythonLiteral(value ?? null);
  }
}

/** The design's own URI with the code as its last part, else the one that RFC 9457 keeps for "no type". */
function problemType(value: EnvelopeField["value"]): string {
  const base = typeof value === "string" ? /^(https?:\/\/.+\/|urn:.+:)/.exec(value)?.[1] : undefined;
  if (base === undefined) return stringLiteral("about:blank");
  const example = typeof value === "string" ? value.slice(base.length) : "";
  const isKebab = example === kebabCase(example);
  const code = isKebab ? 'error.code.value.lower().replace("_", "-")' : "error.code.value";
  return `${stringLiteral(base)} + ${code}`;
}

function handlers({ invalid, internal }: ErrorCatalogue, { details }: EnvelopePlan): string {
  const entry = `{${stringLiteral(details.field)}: field, ${stringLiteral(details.reason)}: fault["msg"]}`;
  const result = details.isList ? "return list(error.details)" : detailsObject(details.field, details.reason);
  const annotation = details.isList ? "list[Mapping[str, Any]]" : "dict[str, Any]";
  return `def _is_ours(status_code: int) -> bool:
    return status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR


def _details(error: AppError) -> ${annotation}:
${indent(result)}


async def handle_app_error(request: Request, exc: Exception) -> JSONResponse:
    """Answer with a catalogued error."""
    if not isinstance(exc, AppError):
        return await handle_unexpected(request, exc)
    return _answer(request, exc)


async def handle_validation(request: Request, exc: Exception) -> JSONResponse:
    """Answer to a request that the models refuse, one entry for each fault."""
    if not isinstance(exc, RequestValidationError):
        return await handle_unexpected(request, exc)
    faults: list[dict[str, Any]] = []
    for fault in exc.errors():
        field = ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0])
        faults.append(${entry})
    return _answer(request, ${invalid.className}(details=faults))


async def handle_http(request: Request, exc: Exception) -> JSONResponse:
    """Answer to what the framework refuses: unknown paths and methods."""
    if not isinstance(exc, HTTPException):
        return await handle_unexpected(request, exc)
    fallback = ${internal.className} if _is_ours(exc.status_code) else ${invalid.className}
    error = _BY_STATUS.get(exc.status_code, fallback)
    return _answer(request, error(), exc.headers)


def _allowed_methods(request: Request) -> list[str]:
    """List the methods of every route of the path; the framework stops at one."""
    found = request.scope.get("route")
    routes = [
        route
        for route in request.app.router.routes
        if isinstance(route, APIRoute)
        and isinstance(found, APIRoute)
        and route.include_in_schema
        and route.path == found.path
    ]
    return sorted({method for route in routes for method in route.methods or ()})


async def handle_database(request: Request, exc: Exception) -> JSONResponse:
    """Answer to a failure of the database that no repository translates."""
    error = _database_error(exc)
    if error is None:
        return await handle_unexpected(request, exc)
    logger.warning("database failure", exc_info=exc)
    return _answer(request, error)


async def handle_unexpected(request: Request, exc: Exception) -> JSONResponse:
    """Log what nobody foresaw, and tell the client nothing of it."""
    logger.error("unexpected failure", exc_info=exc)
    return _answer(request, ${internal.className}())`;
}

function detailsObject(field: string, reason: string): string {
  return `return {
    str(detail.get(${stringLiteral(field)}, index)): detail.get(${stringLiteral(reason)}, detail)
    for index, detail in enumerate(error.details)
}`;
}

/** SQLSTATE classes: 22 is a value that PostgreSQL refuses, 08, 53 and 57P are a database that is not there. */
function databaseFunction({ invalid, unavailable, forbidden }: ErrorCatalogue): string {
  return `def _database_error(exc: Exception) -> AppError | None:
    """Tell a refused value and an unreachable database from a defect."""
    if not isinstance(exc, DBAPIError):
        return ${unavailable.className}() if isinstance(exc, OSError) else None
    state = str(getattr(exc.orig, "sqlstate", None) or "")
    if exc.connection_invalidated or state.startswith(("08", "53", "57P")):
        return ${unavailable.className}()
    if state == "42501":
        return ${forbidden.className}()
    is_value = state.startswith("22") or state == "23514"
    return ${invalid.className}() if is_value else None`;
}

const registration = `def register_error_handlers(app: FastAPI) -> None:
    """Attach the handlers, from the special to the general."""
    app.add_exception_handler(AppError, handle_app_error)
    app.add_exception_handler(RequestValidationError, handle_validation)
    app.add_exception_handler(HTTPException, handle_http)
    app.add_exception_handler(DBAPIError, handle_database)
    app.add_exception_handler(OSError, handle_database)
    app.add_exception_handler(Exception, handle_unexpected)`;
