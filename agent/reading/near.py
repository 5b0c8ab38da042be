"""A question -> the recorded names that its words are near to in meaning, where nobody says so in these words.

"When did she break her collarbone?" is near "Fracture of clavicle". Each is one more way to mark the question, with how
likely that name is meant. Left out: which way reads best (`ranking`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import exp

from agent.reading.form import THINGS
from agent.reading.marked import TYPES_OF_NAMES, Marked, Slot, kinds_of, with_marks
from agent.reading.whose import Ordinary
from tools.concepts import link, says_nothing
from tools.concepts.meaning import Near, nearest, stretches
from tools.concepts.wording import spans
from tools.record import PatientRecord

_NAMED_SO = (*TYPES_OF_NAMES, "Encounter")
"""FHIR types whose recorded names words may be near to."""
_NEAR = 0.6
"""The likeness from which on words may mean a recorded name; 3 % of words for what is not recorded have one so near."""
_NEARER = 0.1
"""How much nearer to a name words must be than what the linkers found within them."""
_MOST_BETWEEN = 2
"""Words between two names that are one name: "sprained his ankle"."""
_MOST_NEAR = 2
_MOST_WORDS, _MOST_SLOTS = 40, 6
"""Of a question in which names are looked for that are only near: one that has more costs too much."""
_WITHIN_NAMES = (*THINGS, "number", "amount", "nth", "route", "unit")
"""Slots that may be a part of a name that is near: "azithro 600"."""
_BY_LIKENESS, _BY_MARGIN, _FROM, _MARGIN = 2.8, 19.0, -2.2, 0.2
"""How likely the nearest name is meant, of its likeness and its margin before the next: fitted to 1 684 ways to call
things whose names the vectors had not seen."""
_SHORT, _OF_A_SHORT_FORM = 5, 0.6
"""Letters of what may be an abbreviation, "UGIB", and how likely the nearest name is meant by it at most."""
SAID_OTHERWISE = 0.3
"""How likely words that stand in the corpus are a name that they are near to, beside what they are there."""


def nearly(
    text: str, slots: Sequence[Slot], record: PatientRecord, ordinary: Ordinary
) -> Iterator[tuple[float, Marked]]:
    """Yield a question with a name that its words are near to, the likeliest first, and how likely it is meant.

    Args:
        text: the question.
        slots: that were found in it.
        record: the patient's record.
        ordinary: tells which words stand in the corpus, so that the network may know what they say.
    """
    for slot in _near_names(text, slots, record, ordinary):
        others = filter(slot.apart, slots)
        known = ordinary(text[slot.start : slot.end])
        yield slot.meant * (SAID_OTHERWISE if known else 1.0), with_marks(text, [*others, slot])


def _near_names(
    text: str, slots: Sequence[Slot], record: PatientRecord, ordinary: Ordinary
) -> Iterator[Slot]:
    """Yield the names that words are near to in meaning, the likeliest first, no two of the same words.

    Of words within which a linker found a name they must say more than that name. What a visit is called in words that
    the network knows is left to it: "emergency room".
    """
    words = spans(text)
    if len(words) > _MOST_WORDS or len(slots) > _MOST_SLOTS:
        return
    never = {
        n for n, (_, start, end) in enumerate(words) for slot in slots
        if slot.start < end and start < slot.end and slot.kind not in _WITHIN_NAMES
    }  # fmt: skip
    found = [
        (
            near.likeness,
            Slot(
                kinds_of(near.kinds)[0],
                near.name,
                start,
                end,
                near.kinds,
                meant=_chance(near, text[start:end]),
            ),
        )
        for first, after, near in stretches([word for word, _, _ in words], record, _NAMED_SO, never, _NEAR)
        for start, end in [(words[first][1], words[after - 1][2])]
        if not (_is_left(text[start:end], near) and ordinary(text[start:end]))
        and _says_more(text[start:end], start, near, slots, record)
    ]
    kept: list[Slot] = []
    for _, slot in sorted(found, key=lambda each: -each[0]):
        if len(kept) < _MOST_NEAR and all(map(slot.apart, kept)):
            kept.append(slot)
    yield from kept


def _says_more(words: str, start: int, near: Near, slots: Sequence[Slot], record: PatientRecord) -> bool:
    """Tell whether words are nearer to a name than what the linkers found in them, and it is found nowhere else."""
    inside = sorted(
        (each for each in slots if start <= each.start < start + len(words)), key=lambda each: each.start
    )
    between = [words[one.end - start : other.start - start] for one, other in pairwise(inside)]
    if any(len(each.split()) > _MOST_BETWEEN for each in between):
        return False
    nearer = 0.0 if sum(each.kind in THINGS for each in inside) > 1 else _NEARER
    for slot in slots:
        if slot.start >= start + len(words) or slot.end <= start:
            if near.name in _named_by(slot, near, record):
                return False
            continue
        if slot.start < start or slot.end > start + len(words) or slot.text == words:
            return False
        if slot.kind not in THINGS:
            continue
        if says_nothing(words[: slot.start - start] + " " + words[slot.end - start :]):
            return False
        if len(inside) > 1 and _named_by(slot, near, record) == {near.name}:
            return False
        within = nearest(slot.text, record, near.kinds, 1)
        if within and within[0].likeness > near.likeness - nearer:
            return False
    return True


def _named_by(slot: Slot, near: Near, record: PatientRecord) -> frozenset[str]:
    """Return the recorded names that a linker finds under the name of a slot, of the types of a near name."""
    kinds = tuple(kind for kind in near.kinds if kind in slot.types)
    readings = link(slot.text, record, kinds)[:1] if kinds else ()
    return frozenset(term.display for reading in readings for term in reading.terms)


def _is_left(words: str, near: Near) -> bool:
    """Tell whether what is near is left to the network where it knows the words: a visit, or a single word."""
    return "Encounter" in near.kinds or len(words.split()) == 1


def _chance(near: Near, words: str) -> float:
    """Return how likely the nearest name is what words mean; by a short form anything may be meant."""
    margin = min(near.likeness - near.next, _MARGIN)
    chance = 1 / (1 + exp(-(_FROM + _BY_LIKENESS * near.likeness + _BY_MARGIN * margin)))
    return min(chance, _OF_A_SHORT_FORM) if len(words) <= _SHORT else chance
