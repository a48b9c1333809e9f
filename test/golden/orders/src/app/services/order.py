"""Business rules of the Order aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import OrderInvalidTransitionError, OrderNotFoundError
from app.domain.enums import OrderStatus
from app.domain.order import NewOrder, Order, OrderChanges, OrderFilter
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_order


class OrderService:
    """Use cases of Order; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_orders(
        self, criteria: OrderFilter, page: PageRequest
    ) -> tuple[list[Order], int]:
        """List orders."""
        async with self._uow_factory() as uow:
            rows = await uow.orders.find_all(criteria, page)
            total = await uow.orders.count(criteria)
            return rows, total

    async def create_order(self, data: NewOrder) -> Order:
        """Open an order."""
        async with self._uow_factory() as uow:
            return await uow.orders.create(data)

    async def get_order(self, order_id: UUID) -> Order:
        """Get an order."""
        async with self._uow_factory() as uow:
            return await existing_order(uow, order_id)

    async def update_order(self, order_id: UUID, changes: OrderChanges) -> Order:
        """Change an order's delivery data."""
        async with self._uow_factory() as uow:
            updated = await uow.orders.update(order_id, changes)
            if updated is None:
                raise OrderNotFoundError()
            return updated

    async def submit_order(self, order_id: UUID) -> Order:
        """Submit an order."""
        return await self._move(order_id, OrderStatus.SUBMITTED)

    async def pay_order(self, order_id: UUID) -> Order:
        """Confirm that an order is paid."""
        return await self._move(order_id, OrderStatus.PAID)

    async def ship_order(self, order_id: UUID) -> Order:
        """Mark an order as shipped."""
        return await self._move(order_id, OrderStatus.SHIPPED)

    async def deliver_order(self, order_id: UUID) -> Order:
        """Mark an order as delivered."""
        return await self._move(order_id, OrderStatus.DELIVERED)

    async def cancel_order(self, order_id: UUID) -> Order:
        """Cancel an order."""
        return await self._move(order_id, OrderStatus.CANCELLED)

    async def _move(self, order_id: UUID, target: OrderStatus) -> Order:
        async with self._uow_factory() as uow:
            found = await existing_order(uow, order_id, for_update=True)
            if not found.status.can_transition_to(target):
                raise OrderInvalidTransitionError()
            updated = await uow.orders.update(found.id, OrderChanges(status=target))
            if updated is None:
                raise OrderNotFoundError()
            return updated
