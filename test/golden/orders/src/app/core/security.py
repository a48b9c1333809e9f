"""Verification of the caller's credentials."""

from collections.abc import Mapping
from typing import Any

import jwt

from app.core.config import Settings
from app.core.errors import UnauthenticatedError
from app.domain.principal import Principal


def verify_token(token: str, settings: Settings) -> Principal:
    """Return the caller that the token names; refuse expired and foreign tokens."""
    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[settings.jwt_algorithm],
            audience=settings.jwt_audience,
            issuer=settings.jwt_issuer,
            options={
                "require": ["exp", "sub"],
                "verify_aud": settings.jwt_audience is not None,
            },
        )
    except jwt.InvalidTokenError as error:
        raise UnauthenticatedError() from error
    tenant = claims.get("tenant_id")
    return Principal(
        user_id=str(claims["sub"]),
        tenant_id=None if tenant is None else str(tenant),
        roles=_roles(claims),
    )


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Collect ``role``, ``roles`` and the scopes of ``scope``, in this order."""
    single = [claims["role"]] if isinstance(claims.get("role"), str) else []
    listed = claims.get("roles")
    several = (
        [role for role in listed if isinstance(role, str)]
        if isinstance(listed, list)
        else []
    )
    scope = claims.get("scope")
    scopes = scope.split() if isinstance(scope, str) else []
    return tuple(dict.fromkeys([*single, *several, *scopes]))
