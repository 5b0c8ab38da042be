"""A brief -> the messages that ask a model for findings, and the numbers in them -> references."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.check.citations import CITATION, references_in
from agent.context import Brief
from agent.pictures import TOKENS, Seen, with_pictures
from agent.prompts import prompt
from agent.prompts.data import on_a_line
from agent.prompts.facts import Shown, show

LARGEST = 2_000
"""Tokens of a prompt from which on facts are cut, however many a model could take: more of them are overlooked."""
_NUMBERS = r"\d{1,3}(?:\s*[-–]\s*\d{1,3})?"
_CITED = re.compile(rf"\[\s*((?:facts?\s+)?{_NUMBERS}(?:\s*[,;]\s*{_NUMBERS})*)\s*\]", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


@dataclass(frozen=True, slots=True)
class Writing:
    """Messages, and what the numbers in the answer to them mean."""

    messages: list[BaseMessage]
    shown: Shown


def write_messages(
    brief: Brief,
    count: Callable[[str], int],
    room: int,
    pictures: Sequence[Seen] = (),
    *,
    assess: bool = True,
) -> Writing:
    """Return the messages that ask for the answer, or for the next draft of it.

    Args:
        brief: question, evidence and, the second time, the last draft with what nothing supports.
        count: tokens of a text.
        room: tokens of the prompt; of it a first draft takes `LARGEST` at most, and the facts of a second are its own.
        pictures: what the model is shown beside the facts.
        assess: an assessment may be asked for.
    """
    assessment = f"{prompt('assess').template}\n" if assess else ""
    system, lines = prompt("write").substitute(assessment=assessment), _asked(brief)
    tail = _last_draft(brief, ())
    before = count(system) + sum(map(count, lines))
    behind = len(pictures) * TOKENS + sum(count(str(message.content)) for message in tail)
    left = min(LARGEST, room - behind) - before
    shown = show(brief.evidence, left, count)
    facts = "\n".join(filter(None, [shown.text, *map(on_a_line, brief.failures)]))
    told = "\n".join([*lines, f"<record>\n{facts}\n</record>"])
    asked = HumanMessage(with_pictures(told, pictures, shown.references))
    messages = [SystemMessage(system), asked, *_last_draft(brief, shown.references)]
    return Writing(messages, shown)


def cite(draft: str, references: Sequence[str]) -> str:
    """Return a draft with references for numbers; a number without a fact stays, for the check to refuse.

    >>> cite("6.4 % [1], 7.1 % [2-3].", ["Observation/a", "Observation/b", "Observation/c"])
    '6.4 % [Observation/a], 7.1 % [Observation/b] [Observation/c].'
    """

    def referred(found: re.Match[str]) -> str:
        numbers = [n for part in _RANGE.finditer(found[1]) for n in _numbers(part)]
        if not numbers or not all(0 < n <= len(references) for n in numbers):
            return found[0]
        return " ".join(f"[{each}]" for each in dict.fromkeys(references[n - 1] for n in numbers))

    return _CITED.sub(referred, draft)


def _numbers(part: re.Match[str]) -> range:
    first = int(part[1])
    return range(first, int(part[2] or first) + 1)


def _asked(brief: Brief) -> list[str]:
    lines = [f"Question: {on_a_line(brief.question)}"]
    lines += [f"{choice.letter}) {on_a_line(choice.text)}" for choice in brief.choices]
    return [*lines, "The patient has died: past tense."] if brief.deceased else lines


def _last_draft(brief: Brief, references: Sequence[str]) -> list[BaseMessage]:
    if not brief.unsupported:
        return []
    refused = "\n".join(f"- {on_a_line(_uncited(u.text, references))}: {u.reason}" for u in brief.unsupported)
    told = prompt("write_again").substitute(unsupported=refused)
    return [AIMessage(brief.said), HumanMessage(told)]


def _uncited(text: str, references: Sequence[str]) -> str:
    """Return a sentence with numbers for references, as the model wrote it."""
    number = {reference: n for n, reference in reversed(list(enumerate(references, 1)))}

    def numbered(found: re.Match[str]) -> str:
        known = [str(number[r]) for r in references_in(found[1]) if r in number]
        return f"[{', '.join(known)}]" if known else ""

    return CITATION.sub(numbered, text)
