"""Invariants of the design; a value that breaks one never becomes part of the
domain.
"""

import re
from decimal import Decimal

from app.core.errors import AppError
from app.domain.unset import Unset


def require(error: type[AppError], field: str, *, holds: bool, reason: str) -> None:
    """Raise the error of the design, with the field and the reason, unless it holds."""
    if not holds:
        raise error(details=[{"field": field, "reason": reason}])


def require_range(
    error: type[AppError],
    field: str,
    value: Decimal | float | Unset | None,
    *,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> None:
    """Require a number to lie within limits; a value that is not there has none."""
    if value is None or isinstance(value, Unset):
        return
    if gt is not None:
        require(error, field, holds=value > gt, reason=f"must be greater than {gt}")
    if ge is not None:
        require(error, field, holds=value >= ge, reason=f"must be at least {ge}")
    if lt is not None:
        require(error, field, holds=value < lt, reason=f"must be less than {lt}")
    if le is not None:
        require(error, field, holds=value <= le, reason=f"must be at most {le}")


def require_pattern(
    error: type[AppError], field: str, value: str | Unset | None, pattern: str
) -> None:
    """Require a text to have a form; a value that is not there has none."""
    if value is None or isinstance(value, Unset):
        return
    holds = re.search(pattern, value) is not None
    require(error, field, holds=holds, reason="does not have the form that is required")


def require_digits(
    error: type[AppError],
    field: str,
    value: Decimal | Unset | None,
    *,
    digits: int,
    places: int,
) -> None:
    """Require a number to have so many digits at most; no value has none."""
    if value is None or isinstance(value, Unset):
        return
    fits = value.is_finite() and abs(value) < 10 ** (digits - places)
    holds = fits and value == round(value, places)
    reason = f"must have at most {digits} digits, {places} of them behind the point"
    require(error, field, holds=holds, reason=reason)
