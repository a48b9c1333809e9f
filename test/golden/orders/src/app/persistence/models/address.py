"""SQLAlchemy model of the table addresses."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class AddressRow(Base):
    """Table ``addresses``."""

    __tablename__ = "addresses"
    __table_args__ = (
        sa.UniqueConstraint("customer_id", "id", name="addresses_customer_key"),
        sa.CheckConstraint(
            "kind IN ('billing', 'shipping')", name="addresses_kind_check"
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="addresses_country_check"),
        sa.Index(
            "addresses_default_key",
            "customer_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    customer_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("customers.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(server_default=sa.text("'shipping'"))
    line1: Mapped[str] = mapped_column(sa.String(200))
    line2: Mapped[str | None] = mapped_column(sa.String(200))
    postal_code: Mapped[str] = mapped_column(sa.String(16))
    city: Mapped[str] = mapped_column(sa.String(120))
    country: Mapped[str] = mapped_column(sa.CHAR(2))
    is_default: Mapped[bool] = mapped_column(server_default=sa.text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
