import type { ApiPlan } from "./apiPlan.ts";
import type { GeneratedFile } from "./compilation.ts";
import type { BackendPlan } from "./plan.ts";
import { importsFrom, pythonModule, stringLiteral } from "./python.ts";
import { hasReserved, reservedModule } from "./reservedRoutes.ts";
import { asksDatabase, routerModules } from "./routerFiles.ts";

/** The application factory, request correlation and logging, and the probe of the health check. */
export function applicationFiles(plan: BackendPlan, api: ApiPlan, header: string): readonly GeneratedFile[] {
  const probes = api.operations.some(asksDatabase);
  return [
    { path: "src/app/main.py", text: mainText(plan, api), step: 7 },
    { path: "src/app/core/correlation.py", text: correlationText(header), step: 6 },
    { path: "src/app/core/logging.py", text: loggingText, step: 6 },
    ...(probes ? [{ path: "src/app/persistence/health.py", text: probeText, step: 5 as const }] : []),
  ];
}

function mainText({ title }: BackendPlan, api: ApiPlan): string {
  const modules = [...(hasReserved(api) ? [reservedModule] : []), ...routerModules(api)];
  // A table of settings has a router of that name.
  const settings = modules.includes("settings") ? "configuration" : "settings";
  const body = [
    `@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connection pool when the server stops."""
    yield
    await get_engine().dispose()`,
    [
      "def create_app() -> FastAPI:",
      '    """Build the application; settings that are missing stop it here."""',
      `    ${settings} = get_settings()`,
      `    configure_logging(${settings}.log_level)`,
      `    app = FastAPI(title=${stringLiteral(title)}, version=VERSION, lifespan=lifespan)`,
      `    if ${settings}.cors_origins:`,
      "        app.add_middleware(",
      "            CORSMiddleware,",
      `            allow_origins=${settings}.cors_origins,`,
      '            allow_methods=["*"],',
      '            allow_headers=["*"],',
      "        )",
      "    app.add_middleware(CorrelationMiddleware)",
      "    register_error_handlers(app)",
      ...modules.map((module) => `    app.include_router(${module}.router)`),
      "    return app",
    ].join("\n"),
  ];
  const imports = [
    ...importsFrom("collections.abc", "AsyncIterator"),
    ...importsFrom("contextlib", "asynccontextmanager"),
    ...importsFrom("fastapi", "FastAPI"),
    ...importsFrom("fastapi.middleware.cors", "CORSMiddleware"),
    ...importsFrom("app.api.routers", ...modules),
    ...importsFrom("app.core.config", "VERSION", "get_settings"),
    ...importsFrom("app.core.correlation", "CorrelationMiddleware"),
    ...importsFrom("app.core.database", "get_engine"),
    ...importsFrom("app.core.error_handlers", "register_error_handlers"),
    ...importsFrom("app.core.logging", "configure_logging"),
  ];
  return pythonModule({ docstring: "Application factory.", imports, body });
}

function correlationText(header: string): string {
  return `"""One id for everything that belongs to a request."""

from contextvars import ContextVar
from typing import Final
from uuid import UUID, uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CORRELATION_HEADER: Final = ${stringLiteral(header)}

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="-")


def current_correlation_id() -> str:
    """Return the id of the request that is being answered."""
    return _correlation_id.get()


class CorrelationMiddleware:
    """Takes the id of the request when it is a UUID, else makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry the id through the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = _uuid_or_new(Headers(scope=scope).get(CORRELATION_HEADER))
        _correlation_id.set(correlation_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[CORRELATION_HEADER] = correlation_id
            await send(message)

        await self._app(scope, receive, send_with_id)


def _uuid_or_new(value: str | None) -> str:
    try:
        return str(UUID(value or ""))
    except ValueError:
        return str(uuid4())
`;
}

const loggingText = `"""Logging: one line an event, each with the id of its request."""

import logging
from logging.config import dictConfig

from app.core.correlation import current_correlation_id


class CorrelationFilter(logging.Filter):
    """Adds the id of the current request to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.correlation_id = current_correlation_id()
        return True


def configure_logging(level: str) -> None:
    """Send all records to standard error."""
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"correlation": {"()": CorrelationFilter}},
            "formatters": {
                "line": {
                    "format": "%(asctime)s %(levelname)s %(name)s "
                    "[%(correlation_id)s] %(message)s"
                }
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "filters": ["correlation"],
                    "formatter": "line",
                }
            },
            "root": {"handlers": ["stderr"], "level": level},
        }
    )
`;

const probeText = `"""Whether the database answers."""

from time import perf_counter

from sqlalchemy import select

from app.core.database import get_session_factory


async def measure_latency() -> int:
    """Return how many milliseconds the database takes; raise if it is not there."""
    started = perf_counter()
    async with get_session_factory()() as session:
        await session.execute(select(1))
    return round((perf_counter() - started) * 1000)
`;
