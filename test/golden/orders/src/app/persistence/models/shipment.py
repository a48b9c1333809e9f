"""SQLAlchemy model of the table shipments."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class ShipmentRow(Base):
    """Table ``shipments``."""

    __tablename__ = "shipments"
    __table_args__ = (
        sa.UniqueConstraint(
            "order_id", "tracking_number", name="shipments_order_tracking_key"
        ),
        sa.CheckConstraint(
            "carrier IN ('dhl', 'ups', 'fedex', 'pickup')",
            name="shipments_carrier_check",
        ),
        sa.CheckConstraint(
            "delivered_at >= shipped_at", name="shipments_delivered_at_check"
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE")
    )
    carrier: Mapped[str]
    tracking_number: Mapped[str | None] = mapped_column(sa.String(64))
    shipped_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
