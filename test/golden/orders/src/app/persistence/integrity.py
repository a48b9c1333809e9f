"""Translation of database errors into those of the error design."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.core.errors import ForbiddenError

_INSUFFICIENT_PRIVILEGE: Final = "42501"


@contextmanager
def translated_violations(
    violations: Mapping[str, Callable[[], Exception]],
) -> Iterator[None]:
    """Raise the catalogued error of a violated constraint; any other failure passes.

    A write that a row policy refuses is forbidden: PostgreSQL says so or finds no row.
    """
    try:
        yield
    except StaleDataError as failure:
        raise ForbiddenError() from failure
    except DBAPIError as failure:
        if getattr(failure.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            raise ForbiddenError() from failure
        error = violations.get(_constraint_name(failure))
        if error is None:
            raise
        raise error() from failure


def _constraint_name(failure: DBAPIError) -> str:
    cause = getattr(failure.orig, "__cause__", None)
    return str(getattr(cause, "constraint_name", None) or "")
