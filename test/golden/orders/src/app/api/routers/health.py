"""Health of the service."""

from fastapi import APIRouter

from app.api.schemas.shared import Health

router = APIRouter(prefix="/api/v1/health", tags=["Operations"])


@router.get("", operation_id="getHealth", summary="Tell whether the service is up")
async def get_health() -> Health:
    """Tell whether the service is up."""
    return Health(status="ok")
