"""Port of the Order repository."""

from typing import Protocol
from uuid import UUID

from app.domain.order import NewOrder, Order, OrderChanges, OrderFilter
from app.domain.paging import PageRequest


class OrderRepository(Protocol):
    """Data access of the Order aggregate."""

    async def find_by_id(
        self, order_id: UUID, *, for_update: bool = False
    ) -> Order | None:
        """Return the one with this key, with its items, if the caller may see it."""

    async def find_all(self, criteria: OrderFilter, page: PageRequest) -> list[Order]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: OrderFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewOrder) -> Order:
        """Insert it, with its items, and return it as the database holds it."""

    async def update(self, order_id: UUID, changes: OrderChanges) -> Order | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, order_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
