"""Product aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_pattern, require_range
from app.domain.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that can be ordered."""

    id: UUID
    category_id: UUID
    sku: str
    name: str
    description: str | None
    price: Decimal
    stock_quantity: int
    active: bool
    tags: list[str]
    attributes: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    category_id: UUID
    sku: str
    name: str
    description: str | None = None
    price: Decimal
    stock_quantity: int | None = None
    active: bool | None = None
    tags: list[str] | None = None
    attributes: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        require_range(ValidationError, "price", self.price, gt=0)
        require_range(ValidationError, "stockQuantity", self.stock_quantity, ge=0)
        require_pattern(ValidationError, "sku", self.sku, r"^[A-Z0-9][A-Z0-9-]{2,39}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChanges:
    """The values that an update changes; UNSET ones stay."""

    category_id: UUID | Unset = UNSET
    sku: str | Unset = UNSET
    name: str | Unset = UNSET
    description: str | Unset | None = UNSET
    price: Decimal | Unset = UNSET
    stock_quantity: int | Unset = UNSET
    active: bool | Unset = UNSET
    tags: list[str] | Unset = UNSET
    attributes: dict[str, Any] | Unset = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "price", self.price, gt=0)
        require_range(ValidationError, "stockQuantity", self.stock_quantity, ge=0)
        require_pattern(ValidationError, "sku", self.sku, r"^[A-Z0-9][A-Z0-9-]{2,39}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """What a list is narrowed to; None does not narrow."""

    q: str | None = None
    category_id: UUID | None = None
    active: bool | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
