"""SQLAlchemy model of the table orders."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.enums import OrderStatus
from app.persistence.base import Base
from app.persistence.models.order_item import OrderItemRow


class OrderRow(Base):
    """Table ``orders``."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["customer_id", "owner_id"],
            ["customers.id", "customers.owner_id"],
            name="orders_customer_fkey",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id", "shipping_address_id"],
            ["addresses.customer_id", "addresses.id"],
            name="orders_shipping_address_fkey",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="orders_currency_check"),
        sa.CheckConstraint("total_amount >= 0", name="orders_total_amount_check"),
        sa.CheckConstraint(
            "total_amount > 0 OR status IN ('draft', 'cancelled')",
            name="orders_not_empty_check",
        ),
        sa.Index("orders_owner_created_idx", "owner_id", sa.text("created_at DESC")),
        sa.Index("orders_customer_id_idx", "customer_id"),
        sa.Index(
            "orders_open_idx",
            "owner_id",
            "status",
            postgresql_where=sa.text("status IN ('draft', 'submitted', 'paid')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    owner_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(
        sa.String(20),
        unique=True,
        server_default=sa.text(
            "('SO-' || lpad(nextval('order_number_seq')::text, 8, '0'))"
        ),
    )
    customer_id: Mapped[UUID]
    shipping_address_id: Mapped[UUID | None]
    status: Mapped[OrderStatus] = mapped_column(
        postgresql.ENUM(
            OrderStatus,
            name="order_status",
            create_type=False,
            values_callable=lambda members: [member.value for member in members],
        ),
        server_default=sa.text("'draft'"),
    )
    currency: Mapped[str] = mapped_column(sa.CHAR(3), server_default=sa.text("'EUR'"))
    total_amount: Mapped[Decimal] = mapped_column(
        sa.Numeric(12, 2), server_default=sa.text("0")
    )
    requested_delivery_date: Mapped[date | None]
    notes: Mapped[str | None] = mapped_column(sa.String(2000))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    items: Mapped[list[OrderItemRow]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="raise",
        foreign_keys="[OrderItemRow.order_id]",
        order_by="[OrderItemRow.created_at, OrderItemRow.id]",
    )
