"""SQLAlchemy implementation of the Customer repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import CustomerEmailTakenError, CustomerInUseError, ValidationError
from app.domain.customer import (
    Customer,
    CustomerChanges,
    CustomerFilter,
    CustomerPaymentTerms,
    NewCustomer,
)
from app.domain.paging import PageRequest
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.customer import CustomerRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "customers_owner_email_key": CustomerEmailTakenError,
    "customers_payment_terms_check": ValidationError,
    "customers_credit_limit_check": ValidationError,
}
_DELETE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "orders_customer_fkey": CustomerInUseError,
}


def to_customer(row: CustomerRow) -> Customer:
    """Turn a row into the entity."""
    return Customer(
        id=row.id,
        owner_id=row.owner_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        vat_id=row.vat_id,
        payment_terms=CustomerPaymentTerms(row.payment_terms),
        credit_limit=row.credit_limit,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def new_customer_row(data: NewCustomer) -> CustomerRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return CustomerRow(
        id=data.id,
        owner_id=data.owner_id,
        name=data.name,
        email=data.email,
        phone=data.phone,
        vat_id=data.vat_id,
        payment_terms=data.payment_terms,
        credit_limit=data.credit_limit,
    )


class SqlCustomerRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, customer_id: UUID) -> Customer | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(customer_id)
        return None if row is None else to_customer(row)

    async def find_all(
        self, criteria: CustomerFilter, page: PageRequest
    ) -> list[Customer]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(CustomerRow)
            .where(*_conditions(criteria))
            .order_by(CustomerRow.created_at.desc(), CustomerRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_customer(row) for row in rows]

    async def count(self, criteria: CustomerFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(CustomerRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewCustomer) -> Customer:
        """Insert it and return it as the database holds it."""
        row = new_customer_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_customer(row if stored is None else stored)

    async def update(
        self, customer_id: UUID, changes: CustomerChanges
    ) -> Customer | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(customer_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(customer_id)
        return to_customer(row if stored is None else stored)

    async def delete(self, customer_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(CustomerRow)
            .where(CustomerRow.id == customer_id)
            .returning(CustomerRow.id)
        )
        with translated_violations(_DELETE_VIOLATIONS):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, customer_id: UUID) -> CustomerRow | None:
        statement = (
            select(CustomerRow)
            .where(CustomerRow.id == customer_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: CustomerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.q is not None:
        conditions.append(CustomerRow.name.icontains(criteria.q, autoescape=True))
    if criteria.payment_terms is not None:
        conditions.append(CustomerRow.payment_terms == criteria.payment_terms)
    if criteria.created_from is not None:
        conditions.append(CustomerRow.created_at >= criteria.created_from)
    if criteria.created_to is not None:
        conditions.append(CustomerRow.created_at <= criteria.created_to)
    return conditions
