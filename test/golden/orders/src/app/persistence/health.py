"""Whether the database answers."""

from time import perf_counter

from sqlalchemy import select

from app.core.database import get_session_factory


async def measure_latency() -> int:
    """Return how many milliseconds the database takes; raise if it is not there."""
    started = perf_counter()
    async with get_session_factory()() as session:
        await session.execute(select(1))
    return round((perf_counter() - started) * 1000)
