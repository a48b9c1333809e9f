"""Customer aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_range
from app.domain.unset import UNSET, Unset


class CustomerPaymentTerms(StrEnum):
    """Values of ``customers.payment_terms``."""

    PREPAID = "prepaid"
    NET14 = "net14"
    NET30 = "net30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A company that an account sells to.

    Addresses belong to their customer and go with it.
    """

    id: UUID
    owner_id: UUID
    name: str
    email: str
    phone: str | None
    vat_id: str | None
    payment_terms: CustomerPaymentTerms
    credit_limit: Decimal | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    owner_id: UUID
    name: str
    email: str
    phone: str | None = None
    vat_id: str | None = None
    payment_terms: CustomerPaymentTerms | None = None
    credit_limit: Decimal | None = None

    def __post_init__(self) -> None:
        require_range(ValidationError, "creditLimit", self.credit_limit, ge=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """The values that an update changes; UNSET ones stay."""

    name: str | Unset = UNSET
    email: str | Unset = UNSET
    phone: str | Unset | None = UNSET
    vat_id: str | Unset | None = UNSET
    payment_terms: CustomerPaymentTerms | Unset = UNSET
    credit_limit: Decimal | Unset | None = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "creditLimit", self.credit_limit, ge=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """What a list is narrowed to; None does not narrow."""

    q: str | None = None
    payment_terms: CustomerPaymentTerms | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
