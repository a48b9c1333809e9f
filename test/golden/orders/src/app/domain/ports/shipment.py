"""Port of the Shipment repository."""

from typing import Protocol
from uuid import UUID

from app.domain.paging import PageRequest
from app.domain.shipment import NewShipment, Shipment, ShipmentChanges, ShipmentFilter


class ShipmentRepository(Protocol):
    """Data access of the Shipment aggregate."""

    async def find_by_id(self, shipment_id: UUID) -> Shipment | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: ShipmentFilter, page: PageRequest
    ) -> list[Shipment]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: ShipmentFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewShipment) -> Shipment:
        """Insert it and return it as the database holds it."""

    async def update(
        self, shipment_id: UUID, changes: ShipmentChanges
    ) -> Shipment | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, shipment_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
