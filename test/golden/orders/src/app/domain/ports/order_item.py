"""Port of the OrderItem repository."""

from typing import Protocol
from uuid import UUID

from app.domain.order_item import (
    NewOrderItem,
    OrderItem,
    OrderItemChanges,
    OrderItemFilter,
)
from app.domain.paging import PageRequest


class OrderItemRepository(Protocol):
    """Data access of the OrderItem aggregate."""

    async def find_by_id(self, order_item_id: UUID) -> OrderItem | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: OrderItemFilter, page: PageRequest
    ) -> list[OrderItem]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: OrderItemFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewOrderItem) -> OrderItem:
        """Insert it and return it as the database holds it."""

    async def update(
        self, order_item_id: UUID, changes: OrderItemChanges
    ) -> OrderItem | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, order_item_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
