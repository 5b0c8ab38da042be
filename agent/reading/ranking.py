"""What the network says of a question -> readings: programs with a probability, the likeliest first."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count, islice
from math import exp, log

from agent.reading.form import THINGS, Form, plainest
from agent.reading.marked import Marked, Slot
from agent.reading.marks import mark
from agent.reading.network import Labels, Network, Scores
from agent.reading.program import NoPlaceError, Program, program_of
from agent.reading.slots import MOST_SLOTS, variants
from agent.reading.whose import stranger
from agent.reading.words import words_in
from tools.calls.catalogue import same

_LEAST = 0.01
"""A value less likely than this is not tried."""
_ENOUGH = 0.97
"""How much of all there is to say of a question is said by the combinations that are tried, at most."""
_MOST_VARIANTS = 4
_SHARPLY = 3
"""How much it counts how well a question reads with a name taken for one thing and not for another."""
_TRIED = 40
"""Combinations of values that are tried, the likeliest first."""
LEFT = "left"
"""The kind of words that narrow a question and have no place in any plan."""
_OF_PEOPLE = ("who", "place", "said")
"""What a name that no linker knows may do in a plan, if it is no other patient's."""
_WITHIN_WORD = re.compile(r"[\w'/-]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a question.

    Attributes:
        form: what it asks for.
        program: the calls; None where the question is declined or asks nothing.
        chance: the network's probability of it, of those that can be run.
        roles: what each slot does in it.
        begins: where the question begins in the text, after the one before it.
    """

    form: Form
    program: Program | None
    chance: float
    roles: tuple[tuple[Slot, str], ...]
    begins: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a question may ask for.

    Attributes:
        candidates: the ways to read it, the likeliest first.
        doubts: signs that it is not what it seems, by name; 0 where there is none.
        left: words that narrow it and have no place in any plan.
        leans: what the likeliest asks for stands in the question before.
        stranger: somebody who is named, neither this patient nor one of whom the likeliest makes anything.
    """

    candidates: tuple[Candidate, ...]
    doubts: Mapping[str, float]
    left: tuple[str, ...] = ()
    leans: bool = False
    stranger: str = ""


def ranking(question: Marked, network: Network, holds: Container[str] = frozenset()) -> Ranking:
    """Return the ways to read a question; those with the same calls are one.

    Args:
        question: with its slots marked.
        network: what was learned.
        holds: the FHIR types that the record has.
    """
    if len(question.slots) > MOST_SLOTS:
        return Ranking((), {})
    read = [
        (prior, *_read(variant, network, holds))
        for prior, variant in islice(variants(question, network.common), _MOST_VARIANTS)
    ]
    weights = [
        prior * max((each.chance for each in some), default=0.0) ** _SHARPLY for prior, some, _, _ in read
    ]
    total = sum(weights) or 1.0
    ranked = _together(
        replace(candidate, chance=candidate.chance * weight / total)
        for weight, (_, some, _, _) in zip(weights, read, strict=True)
        for candidate in some
    )
    _, _, doubts, left = read[weights.index(max(weights))]
    leans = bool(ranked) and any(
        role != "aside" and slot.at < question.begins for slot, role in ranked[0].roles
    )
    return Ranking(tuple(ranked), doubts, left, leans, _stranger(question, ranked, network))


def _stranger(question: Marked, ranked: Sequence[Candidate], network: Network) -> str:
    slots = (*question.slots, *(slot for _, near in question.near for slot in near.slots))
    read = [(slot.start, slot.end) for slot in slots if slot.types or slot.kind in ("name", "time")]
    people = (
        [slot.text for slot, role in ranked[0].roles if role in _OF_PEOPLE and not slot.types]
        if ranked
        else []
    )
    found = stranger(question.question, read, network.ordinary)
    return found if found and not any(found in name or name in found for name in people) else ""


def _read(
    question: Marked, network: Network, holds: Container[str]
) -> tuple[list[Candidate], dict[str, float], tuple[str, ...]]:
    """Return the ways to read a question with these marks, what makes them doubtful, and the words that are left."""
    scores = network.scores(question.text)
    slots = _with_unfound(question, scores, network.labels)
    fields = {name: _likely(chances) for name, chances in scores.fields.items()}
    roles = [_roles(slot, scores, network.labels) for slot in slots]
    found: list[Candidate] = []
    tried = 0.0
    for chance, picked in _combinations([*fields.values(), *roles]):
        if tried >= _ENOUGH:
            break
        tried += chance
        values = {name: value for name, value in zip(fields, picked, strict=False) if value}
        placed = tuple(zip(slots, picked[len(fields) :], strict=True))
        candidate = _candidate(values, placed, chance, holds)
        if candidate:
            found.append(replace(candidate, begins=question.begins))
    ranked = _together(found)
    left = tuple(slot.text for slot in slots if slot.kind == LEFT)
    return ranked, _doubts(ranked, roles, slots, scores, question.text, network), left


def _together(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates, those with the same calls as one, the likeliest first."""
    found: dict[object, Candidate] = {}
    for candidate in candidates:
        key = _key(candidate)
        known = found.get(key)
        found[key] = replace(known, chance=known.chance + candidate.chance) if known else candidate
    return sorted(found.values(), key=lambda each: -each.chance)


def _doubts(
    ranked: Sequence[Candidate],
    roles: Sequence[list[tuple[float, str]]],
    slots: Sequence[Slot],
    scores: Scores,
    text: str,
    network: Network,
) -> dict[str, float]:
    asides = [] if not ranked else [slot for slot, role in ranked[0].roles if role == "aside"]
    named = ("name", LEFT)
    unfamiliar = sum(not network.ordinary(word) for word in words_in(_unmarked(text, slots)))
    names = scores.tags[:, 1:].sum(axis=-1)
    marked_ = {
        n
        for slot in slots
        for n, (start, end) in enumerate(scores.offsets)
        if start < slot.at + _shown(slot, text) and end > slot.at
    }
    return {
        "roles": -min((log(max(each[0][0], 1e-4)) for each in roles), default=0.0),
        "left": float(sum(slot.kind == LEFT for slot in slots)),
        "unfound": max((float(one) for n, one in enumerate(names) if n not in marked_), default=0.0),
        "asides": float(sum(slot.kind in THINGS for slot in asides)),
        "times aside": float(sum(slot.kind == "time" for slot in asides)),
        "numbers aside": float(sum(slot.kind not in (*THINGS, *named, "time") for slot in asides)),
        "unfamiliar": float(unfamiliar),
        "said": float(sum(slot.kind in THINGS and not slot.types and slot not in asides for slot in slots)),
        "length": log(len(scores.tokens) + 1) / 4,
        "act": -log(max(scores.fields["act"].values())),
    }


def _shown(slot: Slot, text: str) -> int:
    """Return how long a slot is in the text that the network reads: its mark, or the name that the network found."""
    return len(mark(slot.kind)) if text.startswith(mark(slot.kind), slot.at) else len(slot.text)


def _unmarked(text: str, slots: Sequence[Slot]) -> str:
    """Return what of a text is neither a mark nor a name that the network found."""
    for slot in slots:
        shown = next((each for each in (slot.text, mark(slot.kind)) if text.startswith(each, slot.at)), "")
        text = text[: slot.at] + " " * len(shown) + text[slot.at + len(shown) :]
    return text.replace(mark("then"), " ")


def _candidate(
    values: Mapping[str, str], placed: tuple[tuple[Slot, str], ...], chance: float, holds: Container[str]
) -> Candidate | None:
    form = plainest(Form(values))
    if form["act"] != "answer":
        return Candidate(Form({"act": form["act"]}), None, chance, placed)
    by_role: dict[str, list[Slot]] = {}
    for slot, role in placed:
        others = by_role.setdefault(role, [])
        if not slot.same or all(slot.same != other.same for other in others):
            others.append(slot)
    if "target" in by_role:
        by_role["target"] = [slot for slot in by_role["target"] if not _is_whole(slot, by_role["target"])]
        form = _as_measured(form, by_role)
    try:
        return Candidate(form, program_of(form, by_role, holds), chance, placed)
    except NoPlaceError:
        return None


def _as_measured(form: Form, slots: Mapping[str, Sequence[Slot]]) -> Form:
    """Return the form of when a test was found as that of when it was measured, which is one question."""
    tests = (
        form["tool"] == "find" and not form["kind"] and all(slot.kind == "test" for slot in slots["target"])
    )
    if tests and form["give"] == "date" and slots.keys() <= {"target", "period", "aside"}:
        return Form({**form.values, "tool": "measure"})
    return form


def _is_whole(slot: Slot, others: Sequence[Slot]) -> bool:
    """Tell whether a slot is the panel of another that is asked about: "HDL in the last lipid panel"."""
    return any(other.parts and other.parts < slot.parts for other in others)


def _key(reading: Candidate) -> object:
    if reading.program is None:
        return reading.form["act"]
    return tuple(map(same, reading.program.calls))


def _likely(chances: Mapping[str, float]) -> list[tuple[float, str]]:
    """Return the values worth trying, the likeliest first."""
    ranked = sorted([(chance, value) for value, chance in chances.items()], reverse=True)
    return [(chance, value) for n, (chance, value) in enumerate(ranked[:4]) if n == 0 or chance >= _LEAST]


def _combinations(choices: Sequence[list[tuple[float, str]]]) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield combinations of one value each, the likeliest first, with their probability."""
    start = (0,) * len(choices)
    order = count()
    waiting = [(-sum(log(each[0][0]) for each in choices), next(order), start)]
    seen = {start}
    for _ in range(_TRIED):
        if not waiting:
            return
        cost, _n, at = heappop(waiting)
        yield exp(-cost), tuple(each[n][1] for each, n in zip(choices, at, strict=True))
        for place, each in enumerate(choices):
            nearby = (*at[:place], at[place] + 1, *at[place + 1 :])
            if nearby[place] < len(each) and nearby not in seen:
                seen.add(nearby)
                step = log(each[at[place]][0]) - log(each[nearby[place]][0])
                heappush(waiting, (cost + step, next(order), nearby))


def _roles(slot: Slot, scores: Scores, labels: Labels) -> list[tuple[float, str]]:
    if slot.kind in ("name", LEFT):
        return [(1.0, "aside")]
    return _likely(dict(zip(labels.roles, map(float, scores.roles[_token(slot, scores)]), strict=True)))


def _token(slot: Slot, scores: Scores) -> int:
    return next((n for n, (start, end) in enumerate(scores.offsets) if start >= slot.at and end > start), 0)


def _with_unfound(question: Marked, scores: Scores, labels: Labels) -> list[Slot]:
    """Return the slots with the names that no linker found and that the network takes for such."""
    best = scores.tags.argmax(axis=-1)
    found = list(question.slots)
    taken = [(slot.at, slot.at + len(mark(slot.kind))) for slot in found]
    start, end, kind = -1, -1, ""
    for n, (first, last) in enumerate([*scores.offsets, (0, 0)]):
        tag = labels.tags[best[n]] if n < len(best) and last > first else "O"
        if any(a <= first < b for a, b in taken):
            tag = "O"
        within = kind and start >= 0 and (first == end or (tag.startswith("I-") and first - end <= 1))
        if within and tag != "O":
            end = last
            continue
        if kind:
            found.append(_said(question, kind, start, end))
        start, end, kind = (first, last, tag[2:]) if tag != "O" else (-1, -1, "")
    return sorted(found, key=lambda slot: slot.at)


def _said(question: Marked, kind: str, start: int, end: int) -> Slot:
    while start and _WITHIN_WORD.match(question.text[start - 1]):
        start -= 1
    while end < len(question.text) and _WITHIN_WORD.match(question.text[end]):
        end += 1
    text = question.text[start:end].strip("-'/.")
    return Slot(kind, text, start, end, at=start)
