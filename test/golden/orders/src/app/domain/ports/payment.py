"""Port of the Payment repository."""

from typing import Protocol
from uuid import UUID

from app.domain.paging import PageRequest
from app.domain.payment import NewPayment, Payment, PaymentChanges, PaymentFilter


class PaymentRepository(Protocol):
    """Data access of the Payment aggregate."""

    async def find_by_id(self, payment_id: UUID) -> Payment | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: PaymentFilter, page: PageRequest
    ) -> list[Payment]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: PaymentFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewPayment) -> Payment:
        """Insert it and return it as the database holds it."""

    async def update(self, payment_id: UUID, changes: PaymentChanges) -> Payment | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, payment_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
