"""The planner that needs no model: question -> slots -> readings -> the plan of the best, if it is sure of it.

Readings that give the same values in this record are one answer, whose probability is theirs together. Where none is
sure enough, up to three are offered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import cast

from agent.asking import LONGEST_QUESTION
from agent.plan import Decline, Plan
from agent.read_as import read_as
from agent.reading.certainty import certainty, signs
from agent.reading.form import KIND_OF, NO_PLAN, THINGS
from agent.reading.marks import WEIGHTS
from agent.reading.network import Labels, network
from agent.reading.passage import halves_of, questions_in
from agent.reading.pictures import of_pictures
from agent.reading.ranking import LEFT, Candidate, Ranking, ranking
from agent.reading.slots import marked
from agent.reading.whose import asks_of_a_relative, is_titled, strange_number
from agent.values import Value, values_by
from tools.calls.catalogue import Call, same
from tools.calls.errors import ToolFailure
from tools.calls.program import added
from tools.record import PatientRecord

_TRUTH = 0.95
"""From this certainty on a yes or no is given, and of nothing that is only near in meaning: a wrong one is worst."""
_DECLINED = 0.7
"""From this certainty on a question is declined: that claims nothing."""
_CERTAIN = 0.95
"""From this probability on of the first reading no other is looked at."""
_LEAST = 0.05
"""Readings less likely than this among those that have a plan are not offered."""
_WHOLE = frozenset({"timeline", "overview"})
"""Tools that tell of everything: no other plan gives the same values, so that they are not run to compare them."""
_WORTH_RUNNING = 0.02
"""Readings less likely than this are not run at all."""
_OFFERED = 3
_COMPARED = 3
_SHOWN_BESIDE = ("advice", "opinion")
"""What is declined, with what is recorded of the things it is about."""
WHICH = "Which of these do you mean?"


@dataclass(frozen=True, slots=True)
class Answered:
    """Readings with the same values.

    Attributes:
        plan: the likeliest of them.
        values: what it answers.
        best: its probability.
        chance: that of all of them.
        named: how likely the names in it are meant, where they are only near in meaning to the words.
        doubts: what of the question the plan does not account for, or guesses.
    """

    plan: Plan
    values: tuple[Value, ...]
    best: float
    chance: float
    named: float = 1.0
    doubts: tuple[str, ...] = ()


class Reader:
    """Reads a question by what it learned from the corpus.

    Args:
        folder: where the weights are.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._folder = folder

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        """Return the plan for `question`; one of which it is not sure has no calls, and the readings to choose from."""
        earlier = _question_before(before)
        whole = self._read(question, record, earlier)
        if whole.calls or whole.decline:
            return whole
        both = (self._both(*halves, record, earlier) for halves in halves_of(question))
        return next(filter(None, both), whole)

    def _both(self, first: str, second: str, record: PatientRecord, earlier: str) -> Plan | None:
        """Return the plan of two questions in one; None where it is not sure of each of them."""
        one = self._read(first, record, earlier)
        if not one.calls or one.decline:
            return None
        other = self._read(second, record, first)
        if not other.calls or other.decline or other.yes_no != one.yes_no:
            return None
        more, names = added(one.calls, other.calls)
        answer = (*one.meant, *(names[each] for each in other.meant))
        return replace(
            one,
            calls=(*one.calls, *more),
            answer=tuple(dict.fromkeys(answer)),
            sure=min(one.sure or 0.0, other.sure or 0.0),
            left_out=(*one.left_out, *other.left_out),
            frame=other.frame,
        )

    def _read(self, question: str, record: PatientRecord, earlier: str) -> Plan:
        net = network(self._folder)
        if strange_number(question, record):
            return Plan(sure=1.0, decline="another patient", frame={"question": ""})
        ranked = max(
            (
                of_pictures(
                    ranking(marked(part, record, earlier, net.ordinary), net, record.counts), part, record
                )
                for part in questions_in(question)
            ),
            key=_worth,
            default=Ranking((), {}),
        )
        answers = answered(ranked.candidates, record)
        frame = {"question": f"{earlier} {question}"[-LONGEST_QUESTION:] if ranked.leans else question}
        if not answers:
            return Plan(frame=frame, left_out=ranked.left)
        if ranked.stranger and not answers[0].plan.decline:
            other: Decline | None = "another patient" if is_titled(ranked.stranger) else None
            return Plan(sure=1.0, decline=other, left_out=() if other else (ranked.stranger,), frame=frame)
        if asks_of_a_relative(question, record) and not _tells_of_family(answers[0].plan):
            return Plan(sure=1.0, decline="another patient", frame=frame)
        sure = certainty_of(answers, ranked, net.labels)
        least = max(_TRUTH, net.labels.sure) if answers[0].plan.yes_no else net.labels.sure
        least = _DECLINED if answers[0].plan.decline else least
        guessed = answers[0].plan.yes_no and answers[0].named < 1
        if sure >= least and not ranked.left and not guessed:
            return replace(answers[0].plan, sure=sure, frame=frame)
        offered = [] if answers[0].plan.decline else _offered(answers, record)
        return Plan(
            sure=sure,
            ask_back=WHICH if offered else "",
            options=tuple(read_as(each.calls, each.answer) for each in offered),
            readings=tuple(offered),
            left_out=ranked.left,
            frame=frame,
        )


def _tells_of_family(plan: Plan) -> bool:
    """Tell whether a plan asks what the patient's own record says of relatives."""
    return all(
        call.arguments.get("kind") == "family history" or call.tool in ("profile", "notes")
        for call in plan.calls
    )


def _offered(answers: Sequence[Answered], record: PatientRecord) -> list[Plan]:
    """Return the plans to choose from, the likeliest first."""
    planned = 1 - sum(each.chance for each in answers if each.plan.decline or not each.plan.calls)
    offered = [each for each in answers if _can_be_offered(each, record, _LEAST * planned)][:_OFFERED]
    return [replace(each.plan, doubts=(*each.doubts, f"{each.chance:.0%} likely")) for each in offered]


def _can_be_offered(answer: Answered, record: PatientRecord, least: float) -> bool:
    if not answer.plan.calls or answer.plan.decline or answer.chance < least:
        return False
    if not _tells_all(answer.plan):
        return True  # it was run to compare its values
    try:
        values_by(answer.plan, record)
    except ToolFailure:
        return False
    return True


def _tells_all(plan: Plan) -> bool:
    return not _WHOLE.isdisjoint(call.tool for call in plan.calls)


def _question_before(before: Mapping[str, object]) -> str:
    """Return the question before this one, "" at the start; a conversation of version 0.1 has it among its turns."""
    turns = before.get("turns")
    told = turns[-1]["question"] if isinstance(turns, Sequence) and turns else ""
    return str(before.get("question") or told)


def certainty_of(answers: Sequence[Answered], ranked: Ranking, labels: Labels) -> float:
    """Return how likely the first of the answers is right."""
    return answers[0].named * certainty(signs_of(answers, ranked), labels.certainty)


def signs_of(answers: Sequence[Answered], ranked: Ranking) -> dict[str, float]:
    """Return what speaks for and against the first of the answers."""
    second = answers[1].chance if len(answers) > 1 else 0.0
    return signs(answers[0].chance, answers[0].best, second, ranked.doubts)


def answered(found: Sequence[Candidate], record: PatientRecord) -> list[Answered]:
    """Return what the readings answer, the likeliest first."""
    answers: dict[object, Answered] = {}
    beyond = bool(found) and found[0].form["act"] == "beyond"
    alone = bool(found) and not beyond and (found[0].chance >= _CERTAIN or found[0].program is None)
    least = _WORTH_RUNNING * (1 - found[0].chance if beyond else 1.0)
    for candidate in [each for each in found[: 1 if alone else _COMPARED] if each.chance >= least]:
        plan = _plan(candidate)
        try:
            values = values_by(plan, record) if plan.calls and not _tells_all(plan) else ()
        except ToolFailure:
            continue
        key: object = plan.decline or values or tuple(same(call) for call in plan.calls)
        known = answers.get(key)
        chance = candidate.chance + (known.chance if known else 0.0)
        answers[key] = (
            replace(known, chance=chance)
            if known
            else Answered(
                plan, values, candidate.chance, chance, _named(candidate), tuple(_doubts(candidate))
            )
        )
    return sorted(answers.values(), key=lambda each: -each.chance)


def _worth(ranked: Ranking) -> float:
    """Return how much a text looks like a question that can be answered, or must be declined."""
    return next((each.chance for each in ranked.candidates if each.form["act"] not in NO_PLAN), 0.0)


def _plan(candidate: Candidate) -> Plan:
    act, program = candidate.form["act"], candidate.program
    if program is None:
        beside = tuple(_recorded_of(candidate)) if act in _SHOWN_BESIDE else ()
        return Plan(calls=beside, decline=None if act in NO_PLAN else cast(Decline, act))
    return Plan(
        calls=program.calls, answer=program.answer, yes_no=program.yes_no, left_out=tuple(_beside(candidate))
    )


def _named(candidate: Candidate) -> float:
    return prod(slot.meant for slot, role in candidate.roles if role != "aside")


def _beside(candidate: Candidate) -> Iterator[str]:
    """Yield what stands beside the question and plays no part in the plan: "today" of "I'm on call today: …"."""
    for slot, role in candidate.roles:
        if role == "aside" and slot.kind not in ("name", LEFT) and slot.at >= candidate.begins:
            yield slot.text


def _doubts(candidate: Candidate) -> Iterator[str]:
    """Yield why a reading may be wrong: what found no place, what is no recorded name, which time is not known."""
    for slot, role in candidate.roles:
        if role == "aside":
            if slot.kind != "name":
                yield f"“{slot.text}” found no place"
        elif slot.meant < 1:
            yield f"“{slot.text}” is only near in meaning to what was said"
        elif slot.kind == "time" and not any(slot.days):
            yield f"which days “{slot.text}” are"
        elif slot.kind in THINGS and not slot.types:
            yield f"“{slot.text}” is no recorded name"


def _recorded_of(candidate: Candidate) -> Iterator[Call]:
    """Yield what shows the things that advice or an opinion is asked of; of a drug its allergies first."""
    for slot, _ in candidate.roles:
        if "drug" in (slot.kind, *(kind for kind, _ in slot.others)):
            yield Call("find", {"kind": "allergy", "concept": slot.text})
            yield Call("find", {"kind": "medication", "concept": slot.text})
            continue
        if slot.kind == "test":
            yield Call("measure", {"concept": slot.text})
        elif slot.kind in KIND_OF:
            yield Call("find", {"kind": KIND_OF[slot.kind], "concept": slot.text})
