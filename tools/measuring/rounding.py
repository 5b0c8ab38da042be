"""Numbers -> numbers with so many decimals. Pure."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

_MEASURED = 4
"""Most decimals that are measured; where more are recorded a program computed them."""


def rounded(value: Decimal, places: int = 2, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return a number with `places` decimals; one too large to have them stays as it is.

    >>> rounded(Decimal("6.666")), rounded(Decimal("1E+300"))
    (Decimal('6.67'), Decimal('1E+300'))
    """
    try:
        return value.quantize(Decimal(1).scaleb(-places), rounding)
    except InvalidOperation:
        return value


def as_exact(value: Decimal, recorded: Iterable[Decimal]) -> Decimal:
    """Return what was computed from recorded numbers with two decimals, and no fewer than they have.

    >>> as_exact(Decimal("1.0184"), [Decimal("1.017"), Decimal("1.02")]), as_exact(Decimal("7.25"), [Decimal(7)])
    (Decimal('1.018'), Decimal('7.25'))
    """
    return rounded(value, max(2, *map(_decimals, recorded), 0))


def _decimals(number: Decimal) -> int:
    """Return the decimals that count of a number; of one computed so many that three digits are left."""
    exponent = number.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return places if places <= _MEASURED else 2 - number.adjusted()


def significant(value: Decimal) -> Decimal:
    """Return a converted number with two decimals, below one with four digits.

    >>> significant(Decimal("158.73283")), significant(Decimal("0.0725749"))
    (Decimal('158.73'), Decimal('0.07257'))
    """
    places = 2 if abs(value) >= 1 or not value else 3 - value.adjusted()
    short = rounded(value, places)
    return value if value == short else short
