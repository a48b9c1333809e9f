"""Endpoints of orders."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import CallerId, OrderServiceDep
from app.api.schemas.errors import error_responses
from app.api.schemas.order import (
    ListOrdersQuery,
    Order,
    OrderCreate,
    OrderList,
    OrderUpdate,
)
from app.core.errors import (
    AddressNotFoundError,
    CustomerNotFoundError,
    InternalError,
    OrderEmptyError,
    OrderInvalidTransitionError,
    OrderItemDuplicateError,
    OrderNotFoundError,
    ProductNotFoundError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Orders"])


@router.get(
    "",
    operation_id="listOrders",
    summary="List orders",
    responses=error_responses(
        ValidationError, UnauthenticatedError, InternalError, ServiceUnavailableError
    ),
)
async def list_orders(
    query: Annotated[ListOrdersQuery, Query()], service: OrderServiceDep
) -> OrderList:
    """List orders."""
    page = query.to_page()
    rows, total = await service.list_orders(query.to_filter(), page)
    return OrderList(
        data=[Order.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "",
    operation_id="createOrder",
    summary="Open an order",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CustomerNotFoundError,
        AddressNotFoundError,
        ProductNotFoundError,
        OrderItemDuplicateError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def create_order(
    body: OrderCreate, caller_id: CallerId, service: OrderServiceDep
) -> Order:
    """Opens a draft, with its first items when there are any, in one transaction."""
    found = await service.create_order(body.to_new(owner_id=caller_id))
    return Order.model_validate(found)


@router.get(
    "/{orderId}",
    operation_id="getOrder",
    summary="Get an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def get_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Get an order."""
    found = await service.get_order(order_id)
    return Order.model_validate(found)


@router.patch(
    "/{orderId}",
    operation_id="updateOrder",
    summary="Change an order's delivery data",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        AddressNotFoundError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_order(
    order_id: Annotated[UUID, Path(alias="orderId")],
    body: OrderUpdate,
    service: OrderServiceDep,
) -> Order:
    """Change an order's delivery data."""
    found = await service.update_order(order_id, body.to_changes())
    return Order.model_validate(found)


@router.post(
    "/{orderId}/submit",
    operation_id="submitOrder",
    summary="Submit an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderEmptyError,
        OrderInvalidTransitionError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def submit_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Moves the order from `draft` to `submitted`. The order must not be empty."""
    found = await service.submit_order(order_id)
    return Order.model_validate(found)


@router.post(
    "/{orderId}/pay",
    operation_id="payOrder",
    summary="Confirm that an order is paid",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderInvalidTransitionError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def pay_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Moves the order from `submitted` to `paid`."""
    found = await service.pay_order(order_id)
    return Order.model_validate(found)


@router.post(
    "/{orderId}/ship",
    operation_id="shipOrder",
    summary="Mark an order as shipped",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderInvalidTransitionError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def ship_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Moves the order from `paid` to `shipped`."""
    found = await service.ship_order(order_id)
    return Order.model_validate(found)


@router.post(
    "/{orderId}/deliver",
    operation_id="deliverOrder",
    summary="Mark an order as delivered",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderInvalidTransitionError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def deliver_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Moves the order from `shipped` to `delivered`."""
    found = await service.deliver_order(order_id)
    return Order.model_validate(found)


@router.post(
    "/{orderId}/cancel",
    operation_id="cancelOrder",
    summary="Cancel an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderInvalidTransitionError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def cancel_order(
    order_id: Annotated[UUID, Path(alias="orderId")], service: OrderServiceDep
) -> Order:
    """Moves the order from `draft`, `submitted` or `paid` to `cancelled`."""
    found = await service.cancel_order(order_id)
    return Order.model_validate(found)
