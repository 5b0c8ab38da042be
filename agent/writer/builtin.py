"""Plan and evidence -> the text of the answer: one paragraph an answering call; declines, failures a sentence."""

import re
from collections.abc import Sequence

from agent.asking import MOST_WORDS, words_of
from agent.check.recorded import safe
from agent.context import Brief, Hear, unheard
from agent.plan import Decline
from agent.reading.passage import questions_in
from agent.wording import (
    DECLINED,
    FAILED,
    FALLEN_BACK,
    HELD,
    NOT_LOOKED_AT,
    NOT_UNDERSTOOD,
    PARTLY_FAILED,
    TOO_MANY_WORDS,
    could_ask,
    not_taken,
    without_meaning,
)
from agent.writer.calculate import found as calculated
from agent.writer.costs import found as billed
from agent.writer.find import found as entries_found
from agent.writer.found import found as anything_found
from agent.writer.measure import found as measured
from agent.writer.nothing import missing
from agent.writer.overview import found as summed_up
from agent.writer.words import SAID, TOLD, joined, kind_words, one_after_another, sourced, unreadable
from tools.calls.evidence import Evidence
from tools.record.scope import is_left_out

_FOUND = {
    "find": entries_found,
    "measure": measured,
    "calculate": calculated,
    "costs": billed,
    "overview": summed_up,
}
_WORD = re.compile(r"^(?:Yes|No)(?=[,:])")


class BuiltinWriter:
    """Words the evidence without a model; every statement is the evidence's own."""

    def write(self, brief: Brief, hear: Hear = unheard, think: Hear = unheard) -> str:
        """Return one paragraph for each call that answers; it is written at once and nothing is thought.

        A call on which others build has no paragraph of its own: theirs say what they need of it.
        """
        intro = [FALLEN_BACK] if brief.unsupported else []
        answers = brief.plan.answers(brief.evidence)
        said = [_paragraph(evidence, brief) for evidence in answers]
        if brief.failures:
            said.append(PARTLY_FAILED if said else FAILED)
        if brief.plan.decline:
            said = _declined(brief.plan.decline, brief, answers, said)
        elif brief.plan.left_out and said:
            said.append(not_taken(brief.plan.left_out))
        if brief.pictures and not brief.plan.decline:
            said.append(NOT_LOOKED_AT)
        return "\n\n".join([*intro, *(said or [_not_understood(brief)])])


def _declined(why: Decline, brief: Brief, answers: Sequence[Evidence], said: Sequence[str]) -> list[str]:
    told = zip(said, answers, strict=False)
    held = [
        _labelled(text, e) for text, e in told if e.outcome in ("found", "unreadable") or _of_allergies(e)
    ]
    if held:
        return _with_held(f"{DECLINED[why]}.", held)
    kinds = _held(brief)
    return [f"{DECLINED[why]}; this record holds {kinds}." if kinds else f"{DECLINED[why]}."]


def _of_allergies(evidence: Evidence) -> bool:
    return evidence.arguments.get("kind") == "allergy"


def _labelled(text: str, evidence: Evidence) -> str:
    """Return the sentence of a single allergy with the word, as its name is that of the drug."""
    single = _of_allergies(evidence) and evidence.outcome == "found" and evidence.total == 1
    return f"Allergy: {text}" if single else text


def _with_held(intro: str, held: Sequence[str]) -> list[str]:
    """Return what introduces it and, after it, what the record holds; a list begins on its own line."""
    between = "\n" if "\n" in held[0] else " "
    return [f"{intro} {HELD}{between}{held[0]}", *held[1:]]


def _not_understood(brief: Brief) -> str:
    kinds = _held(brief)
    why = f"{NOT_UNDERSTOOD}{f'; it holds {kinds}' if kinds else ''}."
    if brief.plan.left_out:
        why = without_meaning(brief.plan.left_out)
    if words_of(brief.question) > MOST_WORDS and not questions_in(brief.question):
        why = TOO_MANY_WORDS
    return f"{why} {could_ask(brief.askable)}".rstrip()


def _held(brief: Brief) -> str:
    kinds = [kind_words(kind) for kind in TOLD if kind in brief.holds]
    return joined(kinds) if kinds else ""


def _paragraph(evidence: Evidence, brief: Brief) -> str:
    if evidence.outcome == "found":
        text = _FOUND.get(evidence.tool, anything_found)(evidence, brief)
    else:
        text = missing(evidence, brief)
    notes = " ".join(
        filter(None, [*map(sourced, evidence.against), one_after_another(_notes(evidence, text))])
    )
    listed = "\n" in text or not text.endswith(".")
    return f"{text}{chr(10) if listed else ' '}{notes}" if notes else text


def _notes(evidence: Evidence, text: str) -> list[str]:
    told = text.casefold()
    notes = [
        note for note in evidence.notes if not SAID.fullmatch(note) and safe(note).casefold() not in told
    ]
    if evidence.readings:
        notes.append(f"Other readings in this record: {'; '.join(safe(name) for name in evidence.readings)}")
    if evidence.outcome != "unreadable":
        said = set(evidence.notes)
        problems = (p for p in unreadable(evidence) if "not counted" not in p and not is_left_out(p))
        notes += [p for p in problems if p not in said]
    return notes
