"""The caller, in the form in which row policies ask for it."""

from uuid import UUID

from app.domain.principal import Principal


def session_settings(principal: Principal | None) -> dict[str, str]:
    """Return what policies and functions read with ``current_setting``."""
    user_id = principal.user_id if principal else ""
    role = principal.roles[0] if principal and principal.roles else ""
    return {
        "app.user_id": _uuid(user_id, ""),
        "app.role": role,
    }


def _uuid(value: str, fallback: str) -> str:
    """Policies cast the setting, and the subject of a token need not be a UUID."""
    try:
        return str(UUID(value))
    except ValueError:
        return fallback
