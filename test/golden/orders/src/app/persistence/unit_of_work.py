"""Transaction boundary on one database session."""

from types import TracebackType
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.domain.principal import Principal
from app.persistence.repositories.address import SqlAddressRepository
from app.persistence.repositories.category import SqlCategoryRepository
from app.persistence.repositories.customer import SqlCustomerRepository
from app.persistence.repositories.order import SqlOrderRepository
from app.persistence.repositories.order_item import SqlOrderItemRepository
from app.persistence.repositories.order_status_history import (
    SqlOrderStatusHistoryRepository,
)
from app.persistence.repositories.payment import SqlPaymentRepository
from app.persistence.repositories.product import SqlProductRepository
from app.persistence.repositories.shipment import SqlShipmentRepository
from app.persistence.session_settings import session_settings


class SqlUnitOfWork:
    """One transaction; row-level security sees the caller for as long as it lasts."""

    def __init__(
        self, factory: async_sessionmaker[AsyncSession], principal: Principal | None
    ) -> None:
        self._session = factory()
        self._principal = principal
        self.categories = SqlCategoryRepository(self._session)
        self.products = SqlProductRepository(self._session)
        self.customers = SqlCustomerRepository(self._session)
        self.addresses = SqlAddressRepository(self._session)
        self.orders = SqlOrderRepository(self._session)
        self.order_items = SqlOrderItemRepository(self._session)
        self.payments = SqlPaymentRepository(self._session)
        self.shipments = SqlShipmentRepository(self._session)
        self.order_status_histories = SqlOrderStatusHistoryRepository(self._session)

    async def __aenter__(self) -> Self:
        await self._session.begin()
        settings = session_settings(self._principal)
        calls = [func.set_config(name, value, True) for name, value in settings.items()]
        await self._session.execute(select(*calls))
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if exc_type is None:
                await self._session.commit()
            else:
                await self._session.rollback()
        finally:
            await self._session.close()
