"""SQLAlchemy implementation of the Product repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import CategoryNotFoundError, ProductSkuTakenError, ValidationError
from app.domain.paging import PageRequest
from app.domain.product import NewProduct, Product, ProductChanges, ProductFilter
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.product import ProductRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "products_sku_key": ProductSkuTakenError,
    "products_sku_check": ValidationError,
    "products_price_check": ValidationError,
    "products_stock_quantity_check": ValidationError,
    "products_category_id_fkey": CategoryNotFoundError,
}


def to_product(row: ProductRow) -> Product:
    """Turn a row into the entity."""
    return Product(
        id=row.id,
        category_id=row.category_id,
        sku=row.sku,
        name=row.name,
        description=row.description,
        price=row.price,
        stock_quantity=row.stock_quantity,
        active=row.active,
        tags=row.tags,
        attributes=row.attributes,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
    )


def new_product_row(data: NewProduct) -> ProductRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return ProductRow(
        id=data.id,
        category_id=data.category_id,
        sku=data.sku,
        name=data.name,
        description=data.description,
        price=data.price,
        stock_quantity=data.stock_quantity,
        active=data.active,
        tags=data.tags,
        attributes=data.attributes,
    )


class SqlProductRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, product_id: UUID) -> Product | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(product_id)
        return None if row is None else to_product(row)

    async def find_all(
        self, criteria: ProductFilter, page: PageRequest
    ) -> list[Product]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(ProductRow)
            .where(*_conditions(criteria))
            .order_by(ProductRow.created_at.desc(), ProductRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_product(row) for row in rows]

    async def count(self, criteria: ProductFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(ProductRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewProduct) -> Product:
        """Insert it and return it as the database holds it."""
        row = new_product_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_product(row if stored is None else stored)

    async def update(self, product_id: UUID, changes: ProductChanges) -> Product | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(product_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(product_id)
        return to_product(row if stored is None else stored)

    async def delete(self, product_id: UUID) -> bool:
        """Mark it as deleted; False if it was not visible."""
        statement = (
            update(ProductRow)
            .where(ProductRow.id == product_id, ProductRow.deleted_at.is_(None))
            .values(deleted_at=func.now())
            .returning(ProductRow.id)
        )
        with translated_violations({}):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, product_id: UUID) -> ProductRow | None:
        statement = (
            select(ProductRow)
            .where(ProductRow.id == product_id, ProductRow.deleted_at.is_(None))
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: ProductFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ProductRow.deleted_at.is_(None)]
    if criteria.q is not None:
        conditions.append(ProductRow.name.icontains(criteria.q, autoescape=True))
    if criteria.category_id is not None:
        conditions.append(ProductRow.category_id == criteria.category_id)
    if criteria.active is not None:
        conditions.append(ProductRow.active == criteria.active)
    if criteria.price_from is not None:
        conditions.append(ProductRow.price >= criteria.price_from)
    if criteria.price_to is not None:
        conditions.append(ProductRow.price <= criteria.price_to)
    return conditions
