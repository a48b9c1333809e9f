"""SQLAlchemy implementation of the OrderStatusHistory repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import OrderNotFoundError
from app.domain.order_status_history import (
    NewOrderStatusHistory,
    OrderStatusHistory,
    OrderStatusHistoryChanges,
    OrderStatusHistoryFilter,
)
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.order_status_history import OrderStatusHistoryRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "order_status_history_order_id_fkey": OrderNotFoundError,
}


def to_order_status_history(row: OrderStatusHistoryRow) -> OrderStatusHistory:
    """Turn a row into the entity."""
    return OrderStatusHistory(
        id=row.id,
        order_id=row.order_id,
        from_status=row.from_status,
        to_status=row.to_status,
        changed_by=row.changed_by,
        created_at=row.created_at,
    )


def new_order_status_history_row(data: NewOrderStatusHistory) -> OrderStatusHistoryRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return OrderStatusHistoryRow(
        id=data.id,
        order_id=data.order_id,
        from_status=data.from_status,
        to_status=data.to_status,
        changed_by=data.changed_by,
    )


class SqlOrderStatusHistoryRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(
        self, order_status_history_id: UUID
    ) -> OrderStatusHistory | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(order_status_history_id)
        return None if row is None else to_order_status_history(row)

    async def find_all(
        self, criteria: OrderStatusHistoryFilter, page: PageRequest
    ) -> list[OrderStatusHistory]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(OrderStatusHistoryRow)
            .where(*_conditions(criteria))
            .order_by(OrderStatusHistoryRow.created_at.desc(), OrderStatusHistoryRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_order_status_history(row) for row in rows]

    async def count(self, criteria: OrderStatusHistoryFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count())
            .select_from(OrderStatusHistoryRow)
            .where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewOrderStatusHistory) -> OrderStatusHistory:
        """Insert it and return it as the database holds it."""
        row = new_order_status_history_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_order_status_history(row if stored is None else stored)

    async def update(
        self, order_status_history_id: UUID, changes: OrderStatusHistoryChanges
    ) -> OrderStatusHistory | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(order_status_history_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(order_status_history_id)
        return to_order_status_history(row if stored is None else stored)

    async def delete(self, order_status_history_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(OrderStatusHistoryRow)
            .where(OrderStatusHistoryRow.id == order_status_history_id)
            .returning(OrderStatusHistoryRow.id)
        )
        with translated_violations({}):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(
        self, order_status_history_id: UUID
    ) -> OrderStatusHistoryRow | None:
        statement = (
            select(OrderStatusHistoryRow)
            .where(OrderStatusHistoryRow.id == order_status_history_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: OrderStatusHistoryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.order_id is not None:
        conditions.append(OrderStatusHistoryRow.order_id == criteria.order_id)
    return conditions
