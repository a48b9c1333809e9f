"""SQLAlchemy model of the table order_items."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class OrderItemRow(Base):
    """Table ``order_items``."""

    __tablename__ = "order_items"
    __table_args__ = (
        sa.UniqueConstraint(
            "order_id", "product_id", name="order_items_order_product_key"
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 9999", name="order_items_quantity_check"
        ),
        sa.CheckConstraint("unit_price > 0", name="order_items_unit_price_check"),
        sa.Index("order_items_product_id_idx", "product_id"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE")
    )
    product_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("products.id", ondelete="RESTRICT")
    )
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    line_total: Mapped[Decimal] = mapped_column(
        sa.Numeric(12, 2), sa.Computed("quantity * unit_price", persisted=True)
    )
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
