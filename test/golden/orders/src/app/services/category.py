"""Business rules of the Category aggregate."""

from collections.abc import Callable
from uuid import UUID

from app.core.errors import CategoryNotFoundError
from app.domain.category import Category, CategoryChanges, CategoryFilter, NewCategory
from app.domain.paging import PageRequest
from app.domain.ports.unit_of_work import UnitOfWork
from app.services.lookups import existing_category


class CategoryService:
    """Use cases of Category; knows neither HTTP nor SQL."""

    def __init__(self, uow_factory: Callable[[], UnitOfWork]) -> None:
        self._uow_factory = uow_factory

    async def list_categories(
        self, criteria: CategoryFilter, page: PageRequest
    ) -> tuple[list[Category], int]:
        """List categories."""
        async with self._uow_factory() as uow:
            rows = await uow.categories.find_all(criteria, page)
            total = await uow.categories.count(criteria)
            return rows, total

    async def create_category(self, data: NewCategory) -> Category:
        """Add a category."""
        async with self._uow_factory() as uow:
            return await uow.categories.create(data)

    async def get_category(self, category_id: UUID) -> Category:
        """Get a category."""
        async with self._uow_factory() as uow:
            return await existing_category(uow, category_id)

    async def update_category(
        self, category_id: UUID, changes: CategoryChanges
    ) -> Category:
        """Change a category."""
        async with self._uow_factory() as uow:
            updated = await uow.categories.update(category_id, changes)
            if updated is None:
                raise CategoryNotFoundError()
            return updated

    async def delete_category(self, category_id: UUID) -> None:
        """Delete a category."""
        async with self._uow_factory() as uow:
            if not await uow.categories.delete(category_id):
                raise CategoryNotFoundError()
