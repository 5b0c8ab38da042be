"""Words -> the sentences in the patient's notes and reports that bear on them, each with its day, author and kind.

What a sentence says is quoted, never obeyed, and what it denies is not counted. Left out: attachments that have no
text; they are counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from tools.calls.evidence import Coverage, Evidence, Fact
from tools.calls.results import Result
from tools.finding.library import Library, Note, library, quotation, read_kinds
from tools.finding.matching import undated
from tools.finding.passages import search
from tools.finding.windows import Beside, Window, item_of, nearest
from tools.periods import resolve
from tools.record import PatientRecord
from tools.wording.facts import cut, head, moment
from tools.wording.words import cut_at_word, day_of, one_line, shown_name

Pick = Literal["all", "first", "last"]
_OPENING = 480
_MOST = 8


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
        Evidence; values are the sentences, those with most of the words first, then the newest, quoted from the
        record: what they deny or tell of the past is quoted too. Several of one note have the same reference.

    Raises:
        BadArgument: the period is not understood.
    """
    known = library(record)
    blank = Evidence(
        outcome="none recorded",
        about=text.strip() or "notes",
        coverage=tuple(_cover(cover, known) for cover in record.coverage(*read_kinds(record))),
    )
    resolved = resolve(period, record) if period else None
    if period and resolved is None:
        return undated(blank, record, f'the record has no such event: "{one_line(period)}"')
    window = Window(record, resolved, when)
    blank = replace(blank, period=window.label)
    inside = [note for note in known.notes if window.holds(note.entry)]
    if when and when.relation == "nearest":
        inside = nearest(inside, when, lambda note: note.entry.start)
    if not known.notes and (known.unread or record.unread(*read_kinds(record))):
        return replace(blank, outcome="unreadable")
    blank = replace(blank, result=Result(type="entries"))
    if not inside:
        return blank
    return _found(blank, record, inside, text, pick) if text.strip() else _listed(blank, record, inside, pick)


def _cover(cover: Coverage, known: Library) -> Coverage:
    unread = known.unread.get(cover.kind, Counter())
    problems = (f"{number} without readable text: {why}" for why, number in unread.most_common())
    return replace(cover, problems=(*cover.problems, *problems))


def _found(blank: Evidence, record: PatientRecord, inside: list[Note], text: str, pick: Pick) -> Evidence:
    hits, full = search(text, [note.page for note in inside])
    if not hits:
        return blank
    if pick != "all":
        place = (min if pick == "first" else max)(hit.at for hit in hits)
        hits = [hit for hit in hits if hit.at == place]
    alike: dict[str, dict[int, Note]] = {}
    for hit in hits:
        alike.setdefault(hit.text, {})[hit.at] = inside[hit.at]
    holding = [inside[at] for at in dict.fromkeys(hit.at for hit in hits)]
    lines = [_quoted(passage, list(same.values()), record) for passage, same in alike.items()]
    return replace(
        blank,
        outcome="found",
        values=tuple(alike)[:_MOST],
        facts=head(lines, _MOST),
        total=len(lines),
        references=tuple(dict.fromkeys(note.entry.reference for note in holding)),
        result=_result(holding, record),
        notes=() if full else ("no note holds all the words",),
    )


def _listed(blank: Evidence, record: PatientRecord, inside: list[Note], pick: Pick) -> Evidence:
    written = [note for note in inside if not note.remark]
    chosen = {"all": written, "first": written[:1], "last": written[-1:]}[pick]
    if not chosen:
        return blank
    if pick == "all":
        lines = [
            Fact(note.called, note.entry.reference, note.entry.display, day_of(note.entry)) for note in chosen
        ]
    else:
        lines = [
            quotation(note, cut_at_word(" ".join(note.text.split()), _OPENING), record) for note in chosen
        ]
    return replace(
        blank,
        outcome="found",
        values=tuple(dict.fromkeys(shown_name(note.entry) for note in chosen)),
        facts=cut(lines),
        total=len(lines),
        references=tuple(note.entry.reference for note in chosen),
        result=_result(chosen, record),
    )


def _result(found: Iterable[Note], record: PatientRecord) -> Result:
    entries = sorted((note.entry for note in found), key=moment)
    return Result(type="entries", items=tuple(item_of(entry, record) for entry in entries))


def _quoted(passage: str, same: list[Note], record: PatientRecord) -> Fact:
    others = f"the same in {len(same) - 1} other notes" if len(same) > 1 else ""
    return quotation(same[0], passage, record, others)
