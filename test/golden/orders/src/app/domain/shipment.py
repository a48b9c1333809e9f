"""Shipment aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentChanges:
    """The values that an update changes; UNSET ones stay."""

    order_id: UUID | Unset = UNSET
    carrier: ShipmentCarrier | Unset = UNSET
    tracking_number: str | Unset | None = UNSET
    shipped_at: datetime | Unset = UNSET
    delivered_at: datetime | Unset | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFilter:
    """What a list is narrowed to; None does not narrow."""

    order_id: UUID | None = None
