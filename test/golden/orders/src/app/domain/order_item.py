"""OrderItem aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_range
from app.domain.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """One product in an order."""

    id: UUID
    order_id: UUID
    product_id: UUID
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrderItem:
    """What a new row is made of; None leaves a value to the database.

    ``order_id`` is filled by the parent when it is created with it.
    """

    id: UUID | None = None
    order_id: UUID | None = None
    product_id: UUID
    quantity: int
    unit_price: Decimal | None = None

    def __post_init__(self) -> None:
        require_range(ValidationError, "quantity", self.quantity, ge=1, le=9999)
        require_range(ValidationError, "unitPrice", self.unit_price, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItemChanges:
    """The values that an update changes; UNSET ones stay."""

    order_id: UUID | Unset = UNSET
    product_id: UUID | Unset = UNSET
    quantity: int | Unset = UNSET
    unit_price: Decimal | Unset = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "quantity", self.quantity, ge=1, le=9999)
        require_range(ValidationError, "unitPrice", self.unit_price, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItemFilter:
    """What a list is narrowed to; None does not narrow."""

    order_id: UUID | None = None
