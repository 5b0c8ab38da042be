"""The texts of a record -> what can be searched in them: notes, reports, sections, impressions, remarks, narratives.

FHIR R4 `DocumentReference.content`, `DiagnosticReport.presentedForm`, `Composition.section`, what `ClinicalImpression`
says in words, the `note` of other entries, and `text.div` of an entry that has no name but its kind. A text that stands
in several is kept once. Left out, and counted: attachments that have no text, and of many PDFs the older ones.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tools.calls.evidence import Fact
from tools.entries import narrative_of, read_text
from tools.entries.entry import Entry
from tools.finding.passages import Page
from tools.record import PatientRecord
from tools.wording.facts import moment
from tools.wording.words import day_of, in_quotation_marks, is_unnamed, linked_names, shown_name

PDF_BYTES = 3 * 1024 * 1024
"""Bytes of PDF that are read of a record, the newest first: some seconds."""
_NOTES = ("DocumentReference", "DiagnosticReport", "Composition")
_IMPRESSION = "ClinicalImpression"
_OF_AN_IMPRESSION = ("summary", "description", "prognosis", "note")
_WITH_REMARKS = (
    *("Condition", "AllergyIntolerance", "Procedure", "Observation", "MedicationStatement", "CarePlan"),
    *("FamilyMemberHistory", "Device", "Immunization", "MedicationRequest"),
)
"""Kinds whose entries people write remarks on; and which may have no name, only a narrative."""


@dataclass(frozen=True, slots=True)
class Note:
    """A readable text: as written, and as it is searched; `remark` where it was only added to its entry."""

    entry: Entry
    text: str
    page: Page
    remark: bool = False

    @property
    def called(self) -> str:
        """The kind of note with its day: "Progress note of 2021-03-02"."""
        name = f"{'Remark on ' if self.remark else ''}{shown_name(self.entry)}"
        return f"{name} of {day_of(self.entry)}" if self.entry.start else name


@dataclass(frozen=True, slots=True)
class Library:
    """The texts of a record, oldest first; by kind how many have something that could not be read, and why."""

    notes: tuple[Note, ...]
    unread: dict[str, Counter[str]]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have any text."""
        return tuple(dict.fromkeys(note.entry.kind for note in self.notes))


def quotation(note: Note, passage: str, record: PatientRecord, more: str = "") -> Fact:
    """Return the line of a passage: “Stopped warfarin.” (Progress note of 2021-03-02, Dr A. Meier)."""
    author = linked_names(note.entry.who, record)[:1]
    told = ", ".join(filter(None, (note.called, *author, more)))
    text = f"{in_quotation_marks(passage)} ({told})"
    return Fact(text, note.entry.reference, note.entry.display, day_of(note.entry))


def read_kinds(record: PatientRecord) -> tuple[str, ...]:
    """Return the kinds of documents that are read: impressions only where the record has some."""
    return (*_NOTES, _IMPRESSION) if record.counts.get(_IMPRESSION) else _NOTES


def library(record: PatientRecord) -> Library:
    """Return the texts of a record, read once."""
    return record.once(_library)


def documents(record: PatientRecord) -> Library:
    """Return the notes, reports and impressions of a record, read once, without what was added to other entries."""
    return record.once(_documents)


def _library(record: PatientRecord) -> Library:
    written = documents(record)
    found = {note.text: note for note in written.notes}
    for note in _added(record):
        found.setdefault(note.text, note)
    return Library(_in_order(found), written.unread)


def _documents(record: PatientRecord) -> Library:
    found: dict[str, Note] = {}
    unread: dict[str, Counter[str]] = {}
    left = PDF_BYTES

    def afford(size: int) -> bool:
        nonlocal left
        left -= size
        return left >= 0

    written = [entry for kind in _NOTES if record.counts.get(kind) for entry in record.entries(kind)]
    newest_first = sorted(written, key=moment, reverse=True)
    read = {id(entry): read_text(entry, record.get, afford) for entry in newest_first}
    for entry in written:
        pieces, troubles = read[id(entry)]
        if troubles:
            unread.setdefault(entry.kind, Counter())[troubles[0]] += 1
        if text := "\n\n".join(pieces).strip():
            found.setdefault(text, Note(entry, text, Page(text)))
    for entry in record.entries(_IMPRESSION) if record.counts.get(_IMPRESSION) else ():
        if text := "\n".join(filter(None, map(entry.detail, _OF_AN_IMPRESSION))):
            found.setdefault(text, Note(entry, text, Page(text)))
    return Library(_in_order(found), unread)


def _added(record: PatientRecord) -> Iterator[Note]:
    """Yield the remarks on entries, and the narratives of those that have no name."""
    for kind in _WITH_REMARKS:
        for entry in record.entries(kind) if record.counts.get(kind) else ():
            if text := entry.detail("note"):
                yield Note(entry, text, Page(text), remark=True)
            if is_unnamed(entry) and (text := narrative_of(entry)):
                yield Note(entry, text, Page(text))


def _in_order(found: dict[str, Note]) -> tuple[Note, ...]:
    return tuple(sorted(found.values(), key=lambda note: moment(note.entry)))
