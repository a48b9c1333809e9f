"""Payment aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_range
from app.domain.unset import UNSET, Unset


class PaymentMethod(StrEnum):
    """Values of ``payments.method``."""

    BANK_TRANSFER = "bank_transfer"
    CARD = "card"
    DIRECT_DEBIT = "direct_debit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received for an order. Never changed afterwards."""

    id: UUID
    order_id: UUID
    method: PaymentMethod
    amount: Decimal
    reference: str
    paid_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    order_id: UUID
    method: PaymentMethod
    amount: Decimal
    reference: str
    paid_at: datetime | None = None

    def __post_init__(self) -> None:
        require_range(ValidationError, "amount", self.amount, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChanges:
    """The values that an update changes; UNSET ones stay."""

    order_id: UUID | Unset = UNSET
    method: PaymentMethod | Unset = UNSET
    amount: Decimal | Unset = UNSET
    reference: str | Unset = UNSET
    paid_at: datetime | Unset = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "amount", self.amount, gt=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """What a list is narrowed to; None does not narrow."""

    order_id: UUID | None = None
