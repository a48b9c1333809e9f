"""Requests and answers of the Shipment endpoints."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import ApiModel, IsoDatetime, Omittable, RequestModel
from app.domain.paging import LARGEST_OFFSET, PageRequest
from app.domain.shipment import (
    NewShipment,
    ShipmentCarrier,
    ShipmentChanges,
    ShipmentFilter,
)


class Shipment(ApiModel):
    """Shipment as the API shows it."""

    id: UUID
    order_id: UUID
    carrier: ShipmentCarrier
    tracking_number: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ShipmentList(ApiModel):
    """Answer of ``GET /api/v1/orders/{orderId}/shipments``."""

    data: list[Shipment]
    total: int
    limit: int
    offset: int


class ShipmentCreate(RequestModel):
    """Body of ``POST /api/v1/orders/{orderId}/shipments``."""

    carrier: ShipmentCarrier
    tracking_number: str | None = Field(default=None, max_length=64)
    shipped_at: Omittable[IsoDatetime] = None

    def to_new(self, *, order_id: UUID) -> NewShipment:
        """Return the data of the new row."""
        return NewShipment(
            order_id=order_id,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            shipped_at=self.shipped_at,
        )


class ShipmentUpdate(RequestModel):
    """Body of ``PATCH /api/v1/orders/{orderId}/shipments/{shipmentId}``."""

    tracking_number: str | None = Field(default=None, max_length=64)
    delivered_at: IsoDatetime | None = None

    def to_changes(self) -> ShipmentChanges:
        """Return what the request names; everything else stays."""
        return ShipmentChanges(**self.sent_values())


class ListShipmentsQuery(ApiModel):
    """Query of ``GET /api/v1/orders/{orderId}/shipments``."""

    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self, *, order_id: UUID) -> ShipmentFilter:
        """Return what the list is narrowed to."""
        return ShipmentFilter(
            order_id=order_id,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
