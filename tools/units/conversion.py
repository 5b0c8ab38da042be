"""A number in one unit -> the number in another. What is not convertible is None, never guessed.

A mass becomes an amount of substance only where it is told what it is of.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from tools.units.substances import Substance, interchanged
from tools.units.unit import Unit, readings

_IN_HEMOGLOBIN = Fraction(1, 1000)
"""HbA1c is told in thousandths of the hemoglobin, mmol/mol."""
_NO_STEPS = Decimal(0), Fraction(1), Decimal(0)


def converted(
    number: Decimal, unit: str, to: str, of: Substance | None = None, to_that_of: Substance | None = None
) -> Decimal | None:
    """Return a number of one unit in another, None if the one cannot be converted to the other.

    Args:
        number: so many of `unit`.
        unit: as recorded.
        to: the other unit.
        of: what it is an amount of.
        to_that_of: what the other is an amount of, if that is another thing of as many moles: urea, its nitrogen.

    >>> converted(Decimal(5), "lb", "kg"), converted(Decimal("98.6"), "degF", "Cel"), converted(Decimal(5), "mg", "mL")
    (Decimal('2.26796185'), Decimal('37.00'), None)
    """
    steps = _steps(unit, to, of, to_that_of or of)
    if steps is None:
        return None
    added, times, taken = steps
    if not (added or taken) and times == 1:
        return number
    return (number + added) * times.numerator / times.denominator - taken


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units are one, spelt differently.

    >>> same_unit("mmHg", "mm[Hg]"), same_unit("K/uL", "10*9/L"), same_unit("kg", "g")
    (True, True, False)
    """
    return _steps(one, other, None, None) == _NO_STEPS


def other_units(unit: str, of: Substance | None) -> tuple[str, ...]:
    """Return the other units in which something is reported that is recorded in a unit.

    >>> other_units("Cel", None), other_units("mmol/L", None)
    (('[degF]',), ())
    """
    known = (of.units if of else (), *interchanged())
    return next(
        (
            tuple(other for other in units if not same_unit(other, unit))
            for units in known
            if any(converted(Decimal(1), unit, one) is not None for one in units)
        ),
        (),
    )


@lru_cache(maxsize=2048)
def _steps(
    one: str, other: str, of: Substance | None, to_that_of: Substance | None
) -> tuple[Decimal, Fraction, Decimal] | None:
    """Return what to add, then by what to multiply, then what to take away.

    None if the units measure different things, or if it is not clear what they measure.
    """
    if one == other and of == to_that_of:
        return _NO_STEPS
    pairs = [(here, there) for here in readings(one) for there in readings(other)]
    plain = {_step(here, there) for here, there in pairs if here.dimension == there.dimension}
    if plain and not (of and to_that_of and of.mass != to_that_of.mass):
        return plain.pop() if len(plain) == 1 else None
    if of is None or to_that_of is None:
        return None
    told = [(_in_moles(here, of), _in_moles(there, to_that_of)) for here, there in pairs]
    moles = {_step(here, there) for here, there in told if here.dimension == there.dimension}
    if not moles and of.master and of.master == to_that_of.master:
        moles = {step for here, there in pairs if (step := _by_master(here, there, of.master))}
    return moles.pop() if len(moles) == 1 else None


def _step(here: Unit, there: Unit) -> tuple[Decimal, Fraction, Decimal]:
    times = here.scale / there.scale
    if times == 1 and here.zero == there.zero:
        return _NO_STEPS
    return here.zero, times, there.zero


def _in_moles(unit: Unit, of: Substance) -> Unit:
    """Return a unit with moles in place of grams and of charges."""
    above, factor = dict(unit.above), unit.factor
    if of.charge and above.pop("eq", 0) == 1:
        above, factor = {**above, "mol": 1}, factor / of.charge
    if of.mass and above.get("g") == 1:
        above, factor = {**above, "mol": 1}, factor / of.mass
        del above["g"]
    below = dict(unit.below)
    if of.per and below.get("g") == 1:
        below, factor = {**below, "mol": 1}, factor * of.per
        del below["g"]
    return replace(
        unit, above=tuple(sorted(above.items())), below=tuple(sorted(below.items())), factor=factor
    )


def _by_master(
    here: Unit, there: Unit, master: tuple[Fraction, Fraction]
) -> tuple[Decimal, Fraction, Decimal] | None:
    """Return the steps between the two scales of HbA1c: percent = slope * mmol/mol + intercept."""
    slope, intercept = master
    zero = Decimal(intercept.numerator) / intercept.denominator
    parts = (("share of", 1), ("mol", 1))
    if here.dimension == parts and there.dimension == (("%", 1),):
        times = here.scale / _IN_HEMOGLOBIN * slope / there.scale
        return zero / (Decimal(times.numerator) / times.denominator), times, Decimal(0)
    if here.dimension == (("%", 1),) and there.dimension == parts:
        return -zero, here.scale / slope * _IN_HEMOGLOBIN / there.scale, Decimal(0)
    return None
