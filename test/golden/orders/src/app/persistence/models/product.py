"""SQLAlchemy model of the table products."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class ProductRow(Base):
    """Table ``products``."""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint(
            "sku ~ '^[A-Z0-9][A-Z0-9-]{2,39}$'", name="products_sku_check"
        ),
        sa.CheckConstraint("price > 0", name="products_price_check"),
        sa.CheckConstraint("stock_quantity >= 0", name="products_stock_quantity_check"),
        sa.Index(
            "products_category_id_idx",
            "category_id",
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index("products_name_lower_idx", sa.text("lower(name)")),
        sa.Index("products_tags_idx", "tags", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    category_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("categories.id", ondelete="RESTRICT")
    )
    sku: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    description: Mapped[str | None]
    price: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    stock_quantity: Mapped[int] = mapped_column(server_default=sa.text("0"))
    active: Mapped[bool] = mapped_column(server_default=sa.text("true"))
    tags: Mapped[list[str]] = mapped_column(
        postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'")
    )
    attributes: Mapped[dict[str, Any]] = mapped_column(
        postgresql.JSONB(none_as_null=True), server_default=sa.text("'{}'")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    deleted_at: Mapped[datetime | None]
