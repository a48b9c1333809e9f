"""Order aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.enums import OrderStatus
from app.domain.invariants import require_pattern, require_range
from app.domain.order_item import NewOrderItem, OrderItem
from app.domain.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a customer wants to buy.

    Items, payments, shipments and the history belong to their order.
    """

    id: UUID
    owner_id: UUID
    number: str
    customer_id: UUID
    shipping_address_id: UUID | None
    status: OrderStatus
    currency: str
    total_amount: Decimal
    requested_delivery_date: date | None
    notes: str | None
    created_at: datetime
    updated_at: datetime
    items: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    owner_id: UUID
    number: str | None = None
    customer_id: UUID
    shipping_address_id: UUID | None = None
    status: OrderStatus | None = None
    currency: str | None = None
    total_amount: Decimal | None = None
    requested_delivery_date: date | None = None
    notes: str | None = None
    items: tuple[NewOrderItem, ...] = ()

    def __post_init__(self) -> None:
        require_range(ValidationError, "totalAmount", self.total_amount, ge=0)
        require_pattern(ValidationError, "currency", self.currency, r"^[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanges:
    """The values that an update changes; UNSET ones stay."""

    number: str | Unset = UNSET
    customer_id: UUID | Unset = UNSET
    shipping_address_id: UUID | Unset | None = UNSET
    status: OrderStatus | Unset = UNSET
    currency: str | Unset = UNSET
    total_amount: Decimal | Unset = UNSET
    requested_delivery_date: date | Unset | None = UNSET
    notes: str | Unset | None = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "totalAmount", self.total_amount, ge=0)
        require_pattern(ValidationError, "currency", self.currency, r"^[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """What a list is narrowed to; None does not narrow."""

    status: OrderStatus | None = None
    customer_id: UUID | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    q: str | None = None
