"""SQLAlchemy implementation of the Category repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import (
    CategoryInUseError,
    CategoryNotFoundError,
    CategorySlugTakenError,
    ValidationError,
)
from app.domain.category import Category, CategoryChanges, CategoryFilter, NewCategory
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.category import CategoryRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "categories_slug_key": CategorySlugTakenError,
    "categories_slug_check": ValidationError,
    "categories_position_check": ValidationError,
    "categories_parent_id_fkey": CategoryNotFoundError,
}
_DELETE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "categories_parent_id_fkey": CategoryInUseError,
    "products_category_id_fkey": CategoryInUseError,
}


def to_category(row: CategoryRow) -> Category:
    """Turn a row into the entity."""
    return Category(
        id=row.id,
        parent_id=row.parent_id,
        slug=row.slug,
        name=row.name,
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def new_category_row(data: NewCategory) -> CategoryRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return CategoryRow(
        id=data.id,
        parent_id=data.parent_id,
        slug=data.slug,
        name=data.name,
        position=data.position,
    )


class SqlCategoryRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, category_id: UUID) -> Category | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(category_id)
        return None if row is None else to_category(row)

    async def find_all(
        self, criteria: CategoryFilter, page: PageRequest
    ) -> list[Category]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(CategoryRow)
            .where(*_conditions(criteria))
            .order_by(CategoryRow.created_at.desc(), CategoryRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_category(row) for row in rows]

    async def count(self, criteria: CategoryFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(CategoryRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewCategory) -> Category:
        """Insert it and return it as the database holds it."""
        row = new_category_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_category(row if stored is None else stored)

    async def update(
        self, category_id: UUID, changes: CategoryChanges
    ) -> Category | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(category_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(category_id)
        return to_category(row if stored is None else stored)

    async def delete(self, category_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(CategoryRow)
            .where(CategoryRow.id == category_id)
            .returning(CategoryRow.id)
        )
        with translated_violations(_DELETE_VIOLATIONS):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, category_id: UUID) -> CategoryRow | None:
        statement = (
            select(CategoryRow)
            .where(CategoryRow.id == category_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: CategoryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.parent_id is not None:
        conditions.append(CategoryRow.parent_id == criteria.parent_id)
    return conditions
