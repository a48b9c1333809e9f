"""SQLAlchemy implementation of the Order repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.core.errors import (
    AddressNotFoundError,
    CustomerNotFoundError,
    OrderEmptyError,
    OrderItemDuplicateError,
    OrderNotEditableError,
    OrderNotFoundError,
    ProductNotFoundError,
    ValidationError,
)
from app.domain.order import NewOrder, Order, OrderChanges, OrderFilter
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.order import OrderRow
from app.persistence.repositories.order_item import new_order_item_row, to_order_item

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "orders_currency_check": ValidationError,
    "orders_total_amount_check": ValidationError,
    "orders_not_empty_check": OrderEmptyError,
    "orders_customer_fkey": CustomerNotFoundError,
    "orders_shipping_address_fkey": AddressNotFoundError,
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


def to_order(row: OrderRow) -> Order:
    """Turn a row, its relationships loaded, into the entity."""
    return Order(
        id=row.id,
        owner_id=row.owner_id,
        number=row.number,
        customer_id=row.customer_id,
        shipping_address_id=row.shipping_address_id,
        status=row.status,
        currency=row.currency,
        total_amount=row.total_amount,
        requested_delivery_date=row.requested_delivery_date,
        notes=row.notes,
        created_at=row.created_at,
        updated_at=row.updated_at,
        items=tuple(to_order_item(item) for item in row.items),
    )


def new_order_row(data: NewOrder) -> OrderRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return OrderRow(
        id=data.id,
        owner_id=data.owner_id,
        number=data.number,
        customer_id=data.customer_id,
        shipping_address_id=data.shipping_address_id,
        status=data.status,
        currency=data.currency,
        total_amount=data.total_amount,
        requested_delivery_date=data.requested_delivery_date,
        notes=data.notes,
        items=[new_order_item_row(item) for item in data.items],
    )


class SqlOrderRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(
        self, order_id: UUID, *, for_update: bool = False
    ) -> Order | None:
        """Return the one with this key, with its items, if the caller may see it."""
        row = await self._find_row(order_id, for_update=for_update)
        return None if row is None else to_order(row)

    async def find_all(self, criteria: OrderFilter, page: PageRequest) -> list[Order]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(OrderRow)
            .where(*_conditions(criteria))
            .options(selectinload(OrderRow.items))
            .order_by(OrderRow.created_at.desc(), OrderRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_order(row) for row in rows]

    async def count(self, criteria: OrderFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(OrderRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewOrder) -> Order:
        """Insert it, with its items, and return it as the database holds it."""
        row = new_order_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_order(row if stored is None else stored)

    async def update(self, order_id: UUID, changes: OrderChanges) -> Order | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(order_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(order_id)
        return to_order(row if stored is None else stored)

    async def delete(self, order_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(OrderRow).where(OrderRow.id == order_id).returning(OrderRow.id)
        )
        with translated_violations(_DELETE_VIOLATIONS):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(
        self, order_id: UUID, *, for_update: bool = False
    ) -> OrderRow | None:
        statement = (
            select(OrderRow)
            .where(OrderRow.id == order_id)
            .options(selectinload(OrderRow.items))
            .execution_options(populate_existing=True)
        )
        if for_update:
            statement = statement.with_for_update()
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: OrderFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.status is not None:
        conditions.append(OrderRow.status == criteria.status)
    if criteria.customer_id is not None:
        conditions.append(OrderRow.customer_id == criteria.customer_id)
    if criteria.created_from is not None:
        conditions.append(OrderRow.created_at >= criteria.created_from)
    if criteria.created_to is not None:
        conditions.append(OrderRow.created_at <= criteria.created_to)
    if criteria.q is not None:
        conditions.append(OrderRow.number.icontains(criteria.q, autoescape=True))
    return conditions
