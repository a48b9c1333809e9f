"""Value objects: compared by value, never changed."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of the order's currency; on products and customers, of the shop's
    own currency, EUR. Computed exactly.
    """

    amount: Decimal
