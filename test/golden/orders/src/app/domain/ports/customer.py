"""Port of the Customer repository."""

from typing import Protocol
from uuid import UUID

from app.domain.customer import Customer, CustomerChanges, CustomerFilter, NewCustomer
from app.domain.paging import PageRequest


class CustomerRepository(Protocol):
    """Data access of the Customer aggregate."""

    async def find_by_id(self, customer_id: UUID) -> Customer | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: CustomerFilter, page: PageRequest
    ) -> list[Customer]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: CustomerFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewCustomer) -> Customer:
        """Insert it and return it as the database holds it."""

    async def update(
        self, customer_id: UUID, changes: CustomerChanges
    ) -> Customer | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, customer_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
