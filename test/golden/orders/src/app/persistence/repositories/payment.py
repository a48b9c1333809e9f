"""SQLAlchemy implementation of the Payment repository."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import (
    OrderNotFoundError,
    PaymentReferenceTakenError,
    ValidationError,
)
from app.domain.paging import PageRequest
from app.domain.payment import (
    NewPayment,
    Payment,
    PaymentChanges,
    PaymentFilter,
    PaymentMethod,
)
from app.domain.unset import changed_values
from app.persistence.integrity import translated_violations
from app.persistence.models.payment import PaymentRow

_WRITE_VIOLATIONS: Final[Mapping[str, Callable[[], Exception]]] = {
    "payments_order_reference_key": PaymentReferenceTakenError,
    "payments_method_check": ValidationError,
    "payments_amount_check": ValidationError,
    "payments_order_id_fkey": OrderNotFoundError,
}


def to_payment(row: PaymentRow) -> Payment:
    """Turn a row into the entity."""
    return Payment(
        id=row.id,
        order_id=row.order_id,
        method=PaymentMethod(row.method),
        amount=row.amount,
        reference=row.reference,
        paid_at=row.paid_at,
        created_at=row.created_at,
    )


def new_payment_row(data: NewPayment) -> PaymentRow:
    """Turn the data of a new one into a row that is not yet stored."""
    return PaymentRow(
        id=data.id,
        order_id=data.order_id,
        method=data.method,
        amount=data.amount,
        reference=data.reference,
        paid_at=data.paid_at,
    )


class SqlPaymentRepository:
    """Expression-language queries only; every value is a bound parameter."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, payment_id: UUID) -> Payment | None:
        """Return the one with this key, if the caller may see it."""
        row = await self._find_row(payment_id)
        return None if row is None else to_payment(row)

    async def find_all(
        self, criteria: PaymentFilter, page: PageRequest
    ) -> list[Payment]:
        """Return one page in a stable order, newest first."""
        statement = (
            select(PaymentRow)
            .where(*_conditions(criteria))
            .order_by(PaymentRow.created_at.desc(), PaymentRow.id)
            .limit(page.limit)
            .offset(page.offset)
        )
        rows = (await self._session.scalars(statement)).all()
        return [to_payment(row) for row in rows]

    async def count(self, criteria: PaymentFilter) -> int:
        """Count what the criteria match on all pages."""
        statement = (
            select(func.count()).select_from(PaymentRow).where(*_conditions(criteria))
        )
        return (await self._session.scalars(statement)).one()

    async def create(self, data: NewPayment) -> Payment:
        """Insert it and return it as the database holds it."""
        row = new_payment_row(data)
        self._session.add(row)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(row.id)
        return to_payment(row if stored is None else stored)

    async def update(self, payment_id: UUID, changes: PaymentChanges) -> Payment | None:
        """Apply the changes; None if there is nothing visible to change."""
        row = await self._find_row(payment_id)
        if row is None:
            return None
        for attribute, changed in changed_values(changes).items():
            setattr(row, attribute, changed)
        with translated_violations(_WRITE_VIOLATIONS):
            await self._session.flush()
        stored = await self._find_row(payment_id)
        return to_payment(row if stored is None else stored)

    async def delete(self, payment_id: UUID) -> bool:
        """Delete it; False if it was not visible."""
        statement = (
            delete(PaymentRow)
            .where(PaymentRow.id == payment_id)
            .returning(PaymentRow.id)
        )
        with translated_violations({}):
            deleted = await self._session.scalar(statement)
        return deleted is not None

    async def _find_row(self, payment_id: UUID) -> PaymentRow | None:
        statement = (
            select(PaymentRow)
            .where(PaymentRow.id == payment_id)
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()


def _conditions(criteria: PaymentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.order_id is not None:
        conditions.append(PaymentRow.order_id == criteria.order_id)
    return conditions
