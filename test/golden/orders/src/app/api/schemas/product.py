"""Requests and answers of the Product endpoints."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StrictBool

from app.api.schemas.common import ApiModel, AsNumber, AsText, Omittable, RequestModel
from app.domain.paging import LARGEST_OFFSET, PageRequest
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
    price: Annotated[
        Decimal,
        Field(max_digits=12, decimal_places=2),
        AsText(r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
    ] = Field(description="An amount of money above nothing.")
    stock_quantity: Annotated[int, Field(ge=0, le=2147483647), AsNumber()] = 0
    active: StrictBool = True
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

    category_id: Omittable[UUID] = None
    sku: Omittable[
        Annotated[str, Field(max_length=40, pattern="^[A-Z0-9][A-Z0-9-]{2,39}$")]
    ] = None
    name: Omittable[Annotated[str, Field(min_length=1, max_length=160)]] = None
    description: str | None = Field(default=None, max_length=4000)
    price: Omittable[
        Annotated[
            Decimal,
            Field(max_digits=12, decimal_places=2),
            AsText(r"^([1-9][0-9]{0,9}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
        ]
    ] = Field(default=None, description="An amount of money above nothing.")
    stock_quantity: Omittable[
        Annotated[int, Field(ge=0, le=2147483647), AsNumber()]
    ] = None
    active: Omittable[StrictBool] = None
    tags: Omittable[
        Annotated[
            list[Annotated[str, Field(min_length=1, max_length=40)]],
            Field(max_length=20),
        ]
    ] = None
    attributes: Omittable[dict[str, Any]] = Field(
        default=None, description="Free-form facts, such as weight and colour."
    )

    def to_changes(self) -> ProductChanges:
        """Return what the request names; everything else stays."""
        return ProductChanges(**self.sent_values())


class ListProductsQuery(ApiModel):
    """Query of ``GET /api/v1/products``."""

    q: Omittable[Annotated[str, Field(min_length=1, max_length=160)]] = Field(
        default=None, description="Part of the name; case does not matter."
    )
    category_id: Omittable[UUID] = Field(
        default=None, description="Only products of this category."
    )
    active: Omittable[bool] = Field(
        default=None, description="Only products that are, or are not, for sale."
    )
    price_from: Omittable[
        Annotated[Decimal, AsText(r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    ] = Field(default=None, description="At this price or dearer.")
    price_to: Omittable[Annotated[Decimal, AsText(r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]] = (
        Field(default=None, description="At this price or cheaper.")
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
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
