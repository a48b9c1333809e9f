"""Address aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_pattern
from app.domain.unset import UNSET, Unset


class AddressKind(StrEnum):
    """Values of ``addresses.kind``."""

    BILLING = "billing"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place of a customer."""

    id: UUID
    customer_id: UUID
    kind: AddressKind
    line1: str
    line2: str | None
    postal_code: str
    city: str
    country: str
    is_default: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    customer_id: UUID
    kind: AddressKind | None = None
    line1: str
    line2: str | None = None
    postal_code: str
    city: str
    country: str
    is_default: bool | None = None

    def __post_init__(self) -> None:
        require_pattern(ValidationError, "country", self.country, r"^[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanges:
    """The values that an update changes; UNSET ones stay."""

    customer_id: UUID | Unset = UNSET
    kind: AddressKind | Unset = UNSET
    line1: str | Unset = UNSET
    line2: str | Unset | None = UNSET
    postal_code: str | Unset = UNSET
    city: str | Unset = UNSET
    country: str | Unset = UNSET
    is_default: bool | Unset = UNSET

    def __post_init__(self) -> None:
        require_pattern(ValidationError, "country", self.country, r"^[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFilter:
    """What a list is narrowed to; None does not narrow."""

    customer_id: UUID | None = None
    kind: AddressKind | None = None
