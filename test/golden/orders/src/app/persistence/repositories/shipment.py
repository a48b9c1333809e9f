"""SQLAlchemy implementation of the Shipment repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import (
    OrderNotFoundError,
    ShipmentTrackingTakenError,
    ValidationError,
)
from app.domain.paging import PageRequest
from app.domain.shipment import (
    NewShipment,
    Shipment,
    ShipmentCarrier,
    ShipmentChanges,
    ShipmentFilter,
)
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.shipment import ShipmentRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "shipments_order_tracking_key": ShipmentTrackingTakenError,
    "shipments_carrier_check": ValidationError,
    "shipments_delivered_at_check": ValidationError,
    "shipments_order_id_fkey": OrderNotFoundError,
}


def to_shipment(row: ShipmentRow) -> Shipment:
    """Turn a row into the entity."""
    return Shipment(
        id=row.id,
        order_id=row.order_id,
        carrier=ShipmentCarrier(row.carrier),
        tracking_number=row.tracking_number,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def new_shipment_row(data: NewShipment) -> ShipmentRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return ShipmentRow(
        id=data.id,
        order_id=data.order_id,
        carrier=data.carrier,
        tracking_number=data.tracking_number,
        shipped_at=data.shipped_at,
        delivered_at=data.delivered_at,
    )


class SqlShipmentRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, shipment_id: UUID) -> Shipment | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(shipment_id)
        return None if row is None else to_shipment(row)

    async def find_all(
        self, criteria: ShipmentFilter, page: PageRequest
    ) -> list[Shipment]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(ShipmentRow)
            .where(*_conditions(criteria))
            .order_by(ShipmentRow.created_at.desc(), ShipmentRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_shipment(row) for row in rows]

    async def count(self, criteria: ShipmentFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(ShipmentRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewShipment) -> Shipment:
        """Insert it and return it as the database holds it."""
        row = new_shipment_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_shipment(row if stored is None else stored)

    async def update(
        self, shipment_id: UUID, changes: ShipmentChanges
    ) -> Shipment | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(shipment_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(shipment_id)
        return to_shipment(row if stored is None else stored)

    async def delete(self, shipment_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(ShipmentRow)
            .where(ShipmentRow.id == shipment_id)
            .returning(ShipmentRow.id)
        )
        with translated_violations({}):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, shipment_id: UUID) -> ShipmentRow | None:
        statement = (
            select(ShipmentRow)
            .where(ShipmentRow.id == shipment_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: ShipmentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.order_id is not None:
        conditions.append(ShipmentRow.order_id == criteria.order_id)
    return conditions
