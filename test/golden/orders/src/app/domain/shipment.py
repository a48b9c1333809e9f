"""Shipment aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require
from app.domain.unset import UNSET, Unset


class ShipmentCarrier(StrEnum):
    """Values of ``shipments.carrier``."""

    DHL = "dhl"
    UPS = "ups"
    FEDEX = "fedex"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A parcel sent for an order."""

    id: UUID
    order_id: UUID
    carrier: ShipmentCarrier
    tracking_number: str | None
    shipped_at: datetime
    delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShipment:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    order_id: UUID
    carrier: ShipmentCarrier
    tracking_number: str | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None

    def __post_init__(self) -> None:
        if isinstance(self.delivered_at, datetime) and isinstance(
            self.shipped_at, datetime
        ):
            require(
                ValidationError,
                "deliveredAt",
                holds=self.delivered_at >= self.shipped_at,
                reason="must be at least shippedAt",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentChanges:
    """The values that an update changes; UNSET ones stay."""

    order_id: UUID | Unset = UNSET
    carrier: ShipmentCarrier | Unset = UNSET
    tracking_number: str | Unset | None = UNSET
    shipped_at: datetime | Unset = UNSET
    delivered_at: datetime | Unset | None = UNSET

    def __post_init__(self) -> None:
        if isinstance(self.delivered_at, datetime) and isinstance(
            self.shipped_at, datetime
        ):
            require(
                ValidationError,
                "deliveredAt",
                holds=self.delivered_at >= self.shipped_at,
                reason="must be at least shippedAt",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFilter:
    """What a list is narrowed to; None does not narrow."""

    order_id: UUID | None = None
