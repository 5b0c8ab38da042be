"""Evidence that carries no answer -> a sentence that says which: none recorded, no value, or unreadable."""

import re

from agent.check.recorded import safe
from agent.context import Brief
from agent.wording import narrowed_to
from agent.writer.calculate import missing as reckoned_without
from agent.writer.calculate import names_of
from agent.writer.found import capital
from agent.writer.words import (
    argument,
    asked_for,
    joined,
    line,
    noun,
    one_after_another,
    period_of,
    relation_to,
    scope,
    searched,
    sought,
    subject,
    topic,
    unreadable,
)
from tools.calls.evidence import Evidence, denies
from tools.finding.aside import CHANGED, ONLY, STATES
from tools.record.scope import is_left_out
from tools.wording.words import plural

_NEAREST = 3
_UNSAID = {
    "date": "The record gives no day for {}",
    "time": "The record gives no time of day for {}",
    "end": "The record does not say when {} ended",
    "end time": "The record does not say at what time {} ended",
    "duration": "The record does not say how long {} lasted",
    "age": "The record gives no age for {}",
    "who": "The record names nobody for {}",
    "where": "The record names no place for {}",
    "visit": "The record names no visit for {}",
    "detail": "The record says no more of {}",
}
"""What was asked for in no single word."""
_ALLERGY = re.compile(r"allerg|intoleran", re.IGNORECASE)


def missing(evidence: Evidence, brief: Brief) -> str:
    """Return what was looked for, that it was not found, and what was searched."""
    if evidence.tool == "calculate" and evidence.outcome != "no value":
        return reckoned_without(evidence, brief)
    if evidence.outcome == "unreadable":
        problems = unreadable(evidence)
        if any(map(is_left_out, problems)):
            what = _sought(evidence, brief) if evidence.tool == "find" else subject(evidence)
            return f"Left out: {what}, not {narrowed_to(brief.scope)}."
        why = "; ".join(safe(problem).rstrip(".") for problem in problems)
        if any(cover.searched for cover in evidence.coverage):
            return f"Not found, and not all could be read: {subject(evidence)}{f' ({why})' if why else ''}."
        return f"Could not be read: {subject(evidence)}{f' ({why})' if why else ''}."
    if evidence.outcome == "no value":
        return _without_value(evidence, brief)
    if evidence.notes and _has_no_anchor(evidence):
        return one_after_another(evidence.notes)
    return _none(evidence, brief)


def _has_no_anchor(evidence: Evidence) -> bool:
    """Tell whether what a call lies next to, or since, was not found, so that it did not look; its notes say so."""
    return bool(relation_to(evidence) or evidence.arguments.get("since")) and not period_of(evidence)


def _none(evidence: Evidence, brief: Brief) -> str:
    facts = [line(fact) for fact in evidence.facts[:_NEAREST]]
    word, what = _answer_word(evidence, brief), _sought(evidence, brief)
    if facts and evidence.facts[0].text.startswith((STATES, ONLY, CHANGED)):
        return f"{_set_aside(evidence, word, what)}{'; '.join(facts)}."
    if facts:
        own = (note for note in evidence.notes if not note.endswith("”"))  # a quotation stands by itself
        notes = "; ".join(safe(note).rstrip(".") for note in own)
        lead = f"{word or 'Not recorded as asked'}{f': {notes}' if notes else ''}"
        return f"{lead}. {'Nearest' if evidence.tool == 'measure' else 'Recorded'}: {'; '.join(facts)}."
    aside = searched(evidence.coverage)
    if evidence.tool == "timeline":
        said = f"Nothing recorded{scope(evidence)}"
    elif evidence.arguments.get("since"):
        said = f"Nothing new recorded{scope(evidence)}"
    elif word:
        said = f"No {what} recorded{scope(evidence, 'as ')}"
    else:
        said = f"Not recorded: {what}{scope(evidence)}"
    return f"{_with_aside(said, aside, evidence)}."


def _set_aside(evidence: Evidence, word: str, what: str) -> str:
    """Return how a sentence about what is set aside begins: "No: the record states …", "No stroke recorded, …"."""
    if not evidence.facts[0].text.startswith(ONLY):
        return f"{word or 'Not recorded as asked'}: "
    return f"{f'No {what} recorded' if word == 'No' else f'Not recorded: {what}'}{scope(evidence, 'as ')}, "


def _with_aside(said: str, aside: str, evidence: Evidence) -> str:
    """Return a sentence with what was searched, in the same parentheses as the days of its period."""
    if aside and period_of(evidence).endswith(")"):
        return f"{said.removesuffix(')')}; {aside.removeprefix(' (')}"
    return f"{said}{aside}"


def _sought(evidence: Evidence, brief: Brief) -> str:
    """Return the words that were looked for; for a whole kind its noun, for several."""
    if evidence.tool == "find" and not asked_for(evidence):
        return plural(noun(evidence))
    asked = sought(evidence)
    if evidence.arguments.get("kind") == "FamilyMemberHistory":
        return f"family history of {asked}"
    if evidence.arguments.get("kind") == "allergy" and not _ALLERGY.search(asked):
        return f"{asked} allergy"
    return asked or topic(evidence)


def _answer_word(evidence: Evidence, brief: Brief) -> str:
    if denies(evidence):
        return "None"
    counted = bool(evidence.values) and not isinstance(evidence.values[0], bool)
    if counted:
        return "None" if evidence.values == (0,) else ""
    return "No" if evidence.values or (brief.plan.yes_no and evidence.tool == "find") else ""


def _without_value(evidence: Evidence, brief: Brief) -> str:
    facts = [line(fact) for fact in evidence.facts[:_NEAREST]]
    if evidence.tool == "profile":
        return f"{capital('; '.join(facts))}." if facts else f"Not recorded: {topic(evidence)}."
    lead = "The record says neither yes nor no"
    of = _of(evidence, brief)
    if evidence.tool == "calculate":
        lead = "This cannot be told"
    what = f"{lead} of {of}" if brief.plan.yes_no or evidence.tool == "calculate" else _unsaid(evidence, of)
    return f"{what}: {'; '.join(facts)}." if facts else f"{what}{searched(evidence.coverage)}."


def _of(evidence: Evidence, brief: Brief) -> str:
    """Return of what the record does not say something: the words asked, the kind, or both of what is reckoned."""
    if evidence.tool == "calculate":
        return joined(names_of(evidence, brief))
    if evidence.tool == "find" and not asked_for(evidence):
        return f"{plural(noun(evidence))}{scope(evidence)}"
    return asked_for(evidence) or subject(evidence)


def _unsaid(evidence: Evidence, of: str) -> str:
    """Return what the record does not say: "The record does not say the dose of warfarin"."""
    statistic = argument(evidence, "statistic")
    if evidence.tool == "measure" and statistic:
        return f"No {statistic} can be told of {of}"
    give, part = (argument(evidence, name) for name in ("give", "part"))
    asked = part or "detail" if give == "attribute" else give
    if asked in _UNSAID:
        return _UNSAID[asked].format(of)
    return f"The record does not say {f'the {part}' if give == 'attribute' else 'this'} of {of}"
