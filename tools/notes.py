"""Words -> the passages in the patient's notes and reports that hold them.

FHIR R4 `DocumentReference.content`, `DiagnosticReport.presentedForm`. A text that is in both is told once.
What a passage says is quoted, never obeyed. Left out: attachments that are no text; they are counted.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from tools.entries import text_of
from tools.entries.entry import Entry
from tools.errors import UnreadableRecord
from tools.evidence import Evidence, Fact
from tools.facts import cut, day_of, head, one_line, shown_name, within
from tools.periods import resolve
from tools.record import PatientRecord

_KINDS = ("DocumentReference", "DiagnosticReport")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s*\n\s*")
_WORD = re.compile(r"[^\W_]+")
_IDLE = frozenset(
    {"a", "an", "and", "any", "about", "did", "do", "does", "for", "has", "have", "in", "is", "mention"}
    | {"mentioned", "of", "on", "or", "the", "to", "was", "with"}
)
_PASSAGE = 240
_OPENING = 480
_ALIKE = 85
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Note:
    """A readable note."""

    entry: Entry
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class _Hit:
    """A note that holds the words: how many of them, how many in one sentence, and where."""

    note: _Note
    words: int
    together: int
    passage: str


_decoded: WeakKeyDictionary[PatientRecord, tuple[tuple[_Note, ...], dict[str, int]]] = WeakKeyDictionary()


def notes(
    record: PatientRecord, text: str, pick: Literal["all", "first", "last"] = "all", period: str | None = None
) -> Evidence:
    """Search the text of notes and reports.

    Args:
        record: the patient's record.
        text: words to look for; "" lists the notes themselves.
        pick: all, or only the first or last note that holds them.
        period: e.g. "in 2015", "at the last visit".

    Returns:
        Evidence; values are the passages, the best first. A passage is a quotation from the record.

    Raises:
        BadArgument: the period is not understood.
    """
    said = {"text": text, "pick": "" if pick == "all" else pick, "period": period or ""}
    arguments: dict[str, object] = {name: value for name, value in said.items() if value or name == "text"}
    readable, unread = _notes_of(record)
    blank = Evidence(
        tool="notes",
        arguments=arguments,
        outcome="none recorded",
        about=text or "notes",
        coverage=tuple(
            replace(cover, problems=(*cover.problems, *_unread(unread, cover.kind)))
            for cover in record.coverage(*_KINDS)
            if cover.searched or cover.problems
        ),
    )
    when = resolve(period, record) if period else None
    if period and when is None:
        return replace(blank, notes=(f'the record has no such event: "{one_line(period)}"',))
    inside = [note for note in readable if within(note.entry, when)]
    hits = (
        _search(inside, text) if text.strip() else [_Hit(n, 0, 0, one_line(n.text, _OPENING)) for n in inside]
    )
    blank = replace(blank, period=when.label if when else "")
    if not hits:
        return replace(blank, outcome="unreadable" if unread and not readable else "none recorded")
    return _evidence(blank, _picked(hits, pick), listing=not text.strip() and pick == "all")


def _notes_of(record: PatientRecord) -> tuple[tuple[_Note, ...], dict[str, int]]:
    if record not in _decoded:
        _decoded[record] = _decode(record)
    return _decoded[record]


def _decode(record: PatientRecord) -> tuple[tuple[_Note, ...], dict[str, int]]:
    found: dict[str, _Note] = {}
    unread: dict[str, int] = {}
    for entry in (entry for kind in _KINDS for entry in record.entries(kind)):
        try:
            text = text_of(entry)
        except UnreadableRecord:
            unread[entry.kind] = unread.get(entry.kind, 0) + 1
            continue
        if text.strip():
            found.setdefault(text, _Note(entry, text, _plain(text)))
    return tuple(sorted(found.values(), key=lambda note: day_of(note.entry))), unread


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _unread(unread: dict[str, int], kind: str) -> tuple[str, ...]:
    return (f"{unread[kind]} without readable text",) if kind in unread else ()


def _search(readable: list[_Note], text: str) -> list[_Hit]:
    wanted = list(dict.fromkeys(_WORD.findall(_plain(text))))
    telling = [word for word in wanted if word not in _IDLE] or wanted
    patterns = [_pattern(word, readable) for word in telling]
    hits = [hit for note in readable for hit in _hit(note, patterns)]
    full = [hit for hit in hits if hit.words == len(patterns)]
    best = full or [hit for hit in hits if 2 * hit.words >= len(patterns)]
    return sorted(reversed(best), key=lambda hit: (-hit.words, -hit.together))


def _pattern(word: str, readable: list[_Note]) -> re.Pattern[str]:
    stem = word[:-1] if len(word) > 4 and word.endswith("s") else word
    pattern = re.compile(rf"\b{re.escape(stem)}")
    if len(word) < 5 or any(pattern.search(note.plain) for note in readable):
        return pattern
    known = {other for note in readable for other in _WORD.findall(note.plain)}
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return re.compile(rf"\b{re.escape(near[0])}") if near else pattern


def _hit(note: _Note, patterns: list[re.Pattern[str]]) -> Iterator[_Hit]:
    found = sum(1 for pattern in patterns if pattern.search(note.plain))
    if not found:
        return
    sentences = [sentence for sentence in _SENTENCE.split(note.text) if sentence.strip()]
    together = [sum(1 for p in patterns if p.search(_plain(sentence))) for sentence in sentences]
    best = max(range(len(sentences)), key=together.__getitem__)
    yield _Hit(note, found, together[best], _passage(sentences, best))


def _passage(sentences: list[str], at: int) -> str:
    heading = sentences[at - 1].lstrip("# ") + ": " if at and sentences[at - 1].startswith("#") else ""
    passage = heading + sentences[at]
    for sentence in sentences[at + 1 :]:
        if len(passage) + len(sentence) > _PASSAGE or sentence.startswith("#"):
            break
        passage += " " + sentence
    return one_line(passage, _PASSAGE)


def _picked(hits: list[_Hit], pick: Literal["all", "first", "last"]) -> list[_Hit]:
    if pick == "all":
        return hits
    dated = sorted(hits, key=lambda hit: day_of(hit.note.entry))
    day = day_of(dated[0 if pick == "first" else -1].note.entry)
    return [hit for hit in dated if day_of(hit.note.entry) == day]


def _evidence(blank: Evidence, hits: list[_Hit], listing: bool) -> Evidence:
    lines = [_line(hit, listing) for hit in hits]
    names = dict.fromkeys(shown_name(hit.note.entry) for hit in hits)
    return replace(
        blank,
        outcome="found",
        values=tuple(names) if listing else tuple(hit.passage for hit in hits[:_MOST]),
        facts=cut(lines) if listing else head(lines, _MOST),
        total=len(lines),
        references=tuple(hit.note.entry.reference for hit in hits),
    )


def _line(hit: _Hit, listing: bool) -> Fact:
    entry = hit.note.entry
    dated = f"{shown_name(entry)} of {day_of(entry)}" if day_of(entry) else shown_name(entry)
    text = dated if listing else f"{dated}: “{hit.passage}”"
    return Fact(text, entry.reference, entry.display, day_of(entry))
