"""A question about a record -> the messages that ask a model for a plan.

The first message is the same for every question, so that a model can read it once. The second has the clock, who
the patient is, what the question may mean, the conversation, what the record holds near the question, and the question:
2 000 tokens together, for which hints, conversation and names are cut, never the question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.check.citations import CITATION
from agent.prompts import prompt
from agent.prompts.data import on_a_line
from agent.prompts.facts import show
from agent.prompts.holdings import holdings
from tools.calls import catalogue
from tools.calls.evidence import Evidence, Scalar
from tools.entries.times import completed_years
from tools.record import PatientRecord
from tools.wording.text import plain_name
from tools.wording.words import number

ROOM = 2000
"""Tokens of the whole prompt."""
_HELD, _MOST_HELD = 150, 400
"""Tokens that what the record holds may always take, and those that it takes at most."""
_TURNS = 200
"""Tokens of the conversation so far, and characters of each answer in it."""
_FOUND, _VALUES = 700, 40
"""Tokens of the evidence that a second plan is shown, and values of one call that its facts do not say."""
_FRAME = 30
"""Tokens that a chat template, the marks around the record and the ends of lines add."""

Count = Callable[[str], int]


@cache
def instructions() -> str:
    """Return what is the same for every question."""
    return prompt("plan").substitute(tools=catalogue.signatures())


def plan_messages(
    question: str,
    record: PatientRecord,
    before: Mapping[str, Any],
    count: Count,
    room: int = ROOM,
    hints: Sequence[str] = (),
    held: int = _MOST_HELD,
) -> list[BaseMessage]:
    """Return the messages that ask for a plan.

    Args:
        question: as asked.
        record: of which counts, days and names are shown, no values.
        before: as a planner gets it; `turns`, `options` and the question before are used.
        count: tokens of a text.
        room: tokens of all messages together.
        hints: what the question may mean, the likeliest first: a plan as JSON and why it is unsure.
        held: tokens of what the record holds, at most.
    """
    system, asked = instructions(), f"Question: {on_a_line(question)}"
    told, offered = _whom(record), list(_options(before))
    left = room - _FRAME - sum(map(count, [system, told, *offered, asked]))
    spare = left - _HELD
    meant = _fitting((f"It may mean: {on_a_line(hint)}" for hint in hints), spare, count)
    spare -= sum(map(count, meant))
    turns = _fitting(_turns(before), min(spare, _TURNS), count)[::-1]
    lines = [told, *turns, *meant]
    about = [question, str(before.get("question") or ""), *offered]
    rest = min(held, max(left - sum(map(count, [*turns, *meant])), _HELD))
    holds = holdings(list(filter(None, about)), record, rest, count)
    return [
        SystemMessage(system),
        HumanMessage("\n".join([*lines, f"<record>\n{holds}\n</record>", asked, *offered])),
    ]


def again(messages: Sequence[BaseMessage], said: str, problems: Sequence[str]) -> list[BaseMessage]:
    """Return the messages that ask for the plan once more, with what is wrong with it."""
    told = prompt("plan_again").substitute(problems="\n".join(map(on_a_line, problems)))
    return [*messages, AIMessage(said), HumanMessage(told)]


def more_messages(
    question: str,
    record: PatientRecord,
    before: Mapping[str, Any],
    said: str,
    evidence: Sequence[Evidence],
    failures: Sequence[str],
    count: Count,
    lacking: str = "",
) -> list[BaseMessage]:
    """Return the messages that ask for what the evidence lacks; what the record holds makes room for it.

    Args:
        question: as asked.
        record: as for `plan_messages`.
        before: as for `plan_messages`.
        said: the plan so far, as JSON.
        evidence: what its calls gave: values and days are told, facts are cut to the room.
        failures: why calls failed.
        count: tokens of a text.
        lacking: what the writer said it lacks, "" before it was asked.
    """
    shown = show(list(map(_lean, evidence)), _FOUND, count).text
    found = [shown, *_untold(evidence, shown), *map(on_a_line, failures)]
    wanted = f"Still lacking: {on_a_line(lacking)}" if lacking else ""
    told = prompt("plan_more").substitute(found="\n".join(filter(None, found)), lacking=wanted)
    room = ROOM - count(said) - count(told)
    asked = plan_messages(question, record, before, count, room, held=_HELD)
    return [*asked, AIMessage(said), HumanMessage(told)]


def _lean(e: Evidence) -> Evidence:
    """Return evidence whose kinds that were searched without trouble are one note, without their days."""
    troubled = tuple(cover for cover in e.coverage if cover.problems)
    searched = dict.fromkeys(cover.kind for cover in e.coverage if not cover.problems)
    told = (f"searched: {', '.join(searched)}",) if searched and e.outcome != "found" else ()
    return replace(e, coverage=troubled, notes=(*e.notes, *told))


def _untold(evidence: Sequence[Evidence], shown: str) -> Iterator[str]:
    """Yield the values and days that were asked for and that had no room among the facts."""
    for e in evidence:
        told = (_plain(value) for value in e.values if not isinstance(value, bool))
        left = [text for text in told if text not in shown][:_VALUES]
        if left:
            yield f"{e.id or e.tool}, besides: {'; '.join(left)}"


def _plain(value: Scalar) -> str:
    return number(value) if isinstance(value, Decimal) else on_a_line(plain_name(str(value)))


def _whom(record: PatientRecord) -> str:
    """Return the clock and the patient: of the living their age, of the dead that at death."""
    person, end = record.patient, record.patient.died if record.dead else None
    told = [f"Today is {record.now.isoformat()}. The patient: {on_a_line(person.gender or 'sex unknown')}"]
    if end:
        told.append(f"died {end.day}")
    elif record.dead:
        told.append("deceased, day not recorded")
    last = end.first if end else None if record.dead else record.now
    if person.birth and last:
        told.append(f"age {completed_years(person.birth.first, last)}{' at death' if end else ''}")
    return f"{', '.join(told)}."


def _options(before: Mapping[str, Any]) -> Iterator[str]:
    yield from (on_a_line(option) for option in before.get("options", ()))


def _turns(before: Mapping[str, Any]) -> Iterator[str]:
    """Yield the conversation, the newest turn first."""
    for turn in reversed(before.get("turns", ())):
        answered = on_a_line(CITATION.sub("", turn["answer"]))[:_TURNS]
        yield f"Before: {on_a_line(turn['question'])} -> {answered}"


def _fitting(lines: Iterable[str], room: int, count: Count) -> list[str]:
    """Return lines up to the first for which there is no room."""
    kept: list[str] = []
    for line in lines:
        room -= count(line)
        if room < 0:
            break
        kept.append(line)
    return kept
