"""Plan and evidence -> the text of the answer: one paragraph a call; declines and failures a sentence."""

from collections.abc import Sequence

from agent.context import Brief
from agent.plan import Decline
from agent.wording import DECLINED, FAILED, FALLEN_BACK, HELD, NOT_UNDERSTOOD
from agent.writer.find import found as entries_found
from agent.writer.found import found as anything_found
from agent.writer.measure import found as measured
from agent.writer.nothing import missing
from agent.writer.words import TOLD, flat, joined, kind_words, safe, unreadable
from tools.evidence import Evidence

_FOUND = {"find": entries_found, "measure": measured}


class BuiltinWriter:
    """Words the evidence without a model; every statement is the evidence's own."""

    def write(self, brief: Brief) -> str:
        """Return one paragraph a call, with its sources."""
        intro = [FALLEN_BACK] if brief.unsupported else []
        said = [_paragraph(evidence, brief) for evidence in brief.evidence]
        said += [f"{FAILED} {flat(failure)}" for failure in brief.failures]
        if brief.plan.decline:
            said = _declined(brief.plan.decline, brief, said)
        return "\n\n".join([*intro, *(said or [NOT_UNDERSTOOD])])


def _declined(why: Decline, brief: Brief, said: Sequence[str]) -> list[str]:
    held = [text for text, e in zip(said, brief.evidence, strict=False) if e.outcome == "found"]
    if held:
        return [f"{DECLINED[why]}. {HELD}", *held]
    kinds = [kind_words(kind) for kind in TOLD if kind in brief.holds]
    return [f"{DECLINED[why]}: {joined(kinds)}." if kinds else f"{DECLINED[why]}."]


def _paragraph(evidence: Evidence, brief: Brief) -> str:
    if evidence.outcome == "found":
        text = _FOUND.get(evidence.tool, anything_found)(evidence, brief)
    else:
        text = missing(evidence, brief)
    return " ".join([text, *_notes(evidence)]) if "\n" not in text else "\n".join([text, *_notes(evidence)])


def _notes(evidence: Evidence) -> list[str]:
    notes = [_sentence(note) for note in evidence.notes]
    if evidence.readings:
        notes.append(f"Other readings in this record: {'; '.join(safe(name) for name in evidence.readings)}.")
    if evidence.outcome != "unreadable":
        said = set(evidence.notes)
        notes += [_sentence(p) for p in unreadable(evidence) if "not counted" not in p and p not in said]
    return notes


def _sentence(note: str) -> str:
    text = safe(note).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
