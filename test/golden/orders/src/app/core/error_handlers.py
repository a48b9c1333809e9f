"""Central error handling: every failure gets the designed envelope."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from app.core.correlation import CORRELATION_HEADER, current_correlation_id
from app.core.errors import (
    AppError,
    ForbiddenError,
    InternalError,
    MethodNotAllowedError,
    NotFoundError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

logger = logging.getLogger(__name__)


_BY_STATUS: Final[Mapping[int, type[AppError]]] = {
    400: ValidationError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    405: MethodNotAllowedError,
}


def _waiting_time(error: AppError) -> dict[str, str]:
    return {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}


def _answer(
    request: Request, error: AppError, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    level = logging.ERROR if _is_ours(error.status_code) else logging.INFO
    logger.log(level, "%s on %s", error.code.value, request.url.path)
    correlation_id = current_correlation_id()
    if error.status_code == status.HTTP_405_METHOD_NOT_ALLOWED:
        headers = {**(headers or {}), "Allow": ", ".join(_allowed_methods(request))}
    return JSONResponse(
        status_code=error.status_code,
        content={
            "error": {
                "code": error.code.value,
                "message": error.message,
                "correlationId": correlation_id,
                "timestamp": datetime.now(UTC)
                .isoformat(timespec="milliseconds")
                .replace("+00:00", "Z"),
                "details": _details(error),
            },
        },
        headers={
            **(headers or {}),
            **_waiting_time(error),
            CORRELATION_HEADER: correlation_id,
        },
    )


def _is_ours(status_code: int) -> bool:
    return status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR


def _details(error: AppError) -> list[Mapping[str, Any]]:
    return list(error.details)


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
        faults.append({"field": field, "reason": fault["msg"]})
    return _answer(request, ValidationError(details=faults))


async def handle_http(request: Request, exc: Exception) -> JSONResponse:
    """Answer to what the framework refuses: unknown paths and methods."""
    if not isinstance(exc, HTTPException):
        return await handle_unexpected(request, exc)
    fallback = InternalError if _is_ours(exc.status_code) else ValidationError
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
    return _answer(request, InternalError())


def _database_error(exc: Exception) -> AppError | None:
    """Tell a refused value and an unreachable database from a defect."""
    if not isinstance(exc, DBAPIError):
        return ServiceUnavailableError() if isinstance(exc, OSError) else None
    state = str(getattr(exc.orig, "sqlstate", None) or "")
    if exc.connection_invalidated or state.startswith(("08", "53", "57P")):
        return ServiceUnavailableError()
    if state == "42501":
        return ForbiddenError()
    is_value = state.startswith("22") or state == "23514"
    return ValidationError() if is_value else None


def register_error_handlers(app: FastAPI) -> None:
    """Attach the handlers, from the special to the general."""
    app.add_exception_handler(AppError, handle_app_error)
    app.add_exception_handler(RequestValidationError, handle_validation)
    app.add_exception_handler(HTTPException, handle_http)
    app.add_exception_handler(DBAPIError, handle_database)
    app.add_exception_handler(OSError, handle_database)
    app.add_exception_handler(Exception, handle_unexpected)
