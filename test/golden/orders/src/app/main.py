"""Application factory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api.routers import (
    addresses,
    categories,
    customers,
    health,
    order_items,
    order_status_histories,
    orders,
    payments,
    products,
    shipments,
)
from app.core.config import VERSION, get_settings
from app.core.correlation import CorrelationMiddleware
from app.core.database import get_engine
from app.core.error_handlers import register_error_handlers
from app.core.logging import configure_logging


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connection pool when the server stops."""
    yield
    await get_engine().dispose()


def create_app() -> FastAPI:
    """Build the application; settings that are missing stop it here."""
    settings = get_settings()
    configure_logging(settings.log_level)
    app = FastAPI(title="Order Management API", version=VERSION, lifespan=lifespan)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
        )
    app.add_middleware(CorrelationMiddleware)
    register_error_handlers(app)
    app.include_router(health.router)
    app.include_router(customers.router)
    app.include_router(addresses.router)
    app.include_router(categories.router)
    app.include_router(products.router)
    app.include_router(orders.router)
    app.include_router(order_items.router)
    app.include_router(order_status_histories.router)
    app.include_router(payments.router)
    app.include_router(shipments.router)
    return app
