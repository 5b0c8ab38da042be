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
    looked = searched(evidence.coverage)
    aside = f" ({looked} searched)" if looked else ""
    shown = [line(fact) for fact in evidence.facts[:_NEAREST]]
    if evidence.values == (False,) or brief.plan.yes_no:
        text = f"No, no record of {subject(evidence)}{aside}."
    elif evidence.values == (0,):
        text = f"None: no record of {subject(evidence)}{aside}."
    else:
        text = f"Not recorded: {subject(evidence)}{aside}."
    return f"{text} Nearest: {'; '.join(shown)}." if shown else text


def _without_value(evidence: Evidence) -> str:
    shown = [line(fact) for fact in evidence.facts[:_NEAREST]]
    what = f"The record does not give this for {subject(evidence)}"
    return f"{what}: {'; '.join(shown)}." if shown else f"{what} ({searched(evidence.coverage)} searched)."
