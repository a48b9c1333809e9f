"""Business rules of the Address aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import AddressNotFoundError
from app.domain.address import Address, AddressChanges, AddressFilter, NewAddress
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_address_of_customer, existing_customer


class AddressService:
    """Use cases of Address; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_addresses(
        self, customer_id: UUID, criteria: AddressFilter, page: PageRequest
    ) -> tuple[list[Address], int]:
        """List the addresses of a customer."""
        async with self._uow_factory() as uow:
            await existing_customer(uow, customer_id)
            rows = await uow.addresses.find_all(criteria, page)
            total = await uow.addresses.count(criteria)
            return rows, total

    async def add_address(self, customer_id: UUID, data: NewAddress) -> Address:
        """Add an address."""
        async with self._uow_factory() as uow:
            await existing_customer(uow, customer_id)
            return await uow.addresses.create(data)

    async def update_address(
        self, customer_id: UUID, address_id: UUID, changes: AddressChanges
    ) -> Address:
        """Change an address."""
        async with self._uow_factory() as uow:
            found = await existing_address_of_customer(uow, customer_id, address_id)
            updated = await uow.addresses.update(found.id, changes)
            if updated is None:
                raise AddressNotFoundError()
            return updated

    async def delete_address(self, customer_id: UUID, address_id: UUID) -> None:
        """Delete an address."""
        async with self._uow_factory() as uow:
            found = await existing_address_of_customer(uow, customer_id, address_id)
            if not await uow.addresses.delete(found.id):
                raise AddressNotFoundError()
