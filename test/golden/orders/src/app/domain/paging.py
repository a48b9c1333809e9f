"""Which part of a list is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A slice of a stably ordered list."""

    limit: int = 20
    offset: int = 0
