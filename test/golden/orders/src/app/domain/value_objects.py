"""Value objects: compared by value, never changed."""

from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import ValidationError
from app.domain.invariants import require_digits


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of the order's currency; on products and customers, of the shop's
    own currency, EUR. Computed exactly.
    """

    amount: Decimal

    def __post_init__(self) -> None:
        require_digits(ValidationError, "amount", self.amount, digits=12, places=2)
