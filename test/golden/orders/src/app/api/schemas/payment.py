"""Requests and answers of the Payment endpoints."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import (
    ApiModel,
    AsText,
    IsoDatetime,
    Omittable,
    RequestModel,
)
from app.domain.paging import LARGEST_OFFSET, PageRequest
from app.domain.payment import NewPayment, PaymentFilter, PaymentMethod


class Payment(ApiModel):
    """Payment as the API shows it."""

    id: UUID
    order_id: UUID
    method: PaymentMethod
    amount: Decimal = Field(
        description=(
            "An amount with at most ten digits before and two after the point."
        )
    )
    reference: str
    paid_at: datetime
    created_at: datetime


class PaymentList(ApiModel):
    """Answer of ``GET /api/v1/orders/{orderId}/payments``."""

    data: list[Payment]
    total: int
    limit: int
    offset: int


class PaymentCreate(RequestModel):
    """Body of ``POST /api/v1/orders/{orderId}/payments``."""

    method: PaymentMethod
    amount: Annotated[
        Decimal,
        Field(max_digits=12, decimal_places=2),
        AsText(r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
    ] = Field(description="An amount of money above nothing.")
    reference: str = Field(min_length=1, max_length=64)
    paid_at: Omittable[IsoDatetime] = None

    def to_new(self, *, order_id: UUID) -> NewPayment:
        """Return the data of the new row."""
        return NewPayment(
            order_id=order_id,
            method=self.method,
            amount=self.amount,
            reference=self.reference,
            paid_at=self.paid_at,
        )


class ListPaymentsQuery(ApiModel):
    """Query of ``GET /api/v1/orders/{orderId}/payments``."""

    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self, *, order_id: UUID) -> PaymentFilter:
        """Return what the list is narrowed to."""
        return PaymentFilter(
            order_id=order_id,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
