"""Entries by subject -> the labelled lines of a summary: the first of each subject, the others counted.

Left out: which entries belong to a subject.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tools.calls.evidence import Evidence, Fact
from tools.entries.entry import Entry
from tools.finding.key_results import is_abnormal, latest_results, latest_vitals
from tools.finding.onsets import first_recorded
from tools.record import PatientRecord
from tools.record.kinds import label as kind_label
from tools.record.stays import whole_of
from tools.wording.facts import fact, moment
from tools.wording.text import normal
from tools.wording.words import shown_name


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of a summary.

    Attributes:
        label: before each of its lines, e.g. "Problem".
        entries: in the order to show.
        most: so many are shown.
        counted: what they are called where some are not shown, e.g. "active problems"; "" if that goes without saying.
    """

    label: str
    entries: Sequence[Entry]
    most: int
    counted: str = ""

    @property
    def shown(self) -> Sequence[Entry]:
        """The entries that have a line."""
        return self.entries[: self.most]


def summary(record: PatientRecord, about: str, sections: Sequence[Section], kinds: Sequence[str]) -> Evidence:
    """Return the evidence of sections: their lines, what was not shown, and what could not be read.

    Args:
        record: the patient's record.
        about: what is summed up.
        sections: in the order to show.
        kinds: FHIR resource types that were looked at.
    """
    lines = tuple(line for section in sections for line in _lines(section, record))
    return Evidence(
        tool="overview",
        outcome="found" if lines else "none recorded",
        about=about,
        facts=lines,
        total=len(lines),
        references=tuple(dict.fromkeys(line.reference for line in lines)),
        coverage=record.coverage(*kinds),
        notes=(*_not_shown(sections), *not_read(record, kinds)),
    )


def labelled(label: str, line: Fact) -> Fact:
    """Return a line with the subject that it belongs to before it."""
    return replace(line, text=f"{label}: {line.text}")


def _lines(section: Section, record: PatientRecord) -> Iterator[Fact]:
    first = record.once(first_recorded)
    for entry in section.shown:
        yield labelled(section.label, fact(entry, first.get(entry.reference, "")))


def _not_shown(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.counted and len(section.entries) > section.most:
            yield f"{len(section.entries)} {section.counted}, {section.most} shown"


def not_read(record: PatientRecord, kinds: Iterable[str]) -> Iterator[str]:
    """Yield which kinds could not be read, or were left out, so that nothing of them is denied."""
    for kind in kinds:
        if record.unread(kind):
            why = "were left out" if record.left_out(kind) else "could not be read"
            yield f"{kind_label(kind).lower()} {why}"


def newest(record: PatientRecord, kind: str) -> list[Entry]:
    """Return the entries of a kind, the newest first."""
    return list(reversed(record.entries(kind)))


def newest_of(record: PatientRecord, kinds: Iterable[str]) -> list[Entry]:
    """Return the entries of several kinds, the newest first."""
    every = [entry for kind in kinds for entry in record.entries(kind)]
    return list(reversed(sorted(every, key=moment)))


def visits(record: PatientRecord) -> list[Entry]:
    """Return the visits and stays as wholes, without their parts, the newest first."""
    return [entry for entry in newest(record, "Encounter") if whole_of(entry, record) is entry]


def once(entries: Iterable[Entry]) -> list[Entry]:
    """Return the first entry of each name."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(shown_name(entry).casefold(), entry)
    return list(first.values())


def brief(entries: Iterable[Entry]) -> list[Entry]:
    """Return observations without their reference range, and with their flag only where it is abnormal."""
    return [
        replace(e, range=None, interpretation=e.interpretation if is_abnormal(e) else ()) for e in entries
    ]


def prescriptions(record: PatientRecord) -> str:
    """Return the FHIR resource type by which a record tells of drugs: prescriptions, else statements."""
    return "MedicationRequest" if record.counts.get("MedicationRequest") else "MedicationStatement"


def key_observations(entries: Sequence[Entry], record: PatientRecord) -> tuple[list[Entry], list[Entry]]:
    """Return the key results and the vital signs among observations, the newest of each name.

    Key are results that are flagged abnormal, the flagged ones first, and those that a summary of the patient shows.

    Args:
        entries: observations, oldest first.
        record: of the patient.
    """
    last = {normal(entry.display): entry for entry in entries}
    vitals = [normal(entry.display) for entry in latest_vitals(record)]
    usual = [
        name for name in (normal(entry.display) for entry in latest_results(record)) if name not in vitals
    ]
    flagged = [name for name, entry in last.items() if is_abnormal(entry) and name not in vitals]
    names = dict.fromkeys([*flagged, *usual])
    return [last[name] for name in names if name in last], [last[name] for name in vitals if name in last]
