"""Business rules of the Customer aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import CustomerNotFoundError
from app.domain.customer import Customer, CustomerChanges, CustomerFilter, NewCustomer
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_customer


class CustomerService:
    """Use cases of Customer; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_customers(
        self, criteria: CustomerFilter, page: PageRequest
    ) -> tuple[list[Customer], int]:
        """List customers."""
        async with self._uow_factory() as uow:
            rows = await uow.customers.find_all(criteria, page)
            total = await uow.customers.count(criteria)
            return rows, total

    async def create_customer(self, data: NewCustomer) -> Customer:
        """Add a customer."""
        async with self._uow_factory() as uow:
            return await uow.customers.create(data)

    async def get_customer(self, customer_id: UUID) -> Customer:
        """Get a customer."""
        async with self._uow_factory() as uow:
            return await existing_customer(uow, customer_id)

    async def update_customer(
        self, customer_id: UUID, changes: CustomerChanges
    ) -> Customer:
        """Change a customer."""
        async with self._uow_factory() as uow:
            updated = await uow.customers.update(customer_id, changes)
            if updated is None:
                raise CustomerNotFoundError()
            return updated

    async def delete_customer(self, customer_id: UUID) -> None:
        """Delete a customer."""
        async with self._uow_factory() as uow:
            if not await uow.customers.delete(customer_id):
                raise CustomerNotFoundError()
