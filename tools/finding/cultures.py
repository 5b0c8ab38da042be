"""Microbiology: a test -> what grew in it, and what that is resistant or sensitive to.

FHIR R4 ties them by `hasMember`, by `derivedFrom` the other way, or as components of one Observation: test, organism,
susceptibility. An organism stands as the name of a result, or as its value. Left out: colony counts, concentrations
that no verdict goes with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tools.concepts import names_something
from tools.entries.entry import Entry
from tools.measuring.polarity import polarity
from tools.record import PatientRecord
from tools.wording.text import plain_name, words
from tools.wording.words import short_name, shown_name

Links = Mapping[str, tuple[Entry, ...]]

_FILED = frozenset({"microbiology", "mb", "micro"})
_CULTURES = frozenset(
    {"culture", "cultures", "organism", "organisms", "microorganism", "bacteria", "bacterial"}
)
_CULTURES |= frozenset({"fungus", "fungal", "virus", "mycobacteria", "isolate", "isolates", "isolated"})
"""Words in the name of a test whose result is what grew."""
_TESTS = _CULTURES | {"gram", "microbiology"}
_COUNTS = frozenset({"count", "quantity", "volume", "comment", "source", "specimen"})
"""Words in the name of what is told of a culture beside what grew."""
_VERDICTS = {
    **dict.fromkeys(("r", "resistant"), "resistant"),
    **dict.fromkeys(("s", "susceptible", "sensitive", "sdd", "ms", "vs"), "sensitive"),
    **dict.fromkeys(("i", "intermediate"), "intermediate"),
}
_DEEPEST = 3


def is_culture(entry: Entry) -> bool:
    """Tell whether a test is one whose result is what grew, by its name."""
    return not _CULTURES.isdisjoint(words(entry.display))


def is_microbiology(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry is a test of microbiology: not an organism or susceptibility that hangs on one."""
    kinds = ("Observation", "DiagnosticReport")
    return entry.kind in kinds and _is_filed(entry) and entry.reference not in record.once(_members).inner


def of_microbiology(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an observation is a test, an organism or a susceptibility of microbiology."""
    return _is_filed(entry) or any(_verdict(part) for part in members(entry, record))


def _is_filed(entry: Entry) -> bool:
    systems = any("microbiology" in coding.system for coding in entry.codings)
    named = not _TESTS.isdisjoint(words(entry.display))
    return systems or named or not _FILED.isdisjoint(entry.category)


def members(entry: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the results that a panel, culture, isolate or report is made of, or that are derived from it."""
    named = (record.get(link.reference) for link in entry.parts if link.reference)
    found = [one for one in named if one and one.kind == "Observation" and not one.void]
    found += record.once(_members).derived.get(entry.reference, ()) if not entry.is_component else ()
    return tuple({one.reference: one for one in found}.values())


def organisms(entry: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return what names the organisms that grew: members, components, or the result itself."""
    return tuple(_organisms(entry, record, _DEEPEST))


def organism_named(entry: Entry) -> str:
    """Return the organism that a result names: its value, else its own name."""
    return plain_name(entry.value) if _by_value(entry) and isinstance(entry.value, str) else shown_name(entry)


def grown_in(entry: Entry, record: PatientRecord) -> tuple[str, ...] | None:
    """Return the organisms that grew, () if nothing did; None where neither it nor what hangs on it tells."""
    if found := organisms(entry, record):
        return tuple(dict.fromkeys(map(organism_named, found)))
    said = {polarity(part) for part in (entry, *entry.components, *members(entry, record))} - {None}
    return () if said == {"negative"} else None


def susceptibilities(entry: Entry, record: PatientRecord) -> tuple[tuple[str, str, Entry], ...]:
    """Return each drug with "resistant", "sensitive" or "intermediate", and the result that says so."""
    return tuple(_susceptibilities(entry, record, _DEEPEST))


def _susceptibilities(entry: Entry, record: PatientRecord, depth: int) -> Iterator[tuple[str, str, Entry]]:
    for part in (*entry.components, *members(entry, record)):
        verdict = _verdict(part)
        if verdict:
            yield short_name(shown_name(part)), verdict, part
        elif depth:
            yield from _susceptibilities(part, record, depth - 1)


def _verdict(entry: Entry) -> str:
    said = [entry.value] if isinstance(entry.value, str) else []
    told = (_VERDICTS.get(plain_name(word).casefold()) for word in (*said, *entry.interpretation))
    return next(filter(None, told), "")


def _organisms(entry: Entry, record: PatientRecord, depth: int) -> Iterator[Entry]:
    if _by_value(entry):
        yield entry
        return
    for part in (*entry.components, *members(entry, record)):
        if _verdict(part):
            continue
        if is_culture(part):
            if depth:
                yield from _organisms(part, record, depth - 1)
        elif not part.is_component and _is_isolate(part):
            yield part


def _by_value(entry: Entry) -> bool:
    """Tell whether the value of a result names what grew."""
    value = entry.value
    return isinstance(value, str) and is_culture(entry) and not _verdict(entry) and names_something(value)


def _is_isolate(entry: Entry) -> bool:
    """Tell whether what hangs on a culture is an organism by its name, with nothing beside it that denies it."""
    value = entry.value
    if value is None:
        return not entry.absent
    told = polarity(entry)
    aside = isinstance(value, str) and not names_something(value) and _COUNTS.isdisjoint(words(entry.display))
    return told == "positive" or (told is None and aside)


class _Members:
    """Which results hang on others: derived from them, or their members."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        derived: dict[str, list[Entry]] = defaultdict(list)
        self.inner: set[str] = set()
        for entry in entries:
            for link in entry.derived_from:
                derived[link.reference].append(entry)
                self.inner.add(entry.reference)
            self.inner.update(link.reference for link in entry.parts)
        self.derived: Links = {reference: tuple(found) for reference, found in derived.items()}


def _members(record: PatientRecord) -> _Members:
    return _Members(record.entries("Observation"))
