"""The texts of a record -> what can be searched in them: notes, reports, sections, and narratives without codes.

FHIR R4 `DocumentReference.content`, `DiagnosticReport.presentedForm`, `Composition.section`, and `text.div` of an entry
that has no name but its kind. A text that stands in several is kept once. Left out, and counted: attachments that have
no text, and of many PDFs the older ones.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tools.entries import narrative_of, read_text
from tools.entries.entry import Entry
from tools.finding.passages import Page, page
from tools.record import PatientRecord
from tools.wording.facts import moment
from tools.wording.words import is_unnamed

PDF_BYTES = 3 * 1024 * 1024
"""Bytes of PDF that are read of a record, the newest first: some seconds."""
NOTES = ("DocumentReference", "DiagnosticReport", "Composition")
_MAY_LACK_A_NAME = (
    *("Condition", "AllergyIntolerance", "Procedure", "Observation", "MedicationStatement", "CarePlan"),
    *("FamilyMemberHistory", "ClinicalImpression", "Device", "Immunization", "MedicationRequest"),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A readable text: as written, and as it is searched."""

    entry: Entry
    text: str
    page: Page


@dataclass(frozen=True, slots=True)
class Library:
    """The texts of a record, oldest first; by kind how many have something that could not be read, and why."""

    notes: tuple[Note, ...]
    unread: dict[str, Counter[str]]
    kinds: tuple[str, ...]
    """The kinds that have any text."""


def library(record: PatientRecord) -> Library:
    """Return the texts of a record, read once."""
    return record.once(_library)


def _library(record: PatientRecord) -> Library:
    found: dict[str, Note] = {}
    unread: dict[str, Counter[str]] = {}
    left = PDF_BYTES

    def afford(size: int) -> bool:
        nonlocal left
        left -= size
        return left >= 0

    written = [entry for kind in NOTES if record.counts.get(kind) for entry in record.entries(kind)]
    newest_first = sorted(written, key=moment, reverse=True)
    read = {id(entry): read_text(entry, record.get, afford) for entry in newest_first}
    for entry in written:
        pieces, troubles = read[id(entry)]
        if troubles:
            unread.setdefault(entry.kind, Counter())[troubles[0]] += 1
        if text := "\n\n".join(pieces).strip():
            found.setdefault(text, Note(entry, text, page(text)))
    for entry, text in _narratives(record):
        found.setdefault(text, Note(entry, text, page(text)))
    kinds = dict.fromkeys(note.entry.kind for note in found.values())
    return Library(tuple(sorted(found.values(), key=lambda note: moment(note.entry))), unread, tuple(kinds))


def _narratives(record: PatientRecord) -> Iterator[tuple[Entry, str]]:
    for kind in _MAY_LACK_A_NAME:
        for entry in record.entries(kind) if record.counts.get(kind) else ():
            if is_unnamed(entry) and (text := narrative_of(entry)):
                yield entry, text
