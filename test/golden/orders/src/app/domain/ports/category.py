"""Port of the Category repository."""

from typing import Protocol
from uuid import UUID

from app.domain.category import Category, CategoryChanges, CategoryFilter, NewCategory
from app.domain.paging import PageRequest


class CategoryRepository(Protocol):
    """Data access of the Category aggregate."""

    async def find_by_id(self, category_id: UUID) -> Category | None:
        """Return the one with this key, if the caller may see it."""

    async def find_all(
        self, criteria: CategoryFilter, page: PageRequest
    ) -> list[Category]:
        """Return one page in a stable order, newest first."""

    async def count(self, criteria: CategoryFilter) -> int:
        """Count what the criteria match on all pages."""

    async def create(self, data: NewCategory) -> Category:
        """Insert it and return it as the database holds it."""

    async def update(
        self, category_id: UUID, changes: CategoryChanges
    ) -> Category | None:
        """Apply the changes; None if there is nothing visible to change."""

    async def delete(self, category_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
