"""Endpoints of order items."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import OrderItemServiceDep
from app.api.schemas.errors import error_responses
from app.api.schemas.order_item import (
    ListOrderItemsQuery,
    OrderItem,
    OrderItemCreate,
    OrderItemList,
    OrderItemUpdate,
)
from app.core.errors import (
    InternalError,
    OrderItemDuplicateError,
    OrderItemNotFoundError,
    OrderNotEditableError,
    OrderNotFoundError,
    ProductNotFoundError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Orders"])


@router.get(
    "/{orderId}/items",
    operation_id="listOrderItems",
    summary="List the items of an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_order_items(
    order_id: Annotated[UUID, Path(alias="orderId")],
    query: Annotated[ListOrderItemsQuery, Query()],
    service: OrderItemServiceDep,
) -> OrderItemList:
    """List the items of an order."""
    page = query.to_page()
    rows, total = await service.list_order_items(
        order_id, query.to_filter(order_id=order_id), page
    )
    return OrderItemList(
        data=[OrderItem.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "/{orderId}/items",
    operation_id="addOrderItem",
    summary="Add an item",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ProductNotFoundError,
        OrderNotFoundError,
        OrderItemDuplicateError,
        OrderNotEditableError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def add_order_item(
    order_id: Annotated[UUID, Path(alias="orderId")],
    body: OrderItemCreate,
    service: OrderItemServiceDep,
) -> OrderItem:
    """Allowed while the order is a draft."""
    found = await service.add_order_item(order_id, body.to_new(order_id=order_id))
    return OrderItem.model_validate(found)


@router.patch(
    "/{orderId}/items/{itemId}",
    operation_id="updateOrderItem",
    summary="Change an item",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderItemNotFoundError,
        OrderNotEditableError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_order_item(
    order_id: Annotated[UUID, Path(alias="orderId")],
    item_id: Annotated[UUID, Path(alias="itemId")],
    body: OrderItemUpdate,
    service: OrderItemServiceDep,
) -> OrderItem:
    """Allowed while the order is a draft."""
    found = await service.update_order_item(order_id, item_id, body.to_changes())
    return OrderItem.model_validate(found)


@router.delete(
    "/{orderId}/items/{itemId}",
    operation_id="removeOrderItem",
    summary="Remove an item",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        OrderItemNotFoundError,
        OrderNotEditableError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def remove_order_item(
    order_id: Annotated[UUID, Path(alias="orderId")],
    item_id: Annotated[UUID, Path(alias="itemId")],
    service: OrderItemServiceDep,
) -> None:
    """Allowed while the order is a draft."""
    await service.remove_order_item(order_id, item_id)
