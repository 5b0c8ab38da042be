"""A question -> its slots and the text that the network reads, in which each slot is one mark.

"When was metformin started after the stroke in 2019?" -> "When was [drug] started after [problem] [time]?". Slots are
what the linkers of names and times find, and numbers. Left out: what a slot does in the plan (`network`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from agent.reading.form import THINGS
from agent.reading.marked import SLOT_OF, TYPES_OF_NAMES, Marked, Slot, kinds_of, with_marks
from agent.reading.marks import mark, tokenizer
from agent.reading.near import SAID_OTHERWISE, nearly
from agent.reading.whose import Ordinary, own_names, without_title
from agent.reading.words import WORDS, any_of
from tools.calls.errors import BadArgument
from tools.concepts import Mention, link
from tools.concepts import mentions as names_in
from tools.concepts.spelling import corrections
from tools.concepts.wording import tokens
from tools.entries.times import Span
from tools.finding.filters import ALLERGY_CATEGORIES
from tools.finding.windows import Window
from tools.measuring.panels import assays
from tools.periods import Mention as TimeMention
from tools.periods import Period, resolve
from tools.periods import mentions as times_in
from tools.periods.words import ANY_LENGTH, NUMBERS, SPOKEN_DAY, SPOKEN_DAYS, compiled
from tools.record import PatientRecord
from tools.wording.text import plain_name

_EXACT = 3
"""Words of a recorded name that is looked for as it stands."""
_FULL = 2
"""Words of the name of somebody or of a place that is looked for so."""
_WHO_AND_WHERE: Mapping[str, str] = {
    "Practitioner": "person", "PractitionerRole": "person", "Organization": "place", "Location": "place",
}  # fmt: skip
"""FHIR types of people and places -> their slot."""
_LEAST = 0.6
"""The score from which a stretch of text is taken for a name."""
_SAID = 0.85
"""The score above which a name is one whatever else its words may mean."""
_UNIT = (
    r"%|°\s?[cf]\b|percent\b|(?:mg|mcg|µg|ug|ng|pg|g|kg|lbs?|pounds?|cm|mm|m|inch(?:es)?|ft|mmol|µmol|umol|mol|meq|iu|u"
    r"|units?|ml|l|dl|mmhg|mm\[?hg\]?|bpm|k|beats|breaths)\b(?:/(?:[a-zµ]+|\{[a-z]+\}|[0-9.]+m2)\b)*(?:/min\b)?"
)
_NUMBER = re.compile(
    rf"(?<![\w.\[])(?:\d{{3,}}(?:-\d{{3,}})+(?!\w)|-?\d+(?:[.,]\d+)*(?![\w])(?:\s?(?P<unit>{_UNIT}))?"
    rf"|-?\d+(?:[.,]\d+)*(?P<glued>{_UNIT})|x(?P<times>\d+)\b)",
    re.I,
)
_TIME_WORDS = ("before", "after", "since", "until", "between", "during", "within")
_SMALL = re.compile(r"(?<![\w'-])[a-z]{4,9}(?![\w'-])")
_NTH = re.compile(
    rf"\b(?:(?P<nth>{SPOKEN_DAY}|\d+(?:st|nd|rd|th))(?P<end>[- ](?:to[- ])?(?:last|latest|most recent))?"
    r"|(?P<last>last but one|next[- ]to[- ]last|penultimate))\b(?!\s+(?:of|from)\s)",
    re.I,
)
_MEANT = {
    table: {said: meant for meant, words in rows.items() for said in words} for table, rows in WORDS.items()
}
"""Of each table what people say -> what the tools call it."""
SPOKEN: Mapping[str, int] = {word: int(count) for word, count in NUMBERS.items() if 2 <= count <= 12}
"""Numbers in words; "one" is mostly none."""


_SPOKEN = re.compile(rf"\b(?:{any_of(SPOKEN)})\b", re.I)
_VACCINE = re.compile(rf"\s+(?:{any_of(_MEANT['vaccination'])})\b", re.I)
_STRENGTH = re.compile(r"\s+\d+(?:[.,]\d+)*\s?(?:mg|mcg|µg|ug|g|ml|%|units?|unt)(?:/\w+)*\b", re.I)
"""The strength of a drug, which is a part of its name."""
_TO_UNIT = re.compile(rf"\b(?:in|to|into|as)\s+(?P<unit>{any_of(_MEANT['units'])})(?!\w)", re.I)
_ROUTE = re.compile(
    rf"\b(?:{any_of(_MEANT['routes'])})\b(?=\s+(?:route|form|way|drug|med|prescription|dose|antibiotic)|\W*$)"
    r"|(?<=\bvia )(?:[\w/]+ ){1,2}(?=route\b)",
    re.I,
)
_NOW = re.compile(
    r"(?:at|for|of|by|as of|until|till|up to)?\s*(?:the )?(?:present|moment|now|right now|currently|presently|nowadays"
    r"|this time|these days)|at (?:least|most)\b.*",
    re.I,
)
_STAY = re.compile(
    r"\b(?:visit|stay|admission|hospitali[sz]ation|encounter|appointment|discharged?|admitted|birth|icu|er|ed|emergency)\b",
    re.I,
)
_NEARLY = 0.2
"""How much worse a name may be that of a thing than that of another for both to be meant."""
_MOST_OTHERS = 2
MOST_SLOTS = 12
"""Slots of a question that is read; one with more is no question."""
_SECOND = 0.4
"""How likely a name is something else than what is preferred, beside that."""
_PLAIN = 0.8
"""How likely common words are no name, beside that they are one."""
_MOST_PLAIN = 2
_LEAST_LIKELY = 0.05
"""How likely a question means none of the names that it is near to, at least."""
_BESIDE = re.compile(r"\s*(?:\b(?:of|in)\b(?:\s+the\b)?\s*|/\s*)?")
"""What may stand between two names that are one."""
_BRACKETS = str.maketrans("[]{}", "()()")


def marked(
    question: str, record: PatientRecord, before: str = "", ordinary: Ordinary = lambda words: False
) -> Marked:
    """Return a question with its slots marked.

    Args:
        question: as it was asked.
        record: tells what its names are.
        before: the question before it in the same conversation, on which it may lean; "" at the start.
        ordinary: tells which words are no part of a name by themselves; a likeness of theirs to one proves nothing.
    """
    new = _marked(question, record, ordinary)
    if not before:
        return new
    old = _marked(before, record, ordinary, looked=False)
    near = tuple((likely, _after(old, each)) for likely, each in new.near)
    return replace(_after(old, new), near=near)


def _after(old: Marked, new: Marked) -> Marked:
    lead = f"{old.text} {mark('then')} "
    moved = (replace(slot, at=slot.at + len(lead)) for slot in new.slots)
    return Marked(f"{old.question} {new.question}", lead + new.text, (*old.slots, *moved), len(lead))


def _marked(question: str, record: PatientRecord, ordinary: Ordinary, looked: bool = True) -> Marked:
    text = _SMALL.sub(_spelt, " ".join(question.replace("\u2019", "'").translate(_BRACKETS).split()))
    taken = _Taken(text)
    for exact in _named_exactly(text, record, ordinary):
        taken.take(exact)
    for start, end in own_names(taken.free, record):
        taken.take(Slot("name", text[start:end], start, end))
    names = _names(taken.free, record, ordinary)
    for time in _times(taken.free, names, record):
        taken.take(time)
    for name in _names(taken.free, record, ordinary) if taken.slots else names:
        kinds, end = _kinds(name, record, taken.free), name.end
        if kinds[0][0] == "drug" and (strength := _STRENGTH.match(taken.free, end)):
            end = strength.end()
        taken.take(Slot(kinds[0][0], text[name.start : end], name.start, end, name.kinds, others=kinds[1:]))
    for slot in _numbers(taken.free):
        taken.take(slot)
    slots = [_with_meaning(slot, taken.slots, record) for slot in taken.slots]
    near = nearly(text, slots, record, ordinary) if looked and len(slots) <= MOST_SLOTS else ()
    return replace(with_marks(text, slots), near=tuple(near))


def _spelt(word: re.Match[str]) -> str:
    """Return a word, a slip of the pen in one that says when put right: a time without it would be another."""
    said = word.group()
    if tokenizer().token_to_id(said) is not None:
        return said
    return next(iter(corrections(said, _TIME_WORDS)), said)


def _with_meaning(slot: Slot, slots: Sequence[Slot], record: PatientRecord) -> Slot:
    """Return a slot with what it means, where there are others of its kind: "flu" and "influenza"."""
    if len(slots) > MOST_SLOTS or sum(other.kind == slot.kind for other in slots) < 2:
        return slot
    if slot.kind == "time":
        return replace(slot, same=_meant(slot.text, record))
    readings = link(slot.text, record, slot.types) if slot.types else ()
    if not readings:
        return slot
    parts = record.once(_tests_of, slot.text) if slot.kind == "test" else frozenset()
    return replace(slot, same=f"{readings[0].kind} {readings[0].label}", parts=parts)


def _tests_of(record: PatientRecord, name: str) -> frozenset[str]:
    """Return the tests that a name means in a record: of a panel its parts."""
    readings = link(name, record, ("Observation",))[:1]
    return frozenset(each.label for reading in readings for each in assays(reading, record, Window(record)))


class _Taken:
    """Slots of a text, no two of which overlap; what they took is blank in `free`."""

    def __init__(self, text: str) -> None:
        self.free = text
        self.slots: list[Slot] = []

    def take(self, slot: Slot) -> None:
        if not all(map(slot.apart, self.slots)):
            return
        self.slots.append(slot)
        self.free = self.free[: slot.start] + "\u00b7" * (slot.end - slot.start) + self.free[slot.end :]


def _names(text: str, record: PatientRecord, ordinary: Ordinary) -> list[Mention]:
    """Return the names in a text; two that stand beside each other and name one thing together are one."""
    found: list[Mention] = []
    for name in sorted(names_in(text, record, TYPES_OF_NAMES), key=lambda name: name.start):
        if name.score < _LEAST or (name.score < _SAID and ordinary(name.text)) or _is_category(name):
            continue
        before = found[-1] if found else None
        if before and _BESIDE.fullmatch(text, before.end, name.start):
            whole = text[before.start : name.end]
            kinds = tuple(dict.fromkeys([*name.kinds, *before.kinds]))
            readings = link(whole, record, kinds)
            if readings:
                told = tuple(dict.fromkeys([readings[0].kind, *kinds]))
                found[-1] = replace(before, text=whole, end=name.end, kinds=told, score=readings[0].score)
                continue
        found.append(name)
    return found


def _times(text: str, names: list[Mention], record: PatientRecord) -> Iterator[Slot]:
    """Yield times of the calendar, of ages, and of visits and stays; what hangs on a thing is none."""
    for time in times_in(text):
        if any(name.score > _SAID and name.start <= time.start and time.end <= name.end for name in names):
            continue
        if _NOW.fullmatch(time.text):
            continue
        if time.anchored and not _STAY.search(time.text) and _hangs_on_a_name(time, names):
            continue
        try:
            period = resolve(time.text, record)
        except BadArgument:
            if time.anchored:
                continue
            period = None
        if period and period.span == Span() and not period.encounter:
            continue  # "ever", "in total"
        yield Slot("time", time.text, time.start, time.end, days=_days(period))


def _hangs_on_a_name(time: TimeMention, names: list[Mention]) -> bool:
    """Tell whether a name stands in a time, or after it where two times share it: "before and after insulin"."""
    return any(
        (time.start <= name.start and name.end <= time.end)
        or re.search(rf"\b{re.escape(name.text)}\b", time.text, re.I)
        for name in names
        if name.score > _SAID
    )


def _days(period: Period | None) -> tuple[str, str]:
    first, last = (period.span.first, period.span.last) if period else (None, None)
    return (first.isoformat() if first else "", last.isoformat() if last else "")


def _meant(time: str, record: PatientRecord) -> str:
    """Return what a time is in this record, "" if it is not known."""
    try:
        period = resolve(time, record)
    except BadArgument:
        return ""
    return str(period.span) if period else ""


def _is_category(name: Mention) -> bool:
    """Tell whether a name is a category of allergies and no substance: "drug allergies"."""
    others = [word for word in tokens(name.text) if not word.startswith("allerg")]
    return name.kinds == ("AllergyIntolerance",) and ALLERGY_CATEGORIES.issuperset(others)


def _recorded_names(record: PatientRecord) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return names of several words, in small letters, with the FHIR types they have in a record, the longest first."""
    found: dict[str, list[str]] = {}
    for kind in (*TYPES_OF_NAMES, "Encounter"):
        for term in record.terms(kind) if record.counts.get(kind) else ():
            for name in dict.fromkeys((term.display, plain_name(term.display))):
                if len(name.split()) >= _EXACT:
                    found.setdefault(" ".join(name.translate(_BRACKETS).split()).casefold(), []).append(kind)
    insurers = {term.display for term in record.terms("Coverage")}
    for kind in _WHO_AND_WHERE:
        for term in [term for term in record.terms(kind) if term.display not in insurers]:
            for name in dict.fromkeys((term.display, without_title(term.display))):
                if len(name.split()) >= _FULL:
                    found.setdefault(" ".join(name.split()).casefold(), []).append(kind)
    return tuple((name, tuple(dict.fromkeys(found[name]))) for name in sorted(found, key=len, reverse=True))


def _named_exactly(text: str, record: PatientRecord, ordinary: Ordinary) -> Iterator[Slot]:
    """Yield the names of several words that stand in a question as they are recorded, the longest first.

    A place that is called as any is, "Emergency Department", is none.
    """
    said = text.casefold()
    for name, types in record.once(_recorded_names):
        at = said.find(name)
        if (
            at >= 0
            and not said[at - 1 : at].isalnum()
            and not said[at + len(name) : at + len(name) + 1].isalnum()
        ):
            kind = _WHO_AND_WHERE.get(types[0]) or kinds_of(types)[0]
            if kind == "place" and ordinary(name):
                continue
            yield Slot(kind, text[at : at + len(name)], at, at + len(name), types)


def _kinds(name: Mention, record: PatientRecord, text: str) -> tuple[tuple[str, float], ...]:
    """Return the slots that a name may be, what is preferred first, each with how likely it is beside that.

    What only a part of a longer name says, "insulin" of "infusion of insulin", is none where another is called so; what
    is recorded under the name is likelier than what is not.
    """
    kinds = kinds_of(name.kinds)
    if "vaccine" in kinds and _VACCINE.match(text, name.end):
        kinds = ("vaccine",)
    if len(kinds) < 2:
        return ((kinds[0], 1.0),)
    scores: dict[str, float] = {}
    for reading in link(name.text, record, name.kinds):
        kind = SLOT_OF.get(reading.kind, "item")
        scores[kind] = max(scores.get(kind, 0.0), reading.score)
    least = max(scores.get(kind, name.score) for kind in kinds) - _NEARLY
    meant = [kind for kind in kinds if scores.get(kind, name.score) >= least]
    recorded = any(kind in scores for kind in meant)
    return tuple((kind, _SECOND if kind in scores or not recorded else _SECOND / 2) for kind in meant)


def variants(question: Marked, common: Ordinary) -> Iterator[tuple[float, Marked]]:
    """Yield a marked question with its names taken for what they are likeliest, then one of them for something else.

    Each comes with how likely that is before anything is read. What often stands as it is in the corpus, "imaging",
    may be no name at all.
    """
    nearest_ = max([likely for likely, _ in question.near], default=0.0)
    yield 1.0 if nearest_ <= SAID_OTHERWISE else max(_LEAST_LIKELY, 1 - nearest_), question
    yield from question.near
    plain = (at for at, slot in enumerate(question.slots) if slot.kind in THINGS and common(slot.text))
    for at in islice(plain, _MOST_PLAIN):
        yield _PLAIN, _instead(question, at, question.slots[at].text, None)
    for at, slot in enumerate(question.slots):
        never = (slot.kind, "item", "substance" if slot.kind == "drug" else "")
        for kind, likely in [each for each in slot.others if each[0] not in never][:_MOST_OTHERS]:
            yield likely, _instead(question, at, mark(kind), replace(slot, kind=kind))


def _instead(question: Marked, at: int, words: str, other: Slot | None) -> Marked:
    """Return a question with other words for one of its marks, and another slot, or none, for that of the mark."""
    slot = question.slots[at]
    end = slot.at + len(mark(slot.kind))
    shift = slot.at + len(words) - end
    later = (replace(each, at=each.at + shift) for each in question.slots[at + 1 :])
    text = question.text[: slot.at] + words + question.text[end:]
    begins = question.begins + (shift if slot.at < question.begins else 0)
    kept = (*question.slots[:at], *((other,) if other else ()), *later)
    return Marked(question.question, text, kept, begins)


def _numbers(text: str) -> Iterator[Slot]:
    for match in _TO_UNIT.finditer(text):
        yield Slot(
            "unit",
            match["unit"],
            match.start("unit"),
            match.end("unit"),
            value=_MEANT["units"][match["unit"].lower()],
        )
    for match in _ROUTE.finditer(text):
        yield Slot(
            "route",
            match.group().strip(),
            match.start(),
            match.start() + len(match.group().strip()),
            value=_MEANT["routes"].get(match.group().lower(), match.group().strip()),
        )
    for match in compiled(rf"\b{ANY_LENGTH}\b").finditer(text):
        yield Slot("length", match.group(), match.start(), match.end(), value=match.group())
    for match in _NTH.finditer(text):
        if (match["nth"] or "").lower() in ("first", "1st"):
            continue
        yield Slot("nth", match.group(), match.start(), match.end(), value=str(_nth(match)))
    for match in _SPOKEN.finditer(text):
        yield Slot(
            "number", match.group(), match.start(), match.end(), value=str(SPOKEN[match.group().lower()])
        )
    for match in _NUMBER.finditer(text):
        kind = "amount" if match["unit"] or match["glued"] else "number"
        value = match["times"] or match.group()
        yield Slot(kind, match.group(), match.start(), match.end(), value=value)


def _nth(match: re.Match[str]) -> int:
    if match["last"]:
        return -2
    said = match["nth"].lower()
    count = SPOKEN_DAYS[said] if said in SPOKEN_DAYS else int(re.sub(r"\D", "", said))
    return -count if match["end"] else count
