"""Endpoints of addresses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

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
    "/{customer_id}/addresses",
    operation_id="listAddresses",
    summary="List the addresses of a customer",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        AddressNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_addresses(
    customer_id: UUID,
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
    "/{customer_id}/addresses",
    operation_id="addAddress",
    summary="Add an address",
    status_code=status.HTTP_201_CREATED,
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
async def add_address(
    customer_id: UUID, body: AddressCreate, service: AddressServiceDep
) -> Address:
    """Add an address."""
    found = await service.add_address(customer_id, body.to_new(customer_id=customer_id))
    return Address.model_validate(found)


@router.patch(
    "/{customer_id}/addresses/{address_id}",
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
    customer_id: UUID, address_id: UUID, body: AddressUpdate, service: AddressServiceDep
) -> Address:
    """Change an address."""
    found = await service.update_address(customer_id, address_id, body.to_changes())
    return Address.model_validate(found)


@router.delete(
    "/{customer_id}/addresses/{address_id}",
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
    customer_id: UUID, address_id: UUID, service: AddressServiceDep
) -> None:
    """An address that an order ships to cannot be deleted."""
    await service.delete_address(customer_id, address_id)
