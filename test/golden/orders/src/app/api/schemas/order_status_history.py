"""Requests and answers of the OrderStatusHistory endpoints."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import ApiModel
from app.domain.enums import OrderStatus
from app.domain.order_status_history import OrderStatusHistoryFilter
from app.domain.paging import LARGEST_OFFSET, PageRequest


class OrderStatusChange(ApiModel):
    """One row of the table `order_status_history`."""

    id: UUID
    order_id: UUID
    from_status: OrderStatus | None
    to_status: OrderStatus
    changed_by: UUID
    created_at: datetime


class OrderStatusChangeList(ApiModel):
    """Answer of ``GET /api/v1/orders/{orderId}/history``."""

    data: list[OrderStatusChange]
    total: int
    limit: int
    offset: int


class ListOrderHistoryQuery(ApiModel):
    """Query of ``GET /api/v1/orders/{orderId}/history``."""

    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self, *, order_id: UUID) -> OrderStatusHistoryFilter:
        """Return what the list is narrowed to."""
        return OrderStatusHistoryFilter(
            order_id=order_id,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
