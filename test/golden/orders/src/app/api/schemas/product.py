"""Requests and answers of the Product endpoints."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import ApiModel, NotNull, RequestModel
from app.domain.paging import PageRequest
from app.domain.product import NewProduct, ProductChanges, ProductFilter


class Product(ApiModel):
    """Product as the API shows it."""

    id: UUID
    category_id: UUID
    sku: str
    name: str
    description: str | None
    price: Decimal = Field(
        description=(
            "An amount with at most ten digits before and two after the point."
        )
    )
    stock_quantity: int
    active: bool
    tags: list[str]
    attributes: dict[str, Any] = Field(
        description="Free-form facts, such as weight and colour."
    )
    created_at: datetime
    updated_at: datetime


class ProductList(ApiModel):
    """Answer of ``GET /api/v1/products``."""

    data: list[Product]
    total: int
    limit: int
    offset: int


class ProductCreate(RequestModel):
    """Body of ``POST /api/v1/products``."""

    category_id: UUID
    sku: str = Field(max_length=40, pattern="^[A-Z0-9][A-Z0-9-]{2,39}$")
    name: str = Field(min_length=1, max_length=160)
    description: str | None = Field(default=None, max_length=4000)
    price: Decimal = Field(
        max_digits=12,
        decimal_places=2,
        description=(
            "An amount with at most ten digits before and two after the point."
        ),
    )
    stock_quantity: int = Field(default=0, ge=0, le=2147483647)
    active: bool = True
    tags: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(
        default_factory=list, max_length=20
    )
    attributes: dict[str, Any] = Field(
        default_factory=dict, description="Free-form facts, such as weight and colour."
    )

    def to_new(self) -> NewProduct:
        """Return the data of the new row."""
        return NewProduct(
            category_id=self.category_id,
            sku=self.sku,
            name=self.name,
            description=self.description,
            price=self.price,
            stock_quantity=self.stock_quantity,
            active=self.active,
            tags=self.tags,
            attributes=self.attributes,
        )


class ProductUpdate(RequestModel):
    """Body of ``PATCH /api/v1/products/{productId}``."""

    category_id: Annotated[UUID | None, NotNull] = None
    sku: Annotated[str | None, NotNull] = Field(
        default=None, max_length=40, pattern="^[A-Z0-9][A-Z0-9-]{2,39}$"
    )
    name: Annotated[str | None, NotNull] = Field(
        default=None, min_length=1, max_length=160
    )
    description: str | None = Field(default=None, max_length=4000)
    price: Annotated[Decimal | None, NotNull] = Field(
        default=None,
        max_digits=12,
        decimal_places=2,
        description=(
            "An amount with at most ten digits before and two after the point."
        ),
    )
    stock_quantity: Annotated[int | None, NotNull] = Field(
        default=None, ge=0, le=2147483647
    )
    active: Annotated[bool | None, NotNull] = None
    tags: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]] | None, NotNull
    ] = Field(default=None, max_length=20)
    attributes: Annotated[dict[str, Any] | None, NotNull] = Field(
        default=None, description="Free-form facts, such as weight and colour."
    )

    def to_changes(self) -> ProductChanges:
        """Return what the request names; everything else stays."""
        return ProductChanges(**self.sent_values())


class ListProductsQuery(ApiModel):
    """Query of ``GET /api/v1/products``."""

    q: str | None = Field(
        default=None,
        min_length=1,
        max_length=160,
        description="Part of the name; case does not matter.",
    )
    category_id: UUID | None = Field(
        default=None, description="Only products of this category."
    )
    active: bool | None = Field(
        default=None, description="Only products that are, or are not, for sale."
    )
    price_from: Decimal | None = Field(
        default=None,
        max_digits=12,
        decimal_places=2,
        description="At this price or dearer.",
    )
    price_to: Decimal | None = Field(
        default=None,
        max_digits=12,
        decimal_places=2,
        description="At this price or cheaper.",
    )
    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self) -> ProductFilter:
        """Return what the list is narrowed to."""
        return ProductFilter(
            q=self.q,
            category_id=self.category_id,
            active=self.active,
            price_from=self.price_from,
            price_to=self.price_to,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=self.offset)
