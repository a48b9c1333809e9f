"""Requests and answers of the Category endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import ApiModel, AsNumber, Omittable, RequestModel
from app.domain.category import CategoryChanges, CategoryFilter, NewCategory
from app.domain.paging import LARGEST_OFFSET, PageRequest


class Category(ApiModel):
    """Category as the API shows it."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name: str
    position: int
    created_at: datetime
    updated_at: datetime


class CategoryList(ApiModel):
    """Answer of ``GET /api/v1/categories``."""

    data: list[Category]
    total: int
    limit: int
    offset: int


class CategoryCreate(RequestModel):
    """Body of ``POST /api/v1/categories``."""

    parent_id: UUID | None = None
    slug: str = Field(max_length=60, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    name: str = Field(min_length=1, max_length=120)
    position: Annotated[int, Field(ge=0, le=32767), AsNumber()] = 0

    def to_new(self) -> NewCategory:
        """Return the data of the new row."""
        return NewCategory(
            parent_id=self.parent_id,
            slug=self.slug,
            name=self.name,
            position=self.position,
        )


class CategoryUpdate(RequestModel):
    """Body of ``PATCH /api/v1/categories/{categoryId}``."""

    parent_id: UUID | None = None
    slug: Omittable[
        Annotated[str, Field(max_length=60, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    ] = None
    name: Omittable[Annotated[str, Field(min_length=1, max_length=120)]] = None
    position: Omittable[Annotated[int, Field(ge=0, le=32767), AsNumber()]] = None

    def to_changes(self) -> CategoryChanges:
        """Return what the request names; everything else stays."""
        return CategoryChanges(**self.sent_values())


class ListCategoriesQuery(ApiModel):
    """Query of ``GET /api/v1/categories``."""

    parent_id: Omittable[UUID] = Field(
        default=None, description="Only the children of this category."
    )
    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self) -> CategoryFilter:
        """Return what the list is narrowed to."""
        return CategoryFilter(
            parent_id=self.parent_id,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
