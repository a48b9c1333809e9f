"""Requests and answers of the Address endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.api.schemas.common import ApiModel, Omittable, RequestModel
from app.domain.address import AddressChanges, AddressFilter, AddressKind, NewAddress
from app.domain.paging import LARGEST_OFFSET, PageRequest


class Address(ApiModel):
    """Address as the API shows it."""

    id: UUID
    customer_id: UUID
    kind: AddressKind
    line1: str
    line2: str | None
    postal_code: str
    city: str
    country: str = Field(description="ISO 3166-1 alpha-2 code.")
    is_default: bool
    created_at: datetime
    updated_at: datetime


class AddressList(ApiModel):
    """Answer of ``GET /api/v1/customers/{customerId}/addresses``."""

    data: list[Address]
    total: int
    limit: int
    offset: int


class AddressCreate(RequestModel):
    """Body of ``POST /api/v1/customers/{customerId}/addresses``."""

    kind: AddressKind = AddressKind.SHIPPING
    line1: str = Field(min_length=1, max_length=200)
    line2: str | None = Field(default=None, max_length=200)
    postal_code: str = Field(min_length=1, max_length=16)
    city: str = Field(min_length=1, max_length=120)
    country: str = Field(
        max_length=2, pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code."
    )
    is_default: StrictBool = False

    def to_new(self, *, customer_id: UUID) -> NewAddress:
        """Return the data of the new row."""
        return NewAddress(
            customer_id=customer_id,
            kind=self.kind,
            line1=self.line1,
            line2=self.line2,
            postal_code=self.postal_code,
            city=self.city,
            country=self.country,
            is_default=self.is_default,
        )


class AddressUpdate(RequestModel):
    """Body of ``PATCH /api/v1/customers/{customerId}/addresses/{addressId}``."""

    kind: Omittable[AddressKind] = None
    line1: Omittable[Annotated[str, Field(min_length=1, max_length=200)]] = None
    line2: str | None = Field(default=None, max_length=200)
    postal_code: Omittable[Annotated[str, Field(min_length=1, max_length=16)]] = None
    city: Omittable[Annotated[str, Field(min_length=1, max_length=120)]] = None
    country: Omittable[Annotated[str, Field(max_length=2, pattern="^[A-Z]{2}$")]] = (
        Field(default=None, description="ISO 3166-1 alpha-2 code.")
    )
    is_default: Omittable[StrictBool] = None

    def to_changes(self) -> AddressChanges:
        """Return what the request names; everything else stays."""
        return AddressChanges(**self.sent_values())


class ListAddressesQuery(ApiModel):
    """Query of ``GET /api/v1/customers/{customerId}/addresses``."""

    kind: Omittable[AddressKind] = Field(
        default=None, description="Only addresses of this kind."
    )
    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self, *, customer_id: UUID) -> AddressFilter:
        """Return what the list is narrowed to."""
        return AddressFilter(
            customer_id=customer_id,
            kind=self.kind,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
