"""FHIR R4 data types -> the values of an entry: concepts, quantities, ranges, periods, references, names.

Each reader takes any JSON and gives an empty value for one of another shape. Not covered: extensions on data
types, unit conversion.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from tools.entries.entry import JSON, Amount, Coding, Link, Quantity, Range
from tools.entries.shape import number, obj, objs, plain, text, texts
from tools.times import When, parse_when

Details = tuple[tuple[str, str], ...]
AS_RECORDED = "date as recorded"


class Concept(NamedTuple):
    """A CodeableConcept: its name and all its codings."""

    display: str
    codings: tuple[Coding, ...]


class Times(NamedTuple):
    """When something began and ended; `odd` tells what stood there when it is no date."""

    start: When | None
    end: When | None
    odd: Details


NO_CONCEPT = Concept("", ())
NO_TIMES = Times(None, None, ())


@lru_cache(maxsize=16384)
def _coding(system: str, code: str, display: str) -> Coding:
    return Coding(system, code, display)


def codings(value: Any) -> tuple[Coding, ...]:
    """Return the codings of a list (or a single Coding) that carry a code or a display."""
    read = (
        _coding(text(coding.get("system")), text(coding.get("code")), text(coding.get("display")))
        for coding in objs(value)
    )
    return tuple(coding for coding in read if coding.code or coding.display)


def concept(value: Any) -> Concept:
    """Read a CodeableConcept, or the first of a list: its text, else its first display, else its code."""
    read = obj(value)
    if not read:
        return Concept(text(value), ()) if isinstance(value, str) else NO_CONCEPT
    found = codings(read.get("coding"))
    display = text(read.get("text"))
    if not display and found:
        display = next((coding.display for coding in found if coding.display), "") or found[0].code
    return Concept(display, found)


def first_concept(*values: Any) -> Concept:
    """Return the first concept that has a name."""
    return next((read for read in map(concept, values) if read.display), NO_CONCEPT)


def names(value: Any) -> list[str]:
    """Return the names of a list of CodeableConcepts."""
    members = value if isinstance(value, list) else [value]
    return [read.display for read in map(concept, members) if read.display]


def also(read: Concept) -> Details:
    """Return the other displays of a concept with several codings, as the detail "also"."""
    if len(read.codings) < 2:
        return ()
    seen = dict.fromkeys(coding.display for coding in read.codings if coding.display)
    seen.pop(read.display, None)
    return (("also", "; ".join(seen)),) if seen else ()


def code_of(value: Any) -> str:
    """Return the first code of a CodeableConcept, else its text; a bare code is itself."""
    read = concept(value)
    return next((coding.code for coding in read.codings if coding.code), read.display)


def labels(*values: Any) -> tuple[str, ...]:
    """Return codes, displays and texts of CodeableConcepts, Codings, codes or lists of them; lower case, once each."""
    found: dict[str, None] = {}
    for value in values:
        for member in value if isinstance(value, list) else (value,):
            _label(member, found)
    return tuple(found)


def _label(member: Any, found: dict[str, None]) -> None:
    if isinstance(member, str):
        words: Iterable[Any] = (member,)
    elif isinstance(member, dict):
        parts = [member, *objs(member.get("coding"))]
        words = [part.get(key) for part in parts[::-1] for key in ("code", "display", "text")]
    else:
        return
    for word in map(text, words):
        if word:
            found[word.lower()] = None


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

    >>> in_words({"value": 10, "unit": "mg"}), in_words({"low": {"value": 1}, "high": {"value": 2, "unit": "mg"}})
    ('10 mg', '1 to 2 mg')
    >>> in_words({"numerator": {"value": 1}, "denominator": {"value": 128}})
    '1:128'
    """
    read = obj(value)
    if "numerator" in read or "denominator" in read:
        return _ratio(in_words(read.get("numerator")), in_words(read.get("denominator")))
    if "low" in read or "high" in read:
        return _between(in_words(read.get("low")), in_words(read.get("high")))
    amount = quantity(read)
    return f"{amount.comparator}{plain(amount.value)} {amount.unit}".strip() if amount else ""


def _ratio(numerator: str, denominator: str) -> str:
    bare = numerator.replace(".", "").isdigit() and denominator.replace(".", "").isdigit()
    return (":" if bare else " per ").join(part for part in (numerator, denominator) if part)


def _between(low: str, high: str) -> str:
    if not (low and high):
        return f"at least {low}" if low else f"at most {high}" if high else ""
    number_low, _, unit_low = low.partition(" ")
    same_unit = unit_low == high.partition(" ")[2]
    return f"{number_low if same_unit else low} to {high}"


def reference_range(value: Any) -> Range | None:
    """Return the reference range for everyone: the first that is normal and not for a group, else the first."""
    ranges = objs(value)
    if not ranges:
        return None
    general = (r for r in ranges if "appliesTo" not in r and code_of(r.get("type")) in ("", "normal"))
    chosen = next(general, ranges[0])
    low, high = number(obj(chosen.get("low")).get("value")), number(obj(chosen.get("high")).get("value"))
    words = text(chosen.get("text"))
    return Range(low, high, words) if words or low is not None or high is not None else None


def times(resource: JSON, *keys: str) -> Times:
    """Read the first of these elements that is present: a date, a Period or a Timing."""
    for key in keys:
        if key in resource:
            return span_of(resource[key])
    return NO_TIMES


def span_of(value: Any) -> Times:
    """Read a date, a Period or a Timing. What is no date is told in `odd`."""
    if isinstance(value, str):
        when = parse_when(value)
        return Times(when, None, () if when else _odd(value))
    if isinstance(value, dict):
        events = value.get("event")
        start = events[0] if isinstance(events, list) and events else value.get("start")
        return _span(start, value.get("end"))
    return Times(None, None, _odd(value))


def _span(start: Any, end: Any) -> Times:
    began, ended = (parse_when(end) if isinstance(end, str) else None for end in (start, end))
    odd = (() if began else _odd(start)) + (() if ended else _odd(end))
    return Times(began, ended, odd)


def _odd(value: Any) -> Details:
    return ((AS_RECORDED, str(value)[:200]),) if value not in (None, "", [], {}) else ()


def day(value: Any) -> str:
    """Return the local day of a date as recorded, "" if there is none."""
    return text(value)[:10]


def period_words(value: Any) -> str:
    """Return a Period in words, e.g. "2015-01-02 to 2015-02-03", "since 2015-01-02"."""
    read = obj(value)
    start, end = day(read.get("start")), day(read.get("end"))
    if start and end:
        return f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


def literal(value: Any) -> str:
    """Return the reference "Type/id" that a reference string means.

    >>> literal("http://example.org/fhir/Patient/1/_history/2"), literal("Patient/1"), literal("urn:uuid:7")
    ('Patient/1', 'Patient/1', 'urn:uuid:7')
    """
    read = text(value)
    if ":" not in read and "_history" not in read:
        return read
    return _relative(read)


@lru_cache(maxsize=4096)
def _relative(read: str) -> str:
    parts = read.partition("/_history/")[0].split("/")
    absolute = read.startswith(("http://", "https://")) and "?" not in read
    if len(parts) >= 2 and parts[-2][:1].isupper() and (absolute or len(parts) == 2):
        return "/".join(parts[-2:])
    return read


def reference(value: Any) -> str:
    """Return where a Reference points, "" if nowhere."""
    return literal(value.get("reference")) if isinstance(value, dict) else ""


def contained(resource: JSON, local: str) -> JSON:
    """Return the contained resource "#id", {} if there is none."""
    return next(
        (inner for inner in objs(resource.get("contained")) if "#" + text(inner.get("id")) == local), {}
    )


def link(resource: JSON, value: Any) -> Link | None:
    """Read a Reference; one to a contained resource becomes that resource's name. None if it is empty."""
    read = obj(value)
    target, display = reference(read), text(read.get("display"))
    if target.startswith("#"):
        target, display = "", display or name_of(contained(resource, target))
    display = display or text(obj(read.get("identifier")).get("value")) * (not target)
    return Link(target, display) if target or display else None


def links(resource: JSON, *values: Any) -> tuple[Link, ...]:
    """Read References and lists of them, in order, once each."""
    found = (link(resource, member) for value in values for member in objs(value))
    return tuple(dict.fromkeys(each for each in found if each))


def reasons(resource: JSON) -> tuple[Link, ...]:
    """Return why: reasonCode in words, reasonReference as links."""
    if "reasonCode" not in resource and "reasonReference" not in resource and "reason" not in resource:
        return ()
    said = [Link("", name) for name in names(resource.get("reasonCode"))]
    return (*said, *links(resource, resource.get("reasonReference"), resource.get("reason")))


def name_of(resource: JSON) -> str:
    """Return the name of any resource: what it is called, what it is, or nothing."""
    called = resource.get("name")
    if isinstance(called, str):
        return text(called)
    if called:
        return human_name(called)
    return first_concept(resource.get("code"), resource.get("type")).display


def human_name(value: Any, *, prefix: bool = True) -> str:
    """Return the official (else the first) HumanName as people write it: prefix, given, family, suffix."""
    choices = objs(value)
    if not choices:
        return ""
    chosen = min(choices, key=lambda name: _NAME_USE.get(text(name.get("use")), 2))
    return one_name(chosen, prefix=prefix)


_NAME_USE = {"official": 0, "usual": 1, "maiden": 4, "old": 3}


def one_name(name: JSON, *, prefix: bool = True) -> str:
    """Return one HumanName as people write it."""
    before = texts(name.get("prefix")) if prefix else []
    after = texts(name.get("suffix")) if prefix else []
    parts = [*texts(name.get("given")), *texts(name.get("family"))]
    return " ".join([*before, *parts, *after]) if parts else text(name.get("text"))


def telecom(value: Any, system: str) -> tuple[str, ...]:
    """Return the phone numbers, email addresses, … of a ContactPoint list, without the ones no longer in use."""
    return tuple(
        found
        for point in objs(value)
        if text(point.get("system")) == system
        and point.get("use") != "old"
        and (found := text(point.get("value")))
    )


def address_words(value: Any) -> str:
    """Return an Address on one line."""
    read = obj(value)
    town = [text(read.get(key)) for key in ("city", "state", "postalCode", "country")]
    parts = [*texts(read.get("line")), *(part for part in town if part)]
    return ", ".join(parts) or text(read.get("text"))


def money(label: str, value: Any) -> Amount | None:
    """Read Money; None without a number."""
    read = obj(value)
    amount = number(read.get("value"))
    return None if amount is None else Amount(label, amount, text(read.get("currency")) or "USD")


def notes(resource: JSON) -> str:
    """Return the annotations of a resource, one after the other."""
    return " ".join(text(note.get("text")) for note in objs(resource.get("note"))).strip()


def details(*pairs: tuple[str, str]) -> Details:
    """Return the labelled facts that say something."""
    return tuple(pair for pair in pairs if pair[1])
