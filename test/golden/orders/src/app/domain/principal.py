"""The authenticated caller, as services and the database session see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The subject of a verified token; ``user_id`` need not be a UUID."""

    user_id: str
    tenant_id: str | None = None
    roles: tuple[str, ...] = ()
