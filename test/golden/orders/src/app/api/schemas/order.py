"""Requests and answers of the Order endpoints."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import (
    ApiModel,
    IsoDate,
    IsoDatetime,
    Omittable,
    RequestModel,
)
from app.api.schemas.order_item import OrderItem, OrderItemCreate
from app.domain.enums import OrderStatus
from app.domain.order import NewOrder, OrderChanges, OrderFilter
from app.domain.paging import LARGEST_OFFSET, PageRequest


class Order(ApiModel):
    """Order as the API shows it."""

    id: UUID
    number: str
    customer_id: UUID
    shipping_address_id: UUID | None
    status: OrderStatus
    currency: str
    total_amount: Decimal = Field(
        description=(
            "An amount with at most ten digits before and two after the point."
        )
    )
    requested_delivery_date: date | None
    notes: str | None
    items: list[OrderItem]
    created_at: datetime
    updated_at: datetime


class OrderList(ApiModel):
    """Answer of ``GET /api/v1/orders``."""

    data: list[Order]
    total: int
    limit: int
    offset: int


class OrderCreate(RequestModel):
    """Body of ``POST /api/v1/orders``."""

    customer_id: UUID
    shipping_address_id: UUID | None = None
    currency: str = Field(default="EUR", max_length=3, pattern="^[A-Z]{3}$")
    requested_delivery_date: IsoDate | None = None
    notes: str | None = Field(default=None, max_length=2000)
    items: list[OrderItemCreate] = Field(default_factory=list, max_length=100)

    def to_new(self, *, owner_id: UUID) -> NewOrder:
        """Return the data of the new row."""
        return NewOrder(
            owner_id=owner_id,
            customer_id=self.customer_id,
            shipping_address_id=self.shipping_address_id,
            currency=self.currency,
            requested_delivery_date=self.requested_delivery_date,
            notes=self.notes,
            items=tuple(item.to_new() for item in self.items),
        )


class OrderUpdate(RequestModel):
    """Body of ``PATCH /api/v1/orders/{orderId}``."""

    shipping_address_id: UUID | None = None
    requested_delivery_date: IsoDate | None = None
    notes: str | None = Field(default=None, max_length=2000)

    def to_changes(self) -> OrderChanges:
        """Return what the request names; everything else stays."""
        return OrderChanges(**self.sent_values())


class ListOrdersQuery(ApiModel):
    """Query of ``GET /api/v1/orders``."""

    status: Omittable[OrderStatus] = Field(
        default=None, description="Only orders in this status."
    )
    customer_id: Omittable[UUID] = Field(
        default=None, description="Only orders of this customer."
    )
    created_from: Omittable[IsoDatetime] = Field(
        default=None, description="Created at this moment or later."
    )
    created_to: Omittable[IsoDatetime] = Field(
        default=None, description="Created at this moment or earlier."
    )
    q: Omittable[Annotated[str, Field(min_length=1, max_length=20)]] = Field(
        default=None, description="Part of the order number; case does not matter."
    )
    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self) -> OrderFilter:
        """Return what the list is narrowed to."""
        return OrderFilter(
            status=self.status,
            customer_id=self.customer_id,
            created_from=self.created_from,
            created_to=self.created_to,
            q=self.q,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
