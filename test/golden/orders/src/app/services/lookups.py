"""Finding the row that a request names, or raising the designed error."""

from uuid import UUID

from app.core.errors import (
    AddressNotFoundError,
    CategoryNotFoundError,
    CustomerNotFoundError,
    OrderItemNotFoundError,
    OrderNotFoundError,
    PaymentNotFoundError,
    ProductNotFoundError,
    ShipmentNotFoundError,
)
from app.domain.address import Address
from app.domain.category import Category
from app.domain.customer import Customer
from app.domain.order import Order
from app.domain.order_item import OrderItem
from app.domain.payment import Payment
from app.domain.ports.unit_of_work import UnitOfWork
from app.domain.product import Product
from app.domain.shipment import Shipment


async def existing_customer(uow: UnitOfWork, customer_id: UUID) -> Customer:
    """Return it if it is visible to the caller; raise otherwise."""
    found = await uow.customers.find_by_id(customer_id)
    if found is None:
        raise CustomerNotFoundError()
    return found


async def existing_address_of_customer(
    uow: UnitOfWork, customer_id: UUID, address_id: UUID
) -> Address:
    """Return it if it is visible and belongs to its parent; raise otherwise."""
    found = await uow.addresses.find_by_id(address_id)
    if found is None or found.customer_id != customer_id:
        await existing_customer(uow, customer_id)
        raise AddressNotFoundError()
    return found


async def existing_category(uow: UnitOfWork, category_id: UUID) -> Category:
    """Return it if it is visible to the caller; raise otherwise."""
    found = await uow.categories.find_by_id(category_id)
    if found is None:
        raise CategoryNotFoundError()
    return found


async def existing_product(uow: UnitOfWork, product_id: UUID) -> Product:
    """Return it if it is visible to the caller; raise otherwise."""
    found = await uow.products.find_by_id(product_id)
    if found is None:
        raise ProductNotFoundError()
    return found


async def existing_order(
    uow: UnitOfWork, order_id: UUID, *, for_update: bool = False
) -> Order:
    """Return it if it is visible to the caller; raise otherwise."""
    found = await uow.orders.find_by_id(order_id, for_update=for_update)
    if found is None:
        raise OrderNotFoundError()
    return found


async def existing_order_item_of_order(
    uow: UnitOfWork, order_id: UUID, item_id: UUID
) -> OrderItem:
    """Return it if it is visible and belongs to its parent; raise otherwise."""
    found = await uow.order_items.find_by_id(item_id)
    if found is None or found.order_id != order_id:
        await existing_order(uow, order_id)
        raise OrderItemNotFoundError()
    return found


async def existing_payment_of_order(
    uow: UnitOfWork, order_id: UUID, payment_id: UUID
) -> Payment:
    """Return it if it is visible and belongs to its parent; raise otherwise."""
    found = await uow.payments.find_by_id(payment_id)
    if found is None or found.order_id != order_id:
        await existing_order(uow, order_id)
        raise PaymentNotFoundError()
    return found


async def existing_shipment_of_order(
    uow: UnitOfWork, order_id: UUID, shipment_id: UUID
) -> Shipment:
    """Return it if it is visible and belongs to its parent; raise otherwise."""
    found = await uow.shipments.find_by_id(shipment_id)
    if found is None or found.order_id != order_id:
        await existing_order(uow, order_id)
        raise ShipmentNotFoundError()
    return found
