"""Endpoints of order status histories."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from app.api.deps import OrderStatusHistoryServiceDep
from app.api.schemas.errors import error_responses
from app.api.schemas.order_status_history import (
    ListOrderHistoryQuery,
    OrderStatusChange,
    OrderStatusChangeList,
)
from app.core.errors import (
    InternalError,
    OrderNotFoundError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Orders"])


@router.get(
    "/{orderId}/history",
    operation_id="listOrderHistory",
    summary="List the status changes of an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_order_history(
    order_id: Annotated[UUID, Path(alias="orderId")],
    query: Annotated[ListOrderHistoryQuery, Query()],
    service: OrderStatusHistoryServiceDep,
) -> OrderStatusChangeList:
    """List the status changes of an order."""
    page = query.to_page()
    rows, total = await service.list_order_history(
        order_id, query.to_filter(order_id=order_id), page
    )
    return OrderStatusChangeList(
        data=[OrderStatusChange.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )
