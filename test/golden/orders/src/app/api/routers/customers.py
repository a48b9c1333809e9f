"""Endpoints of customers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import CallerId, CustomerServiceDep
from app.api.schemas.customer import (
    Customer,
    CustomerCreate,
    CustomerList,
    CustomerUpdate,
    ListCustomersQuery,
)
from app.api.schemas.errors import error_responses
from app.core.errors import (
    CustomerEmailTakenError,
    CustomerInUseError,
    CustomerNotFoundError,
    InternalError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/customers", tags=["Customers"])


@router.get(
    "",
    operation_id="listCustomers",
    summary="List customers",
    responses=error_responses(
        ValidationError, UnauthenticatedError, InternalError, ServiceUnavailableError
    ),
)
async def list_customers(
    query: Annotated[ListCustomersQuery, Query()], service: CustomerServiceDep
) -> CustomerList:
    """List customers."""
    page = query.to_page()
    rows, total = await service.list_customers(query.to_filter(), page)
    return CustomerList(
        data=[Customer.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "",
    operation_id="createCustomer",
    summary="Add a customer",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerEmailTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def create_customer(
    body: CustomerCreate, caller_id: CallerId, service: CustomerServiceDep
) -> Customer:
    """Add a customer."""
    found = await service.create_customer(body.to_new(owner_id=caller_id))
    return Customer.model_validate(found)


@router.get(
    "/{customerId}",
    operation_id="getCustomer",
    summary="Get a customer",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def get_customer(
    customer_id: Annotated[UUID, Path(alias="customerId")], service: CustomerServiceDep
) -> Customer:
    """Get a customer."""
    found = await service.get_customer(customer_id)
    return Customer.model_validate(found)


@router.patch(
    "/{customerId}",
    operation_id="updateCustomer",
    summary="Change a customer",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        CustomerEmailTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_customer(
    customer_id: Annotated[UUID, Path(alias="customerId")],
    body: CustomerUpdate,
    service: CustomerServiceDep,
) -> Customer:
    """Change a customer."""
    found = await service.update_customer(customer_id, body.to_changes())
    return Customer.model_validate(found)


@router.delete(
    "/{customerId}",
    operation_id="deleteCustomer",
    summary="Delete a customer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        CustomerInUseError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def delete_customer(
    customer_id: Annotated[UUID, Path(alias="customerId")], service: CustomerServiceDep
) -> None:
    """The addresses go with the customer. A customer with orders cannot be deleted."""
    await service.delete_customer(customer_id)
