"""Endpoints of addresses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import AddressServiceDep
from app.api.schemas.address import (
    Address,
    AddressCreate,
    AddressList,
    AddressUpdate,
    ListAddressesQuery,
)
from app.api.schemas.errors import error_responses
from app.core.errors import (
    AddressDefaultTakenError,
    AddressInUseError,
    AddressNotFoundError,
    CustomerNotFoundError,
    InternalError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/customers", tags=["Customers"])


@router.get(
    "/{customerId}/addresses",
    operation_id="listAddresses",
    summary="List the addresses of a customer",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_addresses(
    customer_id: Annotated[UUID, Path(alias="customerId")],
    query: Annotated[ListAddressesQuery, Query()],
    service: AddressServiceDep,
) -> AddressList:
    """List the addresses of a customer."""
    page = query.to_page()
    rows, total = await service.list_addresses(
        customer_id, query.to_filter(customer_id=customer_id), page
    )
    return AddressList(
        data=[Address.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "/{customerId}/addresses",
    operation_id="addAddress",
    summary="Add an address",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        AddressDefaultTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def add_address(
    customer_id: Annotated[UUID, Path(alias="customerId")],
    body: AddressCreate,
    service: AddressServiceDep,
) -> Address:
    """Add an address."""
    found = await service.add_address(customer_id, body.to_new(customer_id=customer_id))
    return Address.model_validate(found)


@router.patch(
    "/{customerId}/addresses/{addressId}",
    operation_id="updateAddress",
    summary="Change an address",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        AddressNotFoundError,
        AddressDefaultTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_address(
    customer_id: Annotated[UUID, Path(alias="customerId")],
    address_id: Annotated[UUID, Path(alias="addressId")],
    body: AddressUpdate,
    service: AddressServiceDep,
) -> Address:
    """Change an address."""
    found = await service.update_address(customer_id, address_id, body.to_changes())
    return Address.model_validate(found)


@router.delete(
    "/{customerId}/addresses/{addressId}",
    operation_id="deleteAddress",
    summary="Delete an address",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        AddressNotFoundError,
        AddressInUseError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def delete_address(
    customer_id: Annotated[UUID, Path(alias="customerId")],
    address_id: Annotated[UUID, Path(alias="addressId")],
    service: AddressServiceDep,
) -> None:
    """An address that an order ships to cannot be deleted."""
    await service.delete_address(customer_id, address_id)
