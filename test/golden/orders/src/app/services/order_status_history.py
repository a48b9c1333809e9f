"""Business rules of the OrderStatusHistory aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.domain.order_status_history import OrderStatusHistory, OrderStatusHistoryFilter
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_order


class OrderStatusHistoryService:
    """Use cases of OrderStatusHistory; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_order_history(
        self, order_id: UUID, criteria: OrderStatusHistoryFilter, page: PageRequest
    ) -> tuple[list[OrderStatusHistory], int]:
        """List the status changes of an order."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            rows = await uow.order_status_histories.find_all(criteria, page)
            total = await uow.order_status_histories.count(criteria)
            return rows, total
