"""The error envelope, for the documentation of the API."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.core.errors import AppError


class ErrorBody(BaseModel):
    """Part of the error envelope."""

    code: str
    message: str
    correlation_id: str = Field(alias="correlationId")
    timestamp: datetime
    details: list[dict[str, Any]]


class ErrorResponse(BaseModel):
    """The answer to every request that fails."""

    error: ErrorBody


def error_responses(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Document the errors of a route by status, and the form of any other."""
    codes: dict[int, list[str]] = {}
    for error in errors:
        codes.setdefault(error.status_code, []).append(error.code.value)
    by_status: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorResponse, "description": ", ".join(names)}
        for status, names in codes.items()
    }
    return {
        **by_status,
        "default": {"model": ErrorResponse, "description": "Any other error"},
    }
