"""A question about a record -> the messages that ask a model for a plan.

The first message is the same for every question, so that a model can read it once. The second has the clock, who
the patient is, the conversation, what the record holds near the question, and the question: 1 800 tokens together,
for which the conversation and the names are cut, never the question.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.check.citations import CITATION
from agent.prompts import prompt
from agent.prompts.data import on_a_line
from agent.prompts.facts import show
from agent.prompts.holdings import holdings
from tools.calls import catalogue
from tools.calls.evidence import Evidence
from tools.entries.times import completed_years
from tools.record import PatientRecord

ROOM = 1800
"""Tokens of the whole prompt."""
_TURNS = 200
"""Tokens of the conversation so far, and characters of each answer in it."""
_FRAME = 20
"""Tokens that a chat template adds."""

Count = Callable[[str], int]


@cache
def instructions() -> str:
    """Return what is the same for every question."""
    return prompt("plan").substitute(tools=catalogue.signatures())


def plan_messages(
    question: str,
    record: PatientRecord,
    before: Mapping[str, object],
    count: Count,
    room: int = ROOM,
    hints: Sequence[str] = (),
) -> list[BaseMessage]:
    """Return the messages that ask for a plan.

    Args:
        question: as asked.
        record: of which counts and names are shown, no values.
        before: the frame of the question before; its `turns` are shown.
        count: tokens of a text.
        room: tokens of all messages together.
        hints: plans, as JSON, of which one may be what is asked for, the likeliest first.
    """
    system, asked = instructions(), f"Question: {on_a_line(question)}"
    lines = [_whom(record), *_turns(before, count), *(f"It may mean: {hint}" for hint in hints)]
    left = room - count(system) - sum(map(count, [*lines, asked])) - _FRAME
    held = holdings(question, record, left, count)
    shown = [f"<record>\n{held}\n</record>"] if held else []
    return [SystemMessage(system), HumanMessage("\n".join([*lines, *shown, asked]))]


def again(messages: Sequence[BaseMessage], said: str, problems: Sequence[str]) -> list[BaseMessage]:
    """Return the messages that ask for the plan once more, with what is wrong with it."""
    told = prompt("plan_again").substitute(problems="\n".join(map(on_a_line, problems)))
    return [*messages, AIMessage(said), HumanMessage(told)]


def more_messages(
    messages: Sequence[BaseMessage],
    said: str,
    evidence: Sequence[Evidence],
    failures: Sequence[str],
    count: Count,
    room: int,
    lacking: str = "",
) -> list[BaseMessage]:
    """Return the messages that ask for what the evidence lacks.

    Args:
        messages: those that asked for the first plan.
        said: that plan, as JSON.
        evidence: what its calls gave; facts are cut to the room.
        failures: why calls failed.
        count: tokens of a text.
        room: tokens for what was found.
        lacking: what the writer said it lacks, "" before it was asked.
    """
    found = [show(evidence, room, count).text, *map(on_a_line, failures)]
    wanted = f"Still lacking: {on_a_line(lacking)}" if lacking else ""
    told = prompt("plan_more").substitute(found="\n".join(filter(None, found)), lacking=wanted)
    return [*messages, AIMessage(said), HumanMessage(told)]


def _whom(record: PatientRecord) -> str:
    person = record.patient
    born = f", age {completed_years(person.birth.first, record.now)}" if person.birth else ""
    died = ", deceased" if person.deceased else ""
    return f"Today is {record.now.isoformat()}. The patient: {on_a_line(person.gender or 'sex unknown')}{born}{died}."


def _turns(before: Mapping[str, Any], count: Count) -> list[str]:
    """The conversation, the newest turns that there is room for."""
    kept: list[str] = []
    for turn in reversed(before.get("turns", ())):
        answered = on_a_line(CITATION.sub("", turn["answer"]))[:_TURNS]
        line = f"Before: {on_a_line(turn['question'])} -> {answered}"
        if sum(map(count, [line, *kept])) > _TURNS:
            break
        kept.insert(0, line)
    return kept
