"""Evidence that carries no answer -> a sentence that says which: none recorded, no value, or unreadable."""

from agent.context import Brief
from agent.writer.words import line, safe, searched, subject, unreadable
from tools.evidence import Evidence

_NEAREST = 3


def missing(evidence: Evidence, brief: Brief) -> str:
    """Return what was looked for, that it was not found, and what was searched."""
    if evidence.outcome == "unreadable":
        why = "; ".join(safe(problem).rstrip(".") for problem in unreadable(evidence))
        return f"Could not be read: {subject(evidence)}{f' ({why})' if why else ''}."
    if evidence.outcome == "no value":
        return _without_value(evidence)
    return _none(evidence, brief)


def _none(evidence: Evidence, brief: Brief) -> str:
    shown = [line(fact) for fact in evidence.facts[:_NEAREST]]
    word = _answer_word(evidence, brief)
    if shown:
        return f"{word or 'Not recorded as asked'}. Recorded instead: {'; '.join(shown)}."
    aside = searched(evidence.coverage)
    return (
        f"{word}, no record of {subject(evidence)}{aside}."
        if word
        else f"Not recorded: {subject(evidence)}{aside}."
    )


def _answer_word(evidence: Evidence, brief: Brief) -> str:
    counted = bool(evidence.values) and not isinstance(evidence.values[0], bool)
    if counted:
        return "None" if evidence.values == (0,) else ""
    return "No" if evidence.values or brief.plan.yes_no else ""


def _without_value(evidence: Evidence) -> str:
    shown = [line(fact) for fact in evidence.facts[:_NEAREST]]
    what = f"The record does not give this for {subject(evidence)}"
    return f"{what}: {'; '.join(shown)}." if shown else f"{what}{searched(evidence.coverage)}."
