"""A value that an update leaves alone, as opposed to one that it sets to null."""

from dataclasses import Field, fields
from enum import Enum
from typing import Any, ClassVar, Final, Protocol


class Unset(Enum):
    """Type of the only value ``UNSET``, so that type checkers can tell it apart."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class Changes(Protocol):
    """Any dataclass of changes."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def changed_values(changes: Changes) -> dict[str, object]:
    """Return the values that are set, by field name."""
    values = {field.name: getattr(changes, field.name) for field in fields(changes)}
    return {name: value for name, value in values.items() if value is not UNSET}
