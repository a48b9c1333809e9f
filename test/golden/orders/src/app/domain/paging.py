"""Which part of a list is asked for."""

from dataclasses import dataclass
from typing import Final

LARGEST_OFFSET: Final = 2**63 - 1
"""No list is longer, and PostgreSQL counts no further."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A slice of a stably ordered list."""

    limit: int = 20
    offset: int = 0
