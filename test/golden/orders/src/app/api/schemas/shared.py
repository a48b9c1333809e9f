"""Parts of several answers."""

from typing import Literal

from app.api.schemas.common import ApiModel


class Health(ApiModel):
    """Answer of ``GET /api/v1/health``."""

    status: Literal["ok"]
