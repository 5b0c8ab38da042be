"""Results as loaded -> the same, of which those that a later version replaced are set aside.

FHIR R4 Observation and DiagnosticReport: a preliminary result is followed by a final one, that by a corrected one, each
often a resource of its own. Versions of one result share code, specimen, body site, method and the time, or an
identifier and the day. The later status counts; of two corrections the one issued last. Left out: two final results of
one time, which are two measurements.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tools.entries.entry import Entry, Quantity
from tools.entries.shape import obj, objs, plain, text
from tools.entries.times import parse_when

VERSIONED = ("Observation", "DiagnosticReport")
_RANKS = {"registered": 0, "partial": 1, "preliminary": 1, "": 2, "unknown": 2, "final": 2}
_CORRECTED = 3
_RANKS |= dict.fromkeys(("amended", "corrected", "appended"), _CORRECTED)
_SETTLED = ("final", "", "unknown")
_TOLD_APART = ("specimen", "body site", "method")
_Key = tuple[object, ...]


def latest(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the entries in their order: what was replaced is void, its last version tells the "earlier version"."""
    unsettled = {_test_of(entry) for entry in entries if entry.status not in _SETTLED}
    if not unsettled:
        return entries
    alike: dict[_Key, list[Entry]] = defaultdict(list)
    for entry in entries:
        test = _test_of(entry)
        for key in _keys(entry, test) if test in unsettled else ():
            alike[key].append(entry)
    changed: dict[int, Entry] = {}
    for group in alike.values():
        if len(group) > 1:
            _settle(group, changed)
    return [changed.get(id(entry), entry) for entry in entries]


def _test_of(entry: Entry) -> _Key:
    """Return what was tested, in what and on which day."""
    told_apart = [text for label, text in entry.details if label in _TOLD_APART]
    code = entry.codings[0].code if entry.codings else entry.display.casefold()
    return (entry.start.day if entry.start else "", code, *told_apart)


def _keys(entry: Entry, test: _Key) -> list[_Key]:
    """Return what versions of one result share: an identifier, else the time, each with what was tested."""
    numbers = [(text(one.get("system")), text(one.get("value"))) for one in objs(entry.raw.get("identifier"))]
    keys: list[_Key] = [(number, *test) for number in numbers if number[1]]
    return [*keys, (entry.start.moment, *test)] if entry.start else keys


def _settle(group: Sequence[Entry], changed: dict[int, Entry]) -> None:
    """Set aside what the last version of a group replaced: all of the same time, or the one other of a pair."""
    known = [entry for entry in group if not changed.get(id(entry), entry).void and entry.status in _RANKS]
    if not known:
        return
    *others, last = sorted(known, key=lambda entry: (_RANKS[entry.status], _written(entry)))
    rank, written = _RANKS[last.status], _written(last)
    older = [
        entry
        for entry in others
        if (len(known) == 2 or entry.start == last.start)
        and (_RANKS[entry.status] < rank or (rank == _CORRECTED and _written(entry) < written))
    ]
    dropped = [entry for entry in group if entry.status == "cancelled" and _written(entry) > written]
    if dropped and rank < _RANKS["final"]:
        changed.update((id(entry), _void(entry, "cancelled")) for entry in known)
    elif older:
        changed.update((id(entry), _void(entry, last.status or "final")) for entry in older)
        told = tuple(("earlier version", _told(entry)) for entry in reversed(older))
        changed[id(last)] = replace(changed.get(id(last), last), details=last.details + told)


def _void(entry: Entry, followed_by: str) -> Entry:
    void = f"{entry.status}, then {followed_by}"
    return replace(entry, void=void, components=tuple(replace(part, void=void) for part in entry.components))


def _told(entry: Entry) -> str:
    value = entry.value
    if isinstance(value, Quantity):
        value = f"{value.comparator}{plain(value.value)} {value.unit}".strip()
    return ", ".join(filter(None, (value, entry.status)))


def _written(entry: Entry) -> datetime:
    """Return when a version was issued, else last updated."""
    said = text(entry.raw.get("issued")) or text(obj(entry.raw.get("meta")).get("lastUpdated"))
    when = parse_when(said) if said else None
    return when.moment if when else datetime.min.replace(tzinfo=UTC)
