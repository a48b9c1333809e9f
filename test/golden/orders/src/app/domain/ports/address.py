"""Port of the Address repository."""

from typing import Protocol
from uuid import UUID

from app.domain.address import Address, AddressChanges, AddressFilter, NewAddress
from app.domain.paging import PageRequest


class AddressRepository(Protocol):
    """Data access of the Address aggregate."""

    async def find_by_id(self, address_id: UUID) -> Address | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: AddressFilter, page: PageRequest
    ) -> list[Address]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: AddressFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewAddress) -> Address:
        """Insert it and return it as the database holds it."""

    async def update(self, address_id: UUID, changes: AddressChanges) -> Address | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, address_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
