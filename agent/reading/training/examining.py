"""Wordings whose authors the network did not see, put to the whole reader over the shipped records -> was it right?

Slots are filled with names of a record, the linkers find them again, and the values of the first reading are held
against those of the plan that the heading means. From that the weights of certainty and its threshold.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from agent.assistant import Assistant
from agent.plan import Plan
from agent.reading.examples import Example
from agent.reading.form import NO_PLAN, SLOT, THINGS
from agent.reading.marked import Slot
from agent.reading.network import Network
from agent.reading.program import NoPlaceError, program_of
from agent.reading.ranking import ranking
from agent.reading.reader import answered, signs_of
from agent.reading.slots import marked
from agent.reading.training.filling import Filler
from agent.reading.training.names import made_up, names
from agent.values import Value, values_by
from fhir_fixtures import REFERENCE_DATE, records
from tools.calls.catalogue import Call, same
from tools.calls.errors import ToolFailure
from tools.concepts import mentions
from tools.record import PatientRecord
from tools.record.kinds import TYPES
from tools.sources import open_location
from tools.wording.text import plain_name

_TYPES: Mapping[str, tuple[str, ...]] = {
    "problem": ("Condition",), "drug": ("MedicationRequest",), "test": ("Observation",), "procedure": ("Procedure",),
    "vaccine": ("Immunization",), "substance": ("AllergyIntolerance",), "device": ("Device",),
    "item": ("DiagnosticReport", "CarePlan", "ImagingStudy", "DocumentReference"),
}  # fmt: skip
_FILLINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "time": tuple(
        (time, "")
        for time in (
            "in 2019", "since 2015", "last year", "during the last admission", "at the last visit", "before 2018",
            "over the past 6 months", "in March 2020", "after January 2017", "between 2012 and 2016", "this year",
            "in the last 5 years", "since the last visit", "until 2020", "at age 40", "in the 2010s",
            "from 2018 onwards", "since 3 years ago",
        )
    ),
    "length": (("30 days", ""), ("six months", ""), ("2 weeks", ""), ("a year", "")),
    "number": (("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")),
    "limit": (("7", ""), ("30", ""), ("100", ""), ("140", ""), ("5.5", ""), ("180 mg/dL", "")),
    "nth": (("second", "2"), ("third", "3"), ("2nd", "2"), ("fourth", "4")),
    "route": (("oral", "oral"), ("iv", "iv")),
    "unit": (("pounds", "pounds"), ("kg", "kg"), ("mg/dL", "mg/dL")),
}  # fmt: skip
_DISTURBED = 0.5
"""The share of wordings that are put with slips, side clauses, or words that narrow them."""
_TRIES = 6
"""Names that are tried until one is found whole by the linker."""
_LONGEST = 6
"""Words of a name that people would say."""
_FEWEST = 60
"""Resources of a record that questions are put to."""
_FORM_WORDS = frozenset(
    [
        "oral",
        "tablet",
        "hr",
        "extended",
        "release",
        "mg",
        "ml",
        "capsule",
        "injection",
        "solution",
        "actuat",
        "inhaler",
    ]
)


@dataclass(frozen=True, slots=True)
class Examined:
    """How one wording was read.

    Attributes:
        question: as it was asked.
        example: what it was made from.
        signs: what spoke for and against the first reading.
        right: the first reading is the right one, or gives the same values; none is where words narrow the question
            in a way that no plan can say.
        offered: one of the first three is or does.
        answers: the first reading answers or declines; one that has no plan cannot be sure of it.
    """

    question: str
    example: Example
    signs: Mapping[str, float]
    right: bool
    offered: bool
    answers: bool = True


def examine(network: Network, examples: Sequence[Example], filler: Filler, seed: int) -> Iterator[Examined]:
    """Yield how each wording is read; one where the right plan and the first reading find nothing proves nothing.

    Args:
        network: that has seen none of them.
        examples: the wordings.
        filler: does to half of them what people do to a question.
        seed: chooses records and names.
    """
    rng = random.Random(seed)
    source = open_location(str(records()), cache=None)
    assistant = Assistant(source, model="none")
    opened = [assistant.record(patient.reference, REFERENCE_DATE) for patient in source.patients()]
    opened = [record for record in opened if sum(record.counts.values()) >= _FEWEST]
    known = names()
    for example in examples:
        narrowed = False
        if rng.random() < _DISTURBED:
            text, form = filler.disturbed(example, rng.choice(examples))
            narrowed = "{left}" in text
            text = text.rpartition(" >> ")[2].replace("{left}", filler.left).replace("[number]", "4471209")
            example = replace(example, wording=text, form=form)
        found = _examined(example, rng.choice(opened), network, known, rng)
        if found:
            yield replace(found, right=False, offered=False) if narrowed else found


def _examined(
    example: Example,
    record: PatientRecord,
    network: Network,
    known: Mapping[str, Sequence[str]],
    rng: random.Random,
) -> Examined | None:
    question, slots = _filled(example, record, known, rng)
    if len({slot.text.lower() for slot in slots.values()}) < len(slots):
        return None
    right = _right(example, record, slots)
    if right is None:
        return None
    ranked = ranking(marked(question, record, ordinary=network.ordinary), network, record.counts)
    answers = answered(ranked.candidates, record)
    if not answers:
        return Examined(question, example, {"one": 1.0, **ranked.doubts}, False, False, answers=False)
    good = [_alike(each.plan, each.values, *right) for each in answers[:3]]
    if not (right[1] or answers[0].values or good[0] or right[2] != "answer"):
        return None
    told = bool(answers[0].plan.calls or answers[0].plan.decline)
    return Examined(question, example, signs_of(answers, ranked), good[0], any(good), told)


_Right = tuple[tuple[Call, ...], tuple[Value, ...], str]


def _right(example: Example, record: PatientRecord, slots: Mapping[str, Slot]) -> _Right | None:
    """Return the calls, values and act that are right; None where the tools leave that open."""
    act = example.form["act"]
    if act != "answer":
        return (), (), act
    roles: dict[str, list[Slot]] = defaultdict(list)
    for name, role in example.form.roles:
        if name not in slots:
            return None
        roles[role].append(slots[name])
    try:
        program = program_of(example.form, roles, record.counts)
        plan = Plan(calls=program.calls, answer=program.answer, yes_no=program.yes_no)
        return program.calls, values_by(plan, record), act
    except (NoPlaceError, ToolFailure):
        return None


def _alike(
    plan: Plan, values: Sequence[Value], calls: Sequence[Call], right: Sequence[Value], act: str
) -> bool:
    if act != "answer":
        return plan.decline == act if act not in NO_PLAN else not (plan.decline or plan.calls)
    if plan.decline or not plan.calls:
        return False
    return list(map(same, plan.calls)) == list(map(same, calls)) or (
        bool(right) and list(values) == list(right)
    )


def _filled(
    example: Example, record: PatientRecord, known: Mapping[str, Sequence[str]], rng: random.Random
) -> tuple[str, dict[str, Slot]]:
    """Return the question, and what its slots are."""
    text, at, slots = "", 0, {}
    for match in SLOT.finditer(example.wording):
        kind, name = match[1], match[1] + match[2]
        if name not in slots:
            slots[name] = _slot(kind, record, known, rng)
        text += example.wording[at : match.start()] + slots[name].text
        at = match.end()
    return text + example.wording[at:], slots


def _slot(kind: str, record: PatientRecord, known: Mapping[str, Sequence[str]], rng: random.Random) -> Slot:
    if kind in _FILLINGS:
        said, value = rng.choice(_FILLINGS[kind])
        return Slot(kind, said, 0, 1, value=value)
    if kind == "name":
        return Slot(kind, next(iter(record.patient.names), "the patient"), 0, 1)
    if kind not in THINGS:
        return Slot(kind, made_up(kind, rng), 0, 1)
    for _ in range(_TRIES):
        text = _recorded(kind, record, rng) if rng.random() < 0.75 else ""
        text = text or rng.choice(known[kind])
        found = mentions(text, record, TYPES)
        if found and found[0].text == text:
            break
    return Slot(kind, text, 0, 1, types=found[0].kinds if found else ())


def _recorded(kind: str, record: PatientRecord, rng: random.Random) -> str:
    """Return the name of something in the record as people would say it, "" if it has none of the kind."""
    terms = [
        term for name in _TYPES[kind] for term in record.terms(name) if len(term.display.split()) <= _LONGEST
    ]
    if not terms:
        return ""
    name = plain_name(rng.choice(terms).display)
    if kind == "drug":
        name = " ".join(w for w in name.split() if w.isalpha() and w.lower() not in _FORM_WORDS) or name
    if kind == "test":
        name = name.split("[")[0].strip() or name
    return name.lower() if rng.random() < 0.6 else name


def _is_said(name: str) -> bool:
    return len(name.split()) <= _LONGEST and "?" not in name


def fitted(examined: Iterable[Examined]) -> dict[str, float]:
    """Return the weights of certainty: a logistic regression of being right on the signs."""
    rows = list(examined)
    signs = sorted({name for row in rows for name in row.signs})
    matrix = np.array([[row.signs.get(name, 0.0) for name in signs] for row in rows])
    right = np.array([row.right for row in rows], dtype=float)

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = np.clip(matrix @ weights, -30, 30)
        chance = 1 / (1 + np.exp(-total))
        loss = -np.sum(right * np.log(chance + 1e-9) + (1 - right) * np.log(1 - chance + 1e-9))
        return loss + 0.5 * np.sum(weights**2) * 0.1, matrix.T @ (chance - right) + 0.1 * weights

    found = minimize(cost, np.zeros(len(signs)), jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 4) for name, weight in zip(signs, found.x, strict=True)}


def threshold(chances: Sequence[tuple[float, bool]], risk: float) -> float:
    """Return the least certainty from which on at most a share `risk` is wrong."""
    ranked, wrong, least = sorted(chances, reverse=True), 0, 1.0
    for count, (chance, right) in enumerate(ranked, start=1):
        wrong += not right
        if wrong <= risk * count:
            least = chance
    return round(least, 4)
