"""SQLAlchemy model of the table categories."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class CategoryRow(Base):
    """Table ``categories``."""

    __tablename__ = "categories"
    __table_args__ = (
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="categories_slug_check"
        ),
        sa.CheckConstraint("position >= 0", name="categories_position_check"),
        sa.Index("categories_parent_id_idx", "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=sa.text("gen_random_uuid()")
    )
    parent_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("categories.id", ondelete="RESTRICT")
    )
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(
        sa.SmallInteger(), server_default=sa.text("0")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
