"""SQLAlchemy model of the table payments."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class PaymentRow(Base):
    """Table ``payments``."""

    __tablename__ = "payments"
    __table_args__ = (
        sa.UniqueConstraint(
            "order_id", "reference", name="payments_order_reference_key"
        ),
        sa.CheckConstraint(
            "method IN ('bank_transfer', 'card', 'direct_debit')",
            name="payments_method_check",
        ),
        sa.CheckConstraint("amount > 0", name="payments_amount_check"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("orders.id", ondelete="CASCADE")
    )
    method: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    reference: Mapped[str] = mapped_column(sa.String(64))
    paid_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
