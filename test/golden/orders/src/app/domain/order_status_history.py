"""OrderStatusHistory aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.enums import OrderStatus
from app.domain.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatusHistory:
    """One change of an order's status.

    Written by the database only; the API calls it OrderStatusChange.
    """

    id: UUID
    order_id: UUID
    from_status: OrderStatus | None
    to_status: OrderStatus
    changed_by: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrderStatusHistory:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    order_id: UUID
    from_status: OrderStatus | None = None
    to_status: OrderStatus
    changed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatusHistoryChanges:
    """The values that an update changes; UNSET ones stay."""

    order_id: UUID | Unset = UNSET
    from_status: OrderStatus | Unset | None = UNSET
    to_status: OrderStatus | Unset = UNSET
    changed_by: UUID | Unset = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatusHistoryFilter:
    """What a list is narrowed to; None does not narrow."""

    order_id: UUID | None = None
