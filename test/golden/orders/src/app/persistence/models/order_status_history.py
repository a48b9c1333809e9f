"""SQLAlchemy model of the table order_status_history."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import OrderStatus
from app.persistence.base import Base


class OrderStatusHistoryRow(Base):
    """Table ``order_status_history``."""

    __tablename__ = "order_status_history"
    __table_args__ = (
        sa.Index(
            "order_status_history_order_idx", "order_id", sa.text("created_at DESC")
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE")
    )
    from_status: Mapped[OrderStatus | None] = mapped_column(
        postgresql.ENUM(
            OrderStatus,
            name="order_status",
            create_type=False,
            values_callable=lambda members: [member.value for member in members],
        )
    )
    to_status: Mapped[OrderStatus] = mapped_column(
        postgresql.ENUM(
            OrderStatus,
            name="order_status",
            create_type=False,
            values_callable=lambda members: [member.value for member in members],
        )
    )
    changed_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
