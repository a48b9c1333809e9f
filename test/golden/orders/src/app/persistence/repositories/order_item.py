"""SQLAlchemy implementation of the OrderItem repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import (
    OrderItemDuplicateError,
    OrderNotEditableError,
    OrderNotFoundError,
    ProductNotFoundError,
    ValidationError,
)
from app.domain.order_item import (
    NewOrderItem,
    OrderItem,
    OrderItemChanges,
    OrderItemFilter,
)
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.order_item import OrderItemRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "order_items_order_product_key": OrderItemDuplicateError,
    "order_items_quantity_check": ValidationError,
    "order_items_unit_price_check": ValidationError,
    "order_items_draft_check": OrderNotEditableError,
    "order_items_order_id_fkey": OrderNotFoundError,
    "order_items_product_id_fkey": ProductNotFoundError,
}
_DELETE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "order_items_draft_check": OrderNotEditableError,
}


def to_order_item(row: OrderItemRow) -> OrderItem:
    """Turn a row into the entity."""
    return OrderItem(
        id=row.id,
        order_id=row.order_id,
        product_id=row.product_id,
        quantity=row.quantity,
        unit_price=row.unit_price,
        line_total=row.line_total,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def new_order_item_row(data: NewOrderItem) -> OrderItemRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return OrderItemRow(
        id=data.id,
        order_id=data.order_id,
        product_id=data.product_id,
        quantity=data.quantity,
        unit_price=data.unit_price,
    )


class SqlOrderItemRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, order_item_id: UUID) -> OrderItem | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(order_item_id)
        return None if row is None else to_order_item(row)

    async def find_all(
        self, criteria: OrderItemFilter, page: PageRequest
    ) -> list[OrderItem]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(OrderItemRow)
            .where(*_conditions(criteria))
            .order_by(OrderItemRow.created_at.desc(), OrderItemRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_order_item(row) for row in rows]

    async def count(self, criteria: OrderItemFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(OrderItemRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewOrderItem) -> OrderItem:
        """Insert it and return it as the database holds it."""
        row = new_order_item_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_order_item(row if stored is None else stored)

    async def update(
        self, order_item_id: UUID, changes: OrderItemChanges
    ) -> OrderItem | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(order_item_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(order_item_id)
        return to_order_item(row if stored is None else stored)

    async def delete(self, order_item_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(OrderItemRow)
            .where(OrderItemRow.id == order_item_id)
            .returning(OrderItemRow.id)
        )
        with translated_violations(_DELETE_VIOLATIONS):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, order_item_id: UUID) -> OrderItemRow | None:
        statement = (
            select(OrderItemRow)
            .where(OrderItemRow.id == order_item_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: OrderItemFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.order_id is not None:
        conditions.append(OrderItemRow.order_id == criteria.order_id)
    return conditions
