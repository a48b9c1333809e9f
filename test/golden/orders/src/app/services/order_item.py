"""Business rules of the OrderItem aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import OrderItemNotFoundError
from app.domain.order_item import (
    NewOrderItem,
    OrderItem,
    OrderItemChanges,
    OrderItemFilter,
)
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_order, existing_order_item_of_order


class OrderItemService:
    """Use cases of OrderItem; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_order_items(
        self, order_id: UUID, criteria: OrderItemFilter, page: PageRequest
    ) -> tuple[list[OrderItem], int]:
        """List the items of an order."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            rows = await uow.order_items.find_all(criteria, page)
            total = await uow.order_items.count(criteria)
            return rows, total

    async def add_order_item(self, order_id: UUID, data: NewOrderItem) -> OrderItem:
        """Add an item."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            return await uow.order_items.create(data)

    async def update_order_item(
        self, order_id: UUID, item_id: UUID, changes: OrderItemChanges
    ) -> OrderItem:
        """Change an item."""
        async with self._uow_factory() as uow:
            found = await existing_order_item_of_order(uow, order_id, item_id)
            updated = await uow.order_items.update(found.id, changes)
            if updated is None:
                raise OrderItemNotFoundError()
            return updated

    async def remove_order_item(self, order_id: UUID, item_id: UUID) -> None:
        """Remove an item."""
        async with self._uow_factory() as uow:
            found = await existing_order_item_of_order(uow, order_id, item_id)
            if not await uow.order_items.delete(found.id):
                raise OrderItemNotFoundError()
