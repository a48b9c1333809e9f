"""Requests and answers of the OrderItem endpoints."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import ApiModel, AsNumber, AsText, Omittable, RequestModel
from app.domain.order_item import NewOrderItem, OrderItemChanges, OrderItemFilter
from app.domain.paging import LARGEST_OFFSET, PageRequest


class OrderItem(ApiModel):
    """OrderItem as the API shows it."""

    id: UUID
    order_id: UUID
    product_id: UUID
    quantity: int
    unit_price: Decimal = Field(
        description=(
            "An amount with at most ten digits before and two after the point."
        )
    )
    line_total: Decimal = Field(
        description=(
            "An amount with at most ten digits before and two after the point."
        )
    )
    created_at: datetime
    updated_at: datetime


class OrderItemCreate(RequestModel):
    """Body of ``POST /api/v1/orders``."""

    product_id: UUID
    quantity: Annotated[int, Field(ge=1, le=9999), AsNumber()]
    unit_price: (
        Annotated[
            Decimal,
            Field(max_digits=12, decimal_places=2),
            AsText(r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
        ]
        | None
    ) = Field(
        default=None,
        description=("A negotiated price; the product's current price when left out."),
    )

    def to_new(self, *, order_id: UUID | None = None) -> NewOrderItem:
        """Return the data of the new row."""
        return NewOrderItem(
            order_id=order_id,
            product_id=self.product_id,
            quantity=self.quantity,
            unit_price=self.unit_price,
        )


class OrderItemList(ApiModel):
    """Answer of ``GET /api/v1/orders/{orderId}/items``."""

    data: list[OrderItem]
    total: int
    limit: int
    offset: int


class OrderItemUpdate(RequestModel):
    """Body of ``PATCH /api/v1/orders/{orderId}/items/{itemId}``."""

    quantity: Omittable[Annotated[int, Field(ge=1, le=9999), AsNumber()]] = None
    unit_price: Omittable[
        Annotated[
            Decimal,
            Field(max_digits=12, decimal_places=2),
            AsText(r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
        ]
    ] = Field(default=None, description="An amount of money above nothing.")

    def to_changes(self) -> OrderItemChanges:
        """Return what the request names; everything else stays."""
        return OrderItemChanges(**self.sent_values())


class ListOrderItemsQuery(ApiModel):
    """Query of ``GET /api/v1/orders/{orderId}/items``."""

    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self, *, order_id: UUID) -> OrderItemFilter:
        """Return what the list is narrowed to."""
        return OrderItemFilter(
            order_id=order_id,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
