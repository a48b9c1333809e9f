"""Port of the transaction boundary."""

from types import TracebackType
from typing import Protocol, Self

from app.domain.ports.address import AddressRepository
from app.domain.ports.category import CategoryRepository
from app.domain.ports.customer import CustomerRepository
from app.domain.ports.order import OrderRepository
from app.domain.ports.order_item import OrderItemRepository
from app.domain.ports.order_status_history import OrderStatusHistoryRepository
from app.domain.ports.payment import PaymentRepository
from app.domain.ports.product import ProductRepository
from app.domain.ports.shipment import ShipmentRepository


class UnitOfWork(Protocol):
    """One transaction: committed when the block ends, rolled back when it raises."""

    @property
    def categories(self) -> CategoryRepository: ...

    @property
    def products(self) -> ProductRepository: ...

    @property
    def customers(self) -> CustomerRepository: ...

    @property
    def addresses(self) -> AddressRepository: ...

    @property
    def orders(self) -> OrderRepository: ...

    @property
    def order_items(self) -> OrderItemRepository: ...

    @property
    def payments(self) -> PaymentRepository: ...

    @property
    def shipments(self) -> ShipmentRepository: ...

    @property
    def order_status_histories(self) -> OrderStatusHistoryRepository: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
