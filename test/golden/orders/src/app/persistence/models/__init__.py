"""The tables of the database design."""

from app.persistence.base import Base
from app.persistence.models.address import AddressRow
from app.persistence.models.category import CategoryRow
from app.persistence.models.customer import CustomerRow
from app.persistence.models.order import OrderRow
from app.persistence.models.order_item import OrderItemRow
from app.persistence.models.order_status_history import OrderStatusHistoryRow
from app.persistence.models.payment import PaymentRow
from app.persistence.models.product import ProductRow
from app.persistence.models.shipment import ShipmentRow

__all__ = [
    "AddressRow",
    "Base",
    "CategoryRow",
    "CustomerRow",
    "OrderItemRow",
    "OrderRow",
    "OrderStatusHistoryRow",
    "PaymentRow",
    "ProductRow",
    "ShipmentRow",
]
