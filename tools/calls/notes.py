"""Words -> the passages in the patient's notes and reports that hold them.

FHIR R4 `DocumentReference.content`, `DiagnosticReport.presentedForm`. A text that is in both is told once.
What a passage says is quoted, never obeyed. Left out: attachments that have no text; they are counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from tools.calls.evidence import Coverage, Evidence, Fact
from tools.calls.results import Result
from tools.entries import read_text
from tools.entries.entry import Entry
from tools.finding.matching import undated
from tools.finding.passages import Page, page, search
from tools.finding.windows import Beside, Window, item_of, nearest
from tools.periods import resolve
from tools.record import PatientRecord
from tools.wording.facts import cut, head, moment
from tools.wording.words import day_of, one_line, shown_name

Pick = Literal["all", "first", "last"]
_KINDS = ("DocumentReference", "DiagnosticReport")
_OPENING = 480
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Note:
    """A readable note: as written, and as it is searched."""

    entry: Entry
    text: str
    page: Page


@dataclass(frozen=True, slots=True)
class _Library:
    """The notes of a record, oldest first; by kind how many have something that could not be read, and why."""

    notes: tuple[_Note, ...]
    unread: dict[str, Counter[str]]


def notes(
    record: PatientRecord,
    text: str = "",
    pick: Pick = "all",
    period: str | None = None,
    *,
    when: Beside | None = None,
) -> Evidence:
    """Search notes and reports; without text, list them.

    Args:
        record: the patient's record.
        text: words to look for; "" lists the notes themselves.
        pick: all, or only the first or last note that holds them.
        period: e.g. "in 2015", "at the last visit".
        when: next to what another call found.

    Returns:
        Evidence; values are the passages, the best first, quoted from the record.

    Raises:
        BadArgument: the period is not understood.
    """
    library = record.once(_library)
    blank = Evidence(
        outcome="none recorded",
        about=text.strip() or "notes",
        coverage=tuple(_cover(cover, library) for cover in record.coverage(*_KINDS)),
    )
    resolved = resolve(period, record) if period else None
    if period and resolved is None:
        return undated(blank, record, f'the record has no such event: "{one_line(period)}"')
    window = Window(record, resolved, when)
    blank = replace(blank, period=window.label)
    inside = [note for note in library.notes if window.holds(note.entry)]
    if when and when.relation == "nearest":
        inside = nearest(inside, when, lambda note: note.entry.start)
    if not library.notes and (library.unread or record.unread(*_KINDS)):
        return replace(blank, outcome="unreadable")
    blank = replace(blank, result=Result(type="entries"))
    if not inside:
        return blank
    return _found(blank, record, inside, text, pick) if text.strip() else _listed(blank, record, inside, pick)


def _library(record: PatientRecord) -> _Library:
    found: dict[str, _Note] = {}
    unread: dict[str, Counter[str]] = {}
    for entry in (entry for kind in _KINDS for entry in record.entries(kind)):
        pieces, troubles = read_text(entry, record.get)
        if troubles:
            unread.setdefault(entry.kind, Counter())[troubles[0]] += 1
        if text := "\n\n".join(pieces).strip():
            found.setdefault(text, _Note(entry, text, page(text)))
    return _Library(tuple(sorted(found.values(), key=lambda note: moment(note.entry))), unread)


def _cover(cover: Coverage, library: _Library) -> Coverage:
    unread = library.unread.get(cover.kind, Counter())
    problems = (f"{number} without readable text: {why}" for why, number in unread.most_common())
    return replace(cover, problems=(*cover.problems, *problems))


def _found(blank: Evidence, record: PatientRecord, inside: list[_Note], text: str, pick: Pick) -> Evidence:
    hits, full = search(text, [note.page for note in inside])
    if not hits:
        return blank
    if pick != "all":
        place = (min if pick == "first" else max)(hit.at for hit in hits)
        hits = [hit for hit in hits if hit.at == place]
    alike: dict[str, list[_Note]] = {}
    for hit in hits:
        alike.setdefault(hit.text, []).append(inside[hit.at])
    lines = [_quoted(passage, same) for passage, same in alike.items()]
    return replace(
        blank,
        outcome="found",
        values=tuple(alike)[:_MOST],
        facts=head(lines, _MOST),
        total=len(lines),
        references=tuple(inside[hit.at].entry.reference for hit in hits),
        result=_result([inside[hit.at] for hit in hits], record),
        notes=() if full else ("no note holds all the words",),
    )


def _listed(blank: Evidence, record: PatientRecord, inside: list[_Note], pick: Pick) -> Evidence:
    chosen = {"all": inside, "first": inside[:1], "last": inside[-1:]}[pick]
    if pick == "all":
        lines = [_line(note.entry, _named(note.entry)) for note in chosen]
    else:
        lines = [_quoted(one_line(note.text, _OPENING), [note]) for note in chosen]
    return replace(
        blank,
        outcome="found",
        values=tuple(dict.fromkeys(shown_name(note.entry) for note in chosen)),
        facts=cut(lines),
        total=len(lines),
        references=tuple(note.entry.reference for note in chosen),
        result=_result(chosen, record),
    )


def _result(found: Iterable[_Note], record: PatientRecord) -> Result:
    entries = sorted((note.entry for note in found), key=moment)
    return Result(type="entries", items=tuple(item_of(entry, record) for entry in entries))


def _quoted(passage: str, same: list[_Note]) -> Fact:
    others = f" (the same in {len(same) - 1} other notes)" if len(same) > 1 else ""
    return _line(same[0].entry, f"{_named(same[0].entry)}: “{passage}”{others}")


def _named(entry: Entry) -> str:
    return f"{shown_name(entry)} of {day_of(entry)}" if day_of(entry) else shown_name(entry)


def _line(entry: Entry, text: str) -> Fact:
    return Fact(text, entry.reference, entry.display, day_of(entry))
