"""FHIR R4 Quantity, Range, Ratio, Money -> amounts, and amounts in words. Units are kept as recorded."""

from typing import Any

from tools.entries.concepts import code_of
from tools.entries.entry import JSON, Amount, Quantity, Range
from tools.entries.shape import number, obj, objs, plain, text


def unit_of(value: JSON) -> str:
    """Return the unit shown to people, else its code."""
    return text(value.get("unit")) or text(value.get("code"))


def quantity(value: Any) -> Quantity | None:
    """Read a Quantity (also Age, Duration, SimpleQuantity); None without a number."""
    read = obj(value)
    amount = number(read.get("value"))
    return None if amount is None else Quantity(amount, unit_of(read), text(read.get("comparator")))


def in_words(value: Any) -> str:
    """Return a Quantity, Range or Ratio in words, "" if it is none.

    >>> in_words({"value": 10, "unit": "mg"})
    '10 mg'
    >>> in_words({"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "mg"}})
    '1 to 2 mg'
    >>> in_words({"numerator": {"value": 1}, "denominator": {"value": 128}})
    '1:128'
    """
    read = obj(value)
    if not read:
        return ""
    if "numerator" in read or "denominator" in read:
        return _ratio(in_words(read.get("numerator")), in_words(read.get("denominator")))
    if "low" in read or "high" in read:
        return _between(in_words(read.get("low")), in_words(read.get("high")))
    amount = quantity(read)
    return f"{amount.comparator}{plain(amount.value)} {amount.unit}".strip() if amount else ""


def is_bare(words: str) -> bool:
    """Tell whether an amount in words has no unit."""
    return words.replace(".", "").isdigit()


def _ratio(numerator: str, denominator: str) -> str:
    between = ":" if is_bare(numerator) and is_bare(denominator) else " per "
    return between.join(part for part in (numerator, denominator) if part)


def _between(low: str, high: str) -> str:
    if not (low and high):
        return f"at least {low}" if low else f"at most {high}" if high else ""
    lowest, _, unit = low.partition(" ")
    return f"{lowest if unit in ('', high.partition(' ')[2]) else low} to {high}"


def count(value: Any) -> str:
    """Return a whole or other number as people write it, "" if it is none."""
    read = number(value)
    return plain(read) if read is not None else ""


def reference_range(value: Any) -> Range | None:
    """Return the reference range for everyone: the first normal one not for a group, else the first."""
    ranges = objs(value)
    if not ranges:
        return None
    chosen = ranges[0]
    if len(ranges) > 1:
        general = (r for r in ranges if "appliesTo" not in r and code_of(r.get("type")) in ("", "normal"))
        chosen = next(general, chosen)
    lowest, highest = obj(chosen.get("low")), obj(chosen.get("high"))
    low, high = number(lowest.get("value")), number(highest.get("value"))
    words, unit = text(chosen.get("text")), unit_of(lowest) or unit_of(highest)
    return Range(low, high, words, unit) if words or low is not None or high is not None else None


def money(label: str, value: Any) -> Amount | None:
    """Read Money; None without a number."""
    read = obj(value)
    amount = number(read.get("value"))
    return None if amount is None else Amount(label, amount, text(read.get("currency")) or "USD")
