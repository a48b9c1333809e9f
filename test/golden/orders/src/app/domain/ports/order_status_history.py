"""Port of the OrderStatusHistory repository."""

from typing import Protocol
from uuid import UUID

from app.domain.order_status_history import (
    NewOrderStatusHistory,
    OrderStatusHistory,
    OrderStatusHistoryChanges,
    OrderStatusHistoryFilter,
)
from app.domain.paging import PageRequest


class OrderStatusHistoryRepository(Protocol):
    """Data access of the OrderStatusHistory aggregate."""

    async def find_by_id(
        self, order_status_history_id: UUID
    ) -> OrderStatusHistory | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: OrderStatusHistoryFilter, page: PageRequest
    ) -> list[OrderStatusHistory]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: OrderStatusHistoryFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewOrderStatusHistory) -> OrderStatusHistory:
        """Insert it and return it as the database holds it."""

    async def update(
        self, order_status_history_id: UUID, changes: OrderStatusHistoryChanges
    ) -> OrderStatusHistory | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, order_status_history_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
