"""Business rules of the Product aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import ProductNotFoundError
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.domain.product import NewProduct, Product, ProductChanges, ProductFilter
from app.services.lookups import existing_product


class ProductService:
    """Use cases of Product; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_products(
        self, criteria: ProductFilter, page: PageRequest
    ) -> tuple[list[Product], int]:
        """List products."""
        async with self._uow_factory() as uow:
            rows = await uow.products.find_all(criteria, page)
            total = await uow.products.count(criteria)
            return rows, total

    async def create_product(self, data: NewProduct) -> Product:
        """Add a product."""
        async with self._uow_factory() as uow:
            return await uow.products.create(data)

    async def get_product(self, product_id: UUID) -> Product:
        """Get a product."""
        async with self._uow_factory() as uow:
            return await existing_product(uow, product_id)

    async def update_product(
        self, product_id: UUID, changes: ProductChanges
    ) -> Product:
        """Change a product."""
        async with self._uow_factory() as uow:
            updated = await uow.products.update(product_id, changes)
            if updated is None:
                raise ProductNotFoundError()
            return updated

    async def delete_product(self, product_id: UUID) -> None:
        """Take a product out of the catalogue."""
        async with self._uow_factory() as uow:
            if not await uow.products.delete(product_id):
                raise ProductNotFoundError()
