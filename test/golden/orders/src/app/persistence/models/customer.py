"""SQLAlchemy model of the table customers."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class CustomerRow(Base):
    """Table ``customers``."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.UniqueConstraint("id", "owner_id", name="customers_id_owner_key"),
        sa.CheckConstraint(
            "payment_terms IN ('prepaid', 'net14', 'net30')",
            name="customers_payment_terms_check",
        ),
        sa.CheckConstraint("credit_limit >= 0", name="customers_credit_limit_check"),
        sa.Index(
            "customers_owner_email_key",
            "owner_id",
            sa.text("lower(email)"),
            unique=True,
        ),
        sa.Index("customers_owner_name_idx", "owner_id", "name"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    owner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(320))
    phone: Mapped[str | None] = mapped_column(sa.String(32))
    vat_id: Mapped[str | None] = mapped_column(sa.String(20))
    payment_terms: Mapped[str] = mapped_column(server_default=sa.text("'net30'"))
    credit_limit: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
