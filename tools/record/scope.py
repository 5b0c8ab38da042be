"""What a reader narrowed a record to: kinds and a period -> which entries are within it.

An entry is within a period that it overlaps. What lasts (a condition, a prescription, an allergy) begins at an
unknown time if it has no date, and goes on unless the record says that it ended: an undated allergy stays, as it may
hold in any period. What ended at an unknown time counts on the day it began. An event without a date (a result, a
visit) is left out of every period, as nothing says that it lies there; it is counted among what was left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.calls.errors import BadArgument
from tools.entries.entry import Entry
from tools.record.kinds import types_of

_ALWAYS = frozenset(
    ("", "Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "HealthcareService", "Medication")
)  # fmt: skip
"""The record as a whole, the patient, and what only gives names to what is in the record."""
_LASTING = frozenset(
    ("Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement", "CarePlan", "CareTeam")
    + ("Goal", "Device", "Coverage", "EpisodeOfCare", "Flag")
)
_UNDER_WAY = frozenset({"in-progress", "arrived", "triaged", "onleave"})
ENDED = frozenset(
    (
        "inactive",
        "resolved",
        "stopped",
        "completed",
        "cancelled",
        "rejected",
        "revoked",
        "finished",
        "retired",
    )
    + ("not-taken", "expired")
)
"""Statuses that say that something ended."""
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
LEFT_OUT = "left out: "
"""How every sentence begins, after the number if there is one, that says what a reader's scope keeps out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a record is there for its reader. The patient's demographics always are.

    Attributes:
        kinds: FHIR resource types; none are all.
        since: first day; what lasted into it is within.
        until: last day.

    Raises:
        BadArgument: a kind is no FHIR resource type.
    """

    kinds: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse kinds that no resource can have."""
        for kind in sorted(self.kinds):
            if not _TYPE.fullmatch(kind):
                raise BadArgument("kinds", kind, "a FHIR resource type", "Observation")

    @classmethod
    def of(cls, kinds: Iterable[str] = (), since: str | None = None, until: str | None = None) -> "Scope":
        """Return the scope that words for kinds and ISO days mean: "allergy", "Observation", "2019-01-01".

        Raises:
            BadArgument: a word is not understood, or the last day is before the first.
        """
        types = frozenset(name for word in kinds for name in types_of(word.strip()))
        made = cls(types, _day("since", since), _day("until", until))
        if made.since and made.until and made.until < made.since:
            raise BadArgument("until", str(until), "a day not before since", made.since.isoformat())
        return made

    @classmethod
    def read(cls, given: Mapping[str, Any] | None) -> "Scope":
        """Return the scope that `as_json` gave; of None the whole record."""
        return cls.of(**given) if given else cls()

    def as_json(self) -> dict[str, Any] | None:
        """Return kinds, since and until; None for the whole record."""
        if not self:
            return None
        days = {
            name: day.isoformat() if day else None
            for name, day in (("since", self.since), ("until", self.until))
        }
        return {"kinds": sorted(self.kinds), **days}  # fmt: skip

    def __bool__(self) -> bool:
        """Tell whether it keeps anything out at all."""
        return bool(self.kinds or self.dated)

    @property
    def dated(self) -> bool:
        """Whether it has a period."""
        return self.since is not None or self.until is not None

    @property
    def text(self) -> str:
        """What it is, e.g. "Condition, Observation, since 2019-01-01"; "" for the whole record."""
        first, last = (day.isoformat() if day else "" for day in (self.since, self.until))
        period = f"{first} to {last}" if first and last else f"since {first}" if first else f"until {last}"
        return ", ".join([*sorted(self.kinds), *([period] if self.dated else [])])

    @property
    def why(self) -> str:
        """What is said of what it keeps out."""
        return f"{LEFT_OUT}the reader narrowed to {self.text}"

    def admits(self, kind: str) -> bool:
        """Tell whether entries of a FHIR resource type can be within."""
        return not self.kinds or kind in self.kinds or kind in _ALWAYS

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry is within."""
        if not self.admits(entry.kind):
            return False
        return not self.dated or entry.kind in _ALWAYS or self._overlaps(entry)

    def _overlaps(self, entry: Entry) -> bool:
        lasts = entry.kind in _LASTING and entry.status not in ENDED
        if not (entry.start or entry.end or lasts):
            return False
        first = entry.start.first if entry.start else date.min
        last = entry.end.last if entry.end else entry.start.last if entry.start else date.min
        if not entry.end and (lasts or entry.status in _UNDER_WAY):
            last = date.max
        return (self.until is None or first <= self.until) and (self.since is None or last >= self.since)


EVERYTHING = Scope()


def is_left_out(problem: str) -> bool:
    """Tell whether a problem of a coverage is that the reader's scope keeps something out.

    >>> is_left_out("left out: the reader narrowed to Condition"), is_left_out("2 could not be read: no id")
    (True, False)
    """
    return problem.lstrip("0123456789 ").startswith(f"{LEFT_OUT}the reader narrowed to ")


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadArgument(name, text, "a day as YYYY-MM-DD", "2019-01-01") from None
