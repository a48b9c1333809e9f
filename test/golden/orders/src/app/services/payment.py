"""Business rules of the Payment aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.domain.paging import PageRequest
from app.domain.payment import NewPayment, Payment, PaymentFilter
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_order, existing_payment_of_order


class PaymentService:
    """Use cases of Payment; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_payments(
        self, order_id: UUID, criteria: PaymentFilter, page: PageRequest
    ) -> tuple[list[Payment], int]:
        """List the payments of an order."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            rows = await uow.payments.find_all(criteria, page)
            total = await uow.payments.count(criteria)
            return rows, total

    async def record_payment(self, order_id: UUID, data: NewPayment) -> Payment:
        """Record a payment."""
        async with self._uow_factory() as uow:
            await existing_order(uow, order_id)
            return await uow.payments.create(data)

    async def get_payment(self, order_id: UUID, payment_id: UUID) -> Payment:
        """Get a payment."""
        async with self._uow_factory() as uow:
            return await existing_payment_of_order(uow, order_id, payment_id)
