"""Alembic environment on the application's own engine."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.core.database import get_engine
from app.persistence.models import Base


def run_offline() -> None:
    """Write the SQL instead of running it."""
    context.configure(
        url=get_engine().url, target_metadata=Base.metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """Connect, migrate, and close."""
    engine = get_engine()
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())
