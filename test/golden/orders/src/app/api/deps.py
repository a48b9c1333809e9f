"""Dependencies of the routes."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.core.config import Settings, get_settings
from app.core.database import get_session_factory
from app.core.errors import ForbiddenError, UnauthenticatedError
from app.core.security import verify_token
from app.domain.principal import Principal
from app.persistence.unit_of_work import SqlUnitOfWork
from app.services.address import AddressService
from app.services.category import CategoryService
from app.services.customer import CustomerService
from app.services.order import OrderService
from app.services.order_item import OrderItemService
from app.services.order_status_history import OrderStatusHistoryService
from app.services.payment import PaymentService
from app.services.product import ProductService
from app.services.shipment import ShipmentService

_bearer = HTTPBearer(auto_error=False)


async def get_principal(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    settings: Annotated[Settings, Depends(get_settings)],
) -> Principal:
    """Authenticate the caller, or answer that nobody is signed in."""
    if credentials is None:
        raise UnauthenticatedError()
    return verify_token(credentials.credentials, settings)


CurrentPrincipal = Annotated[Principal, Depends(get_principal)]


def get_caller_id(principal: CurrentPrincipal) -> UUID:
    """Return the caller as the rows name it."""
    try:
        return UUID(principal.user_id)
    except ValueError as error:
        raise UnauthenticatedError() from error


CallerId = Annotated[UUID, Depends(get_caller_id)]


def require_roles(*roles: str) -> Callable[[Principal], None]:
    """Let only callers pass who have one of the roles."""

    def check(principal: CurrentPrincipal) -> None:
        if not set(roles).intersection(principal.roles):
            raise ForbiddenError()

    return check


RequiresStaff = Depends(require_roles("staff"))


def get_customer_service(principal: CurrentPrincipal) -> CustomerService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return CustomerService(lambda: SqlUnitOfWork(factory, principal))


CustomerServiceDep = Annotated[CustomerService, Depends(get_customer_service)]


def get_address_service(principal: CurrentPrincipal) -> AddressService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return AddressService(lambda: SqlUnitOfWork(factory, principal))


AddressServiceDep = Annotated[AddressService, Depends(get_address_service)]


def get_category_service(principal: CurrentPrincipal) -> CategoryService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return CategoryService(lambda: SqlUnitOfWork(factory, principal))


CategoryServiceDep = Annotated[CategoryService, Depends(get_category_service)]


def get_product_service(principal: CurrentPrincipal) -> ProductService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return ProductService(lambda: SqlUnitOfWork(factory, principal))


ProductServiceDep = Annotated[ProductService, Depends(get_product_service)]


def get_order_service(principal: CurrentPrincipal) -> OrderService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return OrderService(lambda: SqlUnitOfWork(factory, principal))


OrderServiceDep = Annotated[OrderService, Depends(get_order_service)]


def get_order_item_service(principal: CurrentPrincipal) -> OrderItemService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return OrderItemService(lambda: SqlUnitOfWork(factory, principal))


OrderItemServiceDep = Annotated[OrderItemService, Depends(get_order_item_service)]


def get_order_status_history_service(
    principal: CurrentPrincipal,
) -> OrderStatusHistoryService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return OrderStatusHistoryService(lambda: SqlUnitOfWork(factory, principal))


OrderStatusHistoryServiceDep = Annotated[
    OrderStatusHistoryService, Depends(get_order_status_history_service)
]


def get_payment_service(principal: CurrentPrincipal) -> PaymentService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return PaymentService(lambda: SqlUnitOfWork(factory, principal))


PaymentServiceDep = Annotated[PaymentService, Depends(get_payment_service)]


def get_shipment_service(principal: CurrentPrincipal) -> ShipmentService:
    """Return the service bound to the caller."""
    factory = get_session_factory()
    return ShipmentService(lambda: SqlUnitOfWork(factory, principal))


ShipmentServiceDep = Annotated[ShipmentService, Depends(get_shipment_service)]
