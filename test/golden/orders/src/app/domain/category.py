"""Category aggregate: immutable entities and the data of its commands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.errors import ValidationError
from app.domain.invariants import require_pattern, require_range
from app.domain.unset import UNSET, Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A shelf of the catalogue. Categories form a tree."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name: str
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCategory:
    """What a new row is made of; None leaves a value to the database."""

    id: UUID | None = None
    parent_id: UUID | None = None
    slug: str
    name: str
    position: int | None = None

    def __post_init__(self) -> None:
        require_range(ValidationError, "position", self.position, ge=0)
        require_pattern(
            ValidationError, "slug", self.slug, r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChanges:
    """The values that an update changes; UNSET ones stay."""

    parent_id: UUID | Unset | None = UNSET
    slug: str | Unset = UNSET
    name: str | Unset = UNSET
    position: int | Unset = UNSET

    def __post_init__(self) -> None:
        require_range(ValidationError, "position", self.position, ge=0)
        require_pattern(
            ValidationError, "slug", self.slug, r"^[a-z0-9]+(-[a-z0-9]+)*\Z"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFilter:
    """What a list is narrowed to; None does not narrow."""

    parent_id: UUID | None = None
