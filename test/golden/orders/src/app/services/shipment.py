"""Business rules of the Shipment aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import ShipmentNotFoundError
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.domain.shipment import NewShipment, Shipment, ShipmentChanges, ShipmentFilter
from app.services.lookups import existing_order, existing_shipment_of_order


class ShipmentService:
    """Use cases of Shipment; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_shipments(
        self, order_id: UUID, criteria: ShipmentFilter, page: PageRequest
    ) -> tuple[list[Shipment], int]:
        """List the shipments of an order."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            rows = await uow.shipments.find_all(criteria, page)
            total = await uow.shipments.count(criteria)
            return rows, total

    async def create_shipment(self, order_id: UUID, data: NewShipment) -> Shipment:
        """Record a shipment."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            return await uow.shipments.create(data)

    async def update_shipment(
        self, order_id: UUID, shipment_id: UUID, changes: ShipmentChanges
    ) -> Shipment:
        """Change a shipment."""
        async with self._uow_factory() as uow:
            found = await existing_shipment_of_order(uow, order_id, shipment_id)
            updated = await uow.shipments.update(found.id, changes)
            if updated is None:
                raise ShipmentNotFoundError()
            return updated
