"""Port of the Product repository."""

from typing import Protocol
from uuid import UUID

from app.domain.paging import PageRequest
from app.domain.product import NewProduct, Product, ProductChanges, ProductFilter


class ProductRepository(Protocol):
    """Data access of the Product aggregate."""

    async def find_by_id(self, product_id: UUID) -> Product | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: ProductFilter, page: PageRequest
    ) -> list[Product]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: ProductFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewProduct) -> Product:
        """Insert it and return it as the database holds it."""

    async def update(self, product_id: UUID, changes: ProductChanges) -> Product | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, product_id: UUID) -> bool:
        """Mark it as deleted; False if it was not visible."""
