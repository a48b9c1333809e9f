"""Endpoints of shipments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import ShipmentServiceDep
from app.api.schemas.errors import error_responses
from app.api.schemas.shipment import (
    ListShipmentsQuery,
    Shipment,
    ShipmentCreate,
    ShipmentList,
    ShipmentUpdate,
)
from app.core.errors import (
    InternalError,
    OrderNotFoundError,
    ServiceUnavailableError,
    ShipmentNotFoundError,
    ShipmentTrackingTakenError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/orders", tags=["Shipments"])


@router.get(
    "/{orderId}/shipments",
    operation_id="listShipments",
    summary="List the shipments of an order",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def list_shipments(
    order_id: Annotated[UUID, Path(alias="orderId")],
    query: Annotated[ListShipmentsQuery, Query()],
    service: ShipmentServiceDep,
) -> ShipmentList:
    """List the shipments of an order."""
    page = query.to_page()
    rows, total = await service.list_shipments(
        order_id, query.to_filter(order_id=order_id), page
    )
    return ShipmentList(
        data=[Shipment.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "/{orderId}/shipments",
    operation_id="createShipment",
    summary="Record a shipment",
    status_code=status.HTTP_201_CREATED,
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        ShipmentTrackingTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def create_shipment(
    order_id: Annotated[UUID, Path(alias="orderId")],
    body: ShipmentCreate,
    service: ShipmentServiceDep,
) -> Shipment:
    """Record a shipment."""
    found = await service.create_shipment(order_id, body.to_new(order_id=order_id))
    return Shipment.model_validate(found)


@router.patch(
    "/{orderId}/shipments/{shipmentId}",
    operation_id="updateShipment",
    summary="Change a shipment",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        OrderNotFoundError,
        ShipmentNotFoundError,
        ShipmentTrackingTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_shipment(
    order_id: Annotated[UUID, Path(alias="orderId")],
    shipment_id: Annotated[UUID, Path(alias="shipmentId")],
    body: ShipmentUpdate,
    service: ShipmentServiceDep,
) -> Shipment:
    """Change a shipment."""
    found = await service.update_shipment(order_id, shipment_id, body.to_changes())
    return Shipment.model_validate(found)
