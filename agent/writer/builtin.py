"""Plan and evidence -> the text of the answer: one paragraph a call, declines and failures in one sentence."""

from collections.abc import Sequence

from agent.context import Brief
from agent.plan import Decline, Plan
from agent.writer.find import found as entries_found
from agent.writer.found import found as anything_found
from agent.writer.measure import found as measured
from agent.writer.nothing import missing
from agent.writer.words import safe, unreadable
from tools.evidence import Evidence

_DECLINED: dict[Decline, str] = {
    "advice": "I give no advice: I only report what is in the record.",
    "opinion": "I give no opinion: I only report what is in the record.",
    "another patient": "I can only report what is in this patient's record, not in another's.",
    "not in a record": "A patient's record does not answer this: I only report what is recorded.",
}
_NOT_UNDERSTOOD = (
    "I did not understand what to look for. Ask for something that a record holds: problems, medications, "
    "results, procedures, visits, vaccines, allergies, notes or costs."
)
_FOUND = {"find": entries_found, "measure": measured}


class BuiltinWriter:
    """Words the evidence without a model; every statement is the evidence's own."""

    def write(self, brief: Brief) -> str:
        """Return one paragraph a call, with its sources."""
        intro = (
            []
            if not brief.unsupported
            else [
                "The model's wording said what the record does not support; these are the facts as computed."
            ]
        )
        said = [_paragraph(evidence, brief) for evidence in brief.evidence]
        said += [f"Could not be answered: {safe(failure)}" for failure in brief.failures]
        if brief.plan.decline:
            return "\n\n".join([*intro, *_declined(brief.plan, brief.evidence, said)])
        return "\n\n".join([*intro, *(said or [_NOT_UNDERSTOOD])])


def _declined(plan: Plan, evidence: Sequence[Evidence], said: Sequence[str]) -> list[str]:
    sentence = _DECLINED[plan.decline] if plan.decline else ""
    held = [text for text, e in zip(said, evidence, strict=False) if e.outcome == "found"]
    return [sentence] if not held else [f"{sentence} The record holds:", *held]


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
