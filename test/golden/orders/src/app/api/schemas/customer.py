"""Requests and answers of the Customer endpoints."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field

from app.api.schemas.common import (
    ApiModel,
    AsText,
    EmailText,
    IsoDatetime,
    Omittable,
    RequestModel,
)
from app.domain.customer import (
    CustomerChanges,
    CustomerFilter,
    CustomerPaymentTerms,
    NewCustomer,
)
from app.domain.paging import LARGEST_OFFSET, PageRequest


class Customer(ApiModel):
    """Customer as the API shows it."""

    id: UUID
    name: str
    email: EmailText
    phone: str | None
    vat_id: str | None
    payment_terms: CustomerPaymentTerms
    credit_limit: Decimal | None
    created_at: datetime
    updated_at: datetime


class CustomerList(ApiModel):
    """Answer of ``GET /api/v1/customers``."""

    data: list[Customer]
    total: int
    limit: int
    offset: int


class CustomerCreate(RequestModel):
    """Body of ``POST /api/v1/customers``."""

    name: str = Field(min_length=1, max_length=200)
    email: EmailStr = Field(max_length=320)
    phone: str | None = Field(default=None, max_length=32)
    vat_id: str | None = Field(default=None, max_length=20)
    payment_terms: CustomerPaymentTerms = CustomerPaymentTerms.NET30
    credit_limit: (
        Annotated[
            Decimal,
            Field(max_digits=12, decimal_places=2),
            AsText(r"^[0-9]{1,10}(\.[0-9]{1,2})?$"),
        ]
        | None
    ) = None

    def to_new(self, *, owner_id: UUID) -> NewCustomer:
        """Return the data of the new row."""
        return NewCustomer(
            owner_id=owner_id,
            name=self.name,
            email=self.email,
            phone=self.phone,
            vat_id=self.vat_id,
            payment_terms=self.payment_terms,
            credit_limit=self.credit_limit,
        )


class CustomerUpdate(RequestModel):
    """Body of ``PATCH /api/v1/customers/{customerId}``."""

    name: Omittable[Annotated[str, Field(min_length=1, max_length=200)]] = None
    email: Omittable[Annotated[EmailStr, Field(max_length=320)]] = None
    phone: str | None = Field(default=None, max_length=32)
    vat_id: str | None = Field(default=None, max_length=20)
    payment_terms: Omittable[CustomerPaymentTerms] = None
    credit_limit: (
        Annotated[
            Decimal,
            Field(max_digits=12, decimal_places=2),
            AsText(r"^[0-9]{1,10}(\.[0-9]{1,2})?$"),
        ]
        | None
    ) = None

    def to_changes(self) -> CustomerChanges:
        """Return what the request names; everything else stays."""
        return CustomerChanges(**self.sent_values())


class ListCustomersQuery(ApiModel):
    """Query of ``GET /api/v1/customers``."""

    q: Omittable[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default=None, description="Part of the name; case does not matter."
    )
    payment_terms: Omittable[CustomerPaymentTerms] = Field(
        default=None, description="Only customers with these payment terms."
    )
    created_from: Omittable[IsoDatetime] = Field(
        default=None, description="Created at this moment or later."
    )
    created_to: Omittable[IsoDatetime] = Field(
        default=None, description="Created at this moment or earlier."
    )
    limit: int = Field(default=20, ge=1, le=100, description="Most entries of a page.")
    offset: int = Field(default=0, ge=0, description="Entries to skip.")

    def to_filter(self) -> CustomerFilter:
        """Return what the list is narrowed to."""
        return CustomerFilter(
            q=self.q,
            payment_terms=self.payment_terms,
            created_from=self.created_from,
            created_to=self.created_to,
        )

    def to_page(self) -> PageRequest:
        """Return the part of the list that is asked for."""
        return PageRequest(limit=self.limit, offset=min(self.offset, LARGEST_OFFSET))
