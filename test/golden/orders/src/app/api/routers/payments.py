"""Endpoints of payments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import PaymentServiceDep
from app.api.schemas.errors import error_responses
from app.api.schemas.payment import (
    ListPaymentsQuery,
    Payment,
    PaymentCreate,
    PaymentList,
)
from app.core.errors import (
    InternalError,
    OrderNotFoundError,
    PaymentNotFoundError,
    PaymentReferenceTakenError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Payments"])


@router.get(
    "/{orderId}/payments",
    operation_id="listPayments",
    summary="List the payments of an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_payments(
    order_id: Annotated[UUID, Path(alias="orderId")],
    query: Annotated[ListPaymentsQuery, Query()],
    service: PaymentServiceDep,
) -> PaymentList:
    """List the payments of an order."""
    page = query.to_page()
    rows, total = await service.list_payments(
        order_id, query.to_filter(order_id=order_id), page
    )
    return PaymentList(
        data=[Payment.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "/{orderId}/payments",
    operation_id="recordPayment",
    summary="Record a payment",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        PaymentReferenceTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def record_payment(
    order_id: Annotated[UUID, Path(alias="orderId")],
    body: PaymentCreate,
    service: PaymentServiceDep,
) -> Payment:
    """Records what was received.

    The status of the order changes with `POST /orders/{orderId}/pay`.
    """
    found = await service.record_payment(order_id, body.to_new(order_id=order_id))
    return Payment.model_validate(found)


@router.get(
    "/{orderId}/payments/{paymentId}",
    operation_id="getPayment",
    summary="Get a payment",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        PaymentNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def get_payment(
    order_id: Annotated[UUID, Path(alias="orderId")],
    payment_id: Annotated[UUID, Path(alias="paymentId")],
    service: PaymentServiceDep,
) -> Payment:
    """Get a payment."""
    found = await service.get_payment(order_id, payment_id)
    return Payment.model_validate(found)
