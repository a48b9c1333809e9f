"""SQLAlchemy implementation of the Address repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import (
    AddressDefaultTakenError,
    AddressInUseError,
    CustomerNotFoundError,
    ValidationError,
)
from app.domain.address import (
    Address,
    AddressChanges,
    AddressFilter,
    AddressKind,
    NewAddress,
)
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.address import AddressRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "addresses_default_key": AddressDefaultTakenError,
    "addresses_kind_check": ValidationError,
    "addresses_country_check": ValidationError,
    "addresses_customer_id_fkey": CustomerNotFoundError,
}
_DELETE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "orders_shipping_address_fkey": AddressInUseError,
}


def to_address(row: AddressRow) -> Address:
    """Turn a row into the entity."""
    return Address(
        id=row.id,
        customer_id=row.customer_id,
        kind=AddressKind(row.kind),
        line1=row.line1,
        line2=row.line2,
        postal_code=row.postal_code,
        city=row.city,
        country=row.country,
        is_default=row.is_default,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def new_address_row(data: NewAddress) -> AddressRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return AddressRow(
        id=data.id,
        customer_id=data.customer_id,
        kind=data.kind,
        line1=data.line1,
        line2=data.line2,
        postal_code=data.postal_code,
        city=data.city,
        country=data.country,
        is_default=data.is_default,
    )


class SqlAddressRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, address_id: UUID) -> Address | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(address_id)
        return None if row is None else to_address(row)

    async def find_all(
        self, criteria: AddressFilter, page: PageRequest
    ) -> list[Address]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(AddressRow)
            .where(*_conditions(criteria))
            .order_by(AddressRow.created_at.desc(), AddressRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_address(row) for row in rows]

    async def count(self, criteria: AddressFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(AddressRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewAddress) -> Address:
        """Insert it and return it as the database holds it."""
        row = new_address_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_address(row if stored is None else stored)

    async def update(self, address_id: UUID, changes: AddressChanges) -> Address | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(address_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(address_id)
        return to_address(row if stored is None else stored)

    async def delete(self, address_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(AddressRow)
            .where(AddressRow.id == address_id)
            .returning(AddressRow.id)
        )
        with translated_violations(_DELETE_VIOLATIONS):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, address_id: UUID) -> AddressRow | None:
        statement = (
            select(AddressRow)
            .where(AddressRow.id == address_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: AddressFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.customer_id is not None:
        conditions.append(AddressRow.customer_id == criteria.customer_id)
    if criteria.kind is not None:
        conditions.append(AddressRow.kind == criteria.kind)
    return conditions
