"""Numbers -> numbers with so many decimals. Pure."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation


def rounded(value: Decimal, places: int = 2, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return a number with `places` decimals; one too large to have them stays as it is.

    >>> rounded(Decimal("6.666")), rounded(Decimal("1E+300"))
    (Decimal('6.67'), Decimal('1E+300'))
    """
    try:
        return value.quantize(Decimal(1).scaleb(-places), rounding)
    except InvalidOperation:
        return value
