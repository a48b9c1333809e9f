"""One id for everything that belongs to a request."""

from contextvars import ContextVar
from typing import Final
from uuid import UUID, uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CORRELATION_HEADER: Final = "X-Correlation-Id"

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
