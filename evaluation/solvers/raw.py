"""One patient's record as a baseline reads it: FHIR JSON, a resource a line, and a manifest of types and codes.

As the published ones do, it leaves `meta` out. It is kind to them besides: what lies after the clock is not there,
notes are text instead of base64, the patient comes first, then the newest, and resources that are nobody's
(Organization, Practitioner) last, so that a cut takes what matters least.
"""

import base64
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from agent.prompts.data import as_data, on_a_line
from evaluation.bench.growing import everything
from tools.entries import Entry
from tools.entries.times import When
from tools.record import PatientRecord

_UNDATED = When(datetime.min.replace(tzinfo=UTC), date.min, date.min, "")


@dataclass(frozen=True, slots=True)
class Piece:
    """A resource as JSON, or what was said about some, and how many tokens it has."""

    text: str
    tokens: int


class RawRecord:
    """A record without tools over it.

    Args:
        record: the record under its clock.
        count: tokens of a resource as JSON.
    """

    def __init__(self, record: PatientRecord, count: Callable[[str], int]) -> None:
        known = [e for e in everything(record) if e.start is None or e.start.first <= record.now]
        self._entries = sorted(known, key=_rank, reverse=True)
        self._count = count
        self._pieces: dict[str, Piece] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of resources that it holds."""
        return tuple(dict.fromkeys(e.kind for e in self._entries))

    def resources(self, kind: str = "", picked: Collection[str] = ()) -> list[Piece]:
        """Return resources as JSON.

        Args:
            kind: of this type; "" is of all types.
            picked: with one of these codes or categories; none given is all.
        """
        found = (e for e in self._entries if kind in ("", e.kind))
        return [self._piece(e) for e in found if not picked or not _tags(e).isdisjoint(picked)]

    def tags(self, kind: str) -> tuple[str, ...]:
        """Return the codes and categories by which resources of a type can be picked."""
        return tuple(dict.fromkeys(tag for e in self._entries if e.kind == kind for tag in sorted(_tags(e))))

    def manifest(self, kinds: Iterable[str], most: int) -> str:
        """Return a line for each type: how many there are, the most frequent codes, the categories.

        Args:
            kinds: of these types.
            most: codes a type; how many more there are is said.
        """
        return "\n".join(self._held(kind, most) for kind in kinds)

    def _held(self, kind: str, most: int) -> str:
        entries = [e for e in self._entries if e.kind == kind]
        names = Counter(f"{on_a_line(c.display)}={c.code}" for e in entries for c in e.codings if c.code)
        shown = [name for name, _ in names.most_common(most)]
        more = [f"and {len(names) - most} more"] if len(names) > most else []
        categories = dict.fromkeys(category for e in entries for category in e.category)
        parts = [("codes", [*shown, *more]), ("categories", list(categories))]
        told = "; ".join(f"{label}: {', '.join(listed)}" for label, listed in parts if listed)
        return f"{kind} ({len(entries)}) {told}".rstrip()

    def _piece(self, entry: Entry) -> Piece:
        if entry.reference not in self._pieces:
            text = as_data(orjson.dumps(_plain(entry.raw), default=float).decode())
            self._pieces[entry.reference] = Piece(text, self._count(text) + 1)
        return self._pieces[entry.reference]


def _rank(entry: Entry) -> tuple[bool, bool, When]:
    return entry.kind == "Patient", bool(entry.patient), entry.start or _UNDATED


def _tags(entry: Entry) -> set[str]:
    return {*(coding.code for coding in entry.codings if coding.code), *entry.category}


def _plain(value: Any) -> Any:
    """Return JSON without `meta`, and with the words of an attachment that is text."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _plain(each) for name, each in value.items() if name != "meta"}
    if str(value.get("contentType", "")).startswith("text/") and isinstance(value.get("data"), str):
        kept["data"] = _words(value["data"])
    return kept


def _words(data: str) -> str:
    try:
        return base64.b64decode(data).decode(errors="replace")
    except ValueError:  # no base64: it stays as recorded
        return data
