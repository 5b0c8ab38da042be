"""Recorded text, numbers and references -> pieces of a sentence.

What comes from the record is data: one line, no control characters, nothing that could pass for a citation,
long free text in quotes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from agent.check.grounds import limit_unit
from agent.check.grounds import limits as limits_of
from agent.check.recorded import as_name, safe, speaks
from tools.calls.evidence import Coverage, Evidence, Fact, Scalar
from tools.finding.filters import NO_REASON, means_active
from tools.record.scope import is_left_out
from tools.wording.telling_apart import RELATED
from tools.wording.text import plain_name
from tools.wording.words import number, on_day, one_line, ordinal, plural, short_name, with_unit

_AMOUNT = re.compile(r" -?\d[\d.]*(?P<unit>/\S+| [^\d\s]\S*)?$")
"""The value and unit of a measurement at the end of its line, up to its day: "Hemoglobin A1c 6.4 %"."""
_CONVERTED = ", converted to"
"""After it a line has the value in the unit in which it was compared."""
SAID = re.compile(r"(?:mean|median|sum) of \d+|(?:of )?\d+ measurements?")
"""Notes that the sentence itself says."""
_QUOTED_ENDS = (".”", "!”", "?”")
FEW = 5
FEW_KINDS = 3
_KIND_WORDS = {
    "MedicationRequest": "prescription",
    "AllergyIntolerance": "allergy entry",
    "DiagnosticReport": "report",
    "DocumentReference": "document",
    "ExplanationOfBenefit": "benefit statement",
}
_NOUNS = {
    "encounter": "visit",
    "imaging": "imaging study",
    "administration": "drug administration",
    "supply": "supply delivery",
}
_CALLED = {"inpatient visit": "inpatient stay", "laboratory observation": "laboratory result"}
TOLD = (
    "Condition",
    "MedicationRequest",
    "Observation",
    "Procedure",
    "Encounter",
    "Immunization",
    "AllergyIntolerance",
    "CarePlan",
    "DocumentReference",
)
"""Kinds to name when a question is declined, in this order."""


def shown(value: Scalar) -> str:
    """Return a value as people write it: yes, a number, a name without its SNOMED tag.

    >>> shown(Decimal("71.55292")), shown("Gout (disorder)"), shown(True)
    ('71.55', 'Gout', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value)
    return as_name(plain_name(value)) if isinstance(value, str) else str(value)


def amount(value: Scalar, unit: str) -> str:
    """Return a value with its unit, "6.4 %"."""
    return shown(value) if isinstance(value, str) else with_unit(shown(value), safe(unit))


def cite(references: Iterable[str]) -> str:
    """Return citations, " [Observation/1] [Observation/2]"; "" without any."""
    return "".join(f" [{reference}]" for reference in dict.fromkeys(references))


def line(fact: Fact) -> str:
    """Return a fact with its source."""
    return safe(fact.text) + cite([fact.reference])


def sourced(fact: Fact) -> str:
    """Return a fact as a sentence with its source."""
    text = line(fact)
    return f"{text[:1].upper()}{text[1:]}."


def sentence(note: str) -> str:
    """Return what must be said with an answer as a sentence; a quotation that is one ends it."""
    text = safe(note).rstrip(".")
    end = "" if text.endswith(_QUOTED_ENDS) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"


def one_after_another(notes: Iterable[str]) -> str:
    """Return notes as sentences on one line; what follows one that ends with a recorded sentence begins a line."""
    told = ((sentence(note), "\n" if note.endswith((".", "!", "?")) else " ") for note in notes)
    return "".join(part for pair in told for part in pair).strip()


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def kind_words(kind: str, n: int = 2) -> str:
    """Return a FHIR resource type in words, for several unless there is one.

    >>> kind_words("ImagingStudy"), kind_words("ImagingStudy", 1), kind_words("FamilyMemberHistory", 1)
    ('imaging studies', 'imaging study', 'family member history')
    """
    one = _KIND_WORDS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    return one if n == 1 else plural(one)


def searched(coverage: Sequence[Coverage]) -> str:
    """Return what was looked at, e.g. " (46 conditions from 1999-05-02 to 2021-03-04 searched)"."""
    coverage = [c for c in coverage if not c.beside]
    looked = [c for c in coverage if c.searched]
    if len(looked) > FEW_KINDS:
        known = sorted(looked, key=lambda c: TOLD.index(c.kind) if c.kind in TOLD else len(TOLD))
        return f" ({joined([*(kind_words(c.kind) for c in known[:FEW_KINDS]), 'others'])} searched)"
    if looked:
        return f" ({'; '.join(map(_covered, looked))} searched)"
    if not coverage:
        return ""
    kinds = joined([kind_words(c.kind) for c in coverage], "or")
    narrowed = any(is_left_out(problem) for c in coverage for problem in c.problems)
    return f" (no {kinds} searched)" if narrowed else f" (the record holds no {kinds})"


def _covered(coverage: Coverage) -> str:
    span = coverage.span
    days = (
        f" from {span[0]} to {span[1]}" if span and span[0] != span[1] else (f" of {span[0]}" if span else "")
    )
    return f"{coverage.searched} {kind_words(coverage.kind, coverage.searched)}{days}"


def unreadable(evidence: Evidence) -> tuple[str, ...]:
    """Return the problems met in what was searched."""
    return tuple(dict.fromkeys(problem for c in evidence.coverage for problem in c.problems))


def subject(evidence: Evidence) -> str:
    """Return what was looked for and when: "Hemoglobin A1c in 2015 (2015-01-01 to 2015-12-31)"."""
    return f"{topic(evidence)} {period_of(evidence)}".strip()


def topic(evidence: Evidence) -> str:
    """Return what was looked for: the record's name for it, or the words asked where they mean several."""
    about, asked = as_name(one_line(plain_name(evidence.about))), asked_for(evidence)
    if asked and about.casefold().startswith(f"{asked.casefold()}: "):
        return asked
    named = evidence.tool == "measure" and not about.startswith("“")
    return short_name(about) if named else about or "what was asked"


def asked_for(evidence: Evidence) -> str:
    """Return the words that were looked for, "" if it was a whole kind of entry."""
    return argument(evidence, "concept")


def sought(evidence: Evidence) -> str:
    """Return the words that were looked for with the status they were to have: "active statin".

    What was active in a time is said with that time, not as active now.
    """
    status, asked = argument(evidence, "status"), asked_for(evidence)
    then = related_as(evidence) == "active" and means_active(status)
    return f"{'' if then else status} {asked}".strip() if asked else ""


def argument(evidence: Evidence, name: str) -> str:
    """Return an argument of the call as words, "" if it has none of that name."""
    value = evidence.arguments.get(name)
    text = "" if value is None else str(value)
    return as_name(text if speaks(text) else plain_name(text))


def noun(evidence: Evidence) -> str:
    """Return what clinicians call one entry of a kind: "active medication", "inpatient stay"."""
    about, kind = as_name(plain_name(evidence.about)), str(evidence.arguments.get("kind", ""))
    if kind in _NOUNS and about.endswith(kind):
        about = f"{about.removesuffix(kind)}{_NOUNS[kind]}"
    return _CALLED.get(about, about)


def picked(evidence: Evidence) -> str:
    """Return which of several was picked: "last", "first 3", "second", "longest"; "" for all or most often."""
    pick, n = str(evidence.arguments.get("pick", "")), evidence.arguments.get("n")
    if pick == "nth" and isinstance(n, int) and n:
        return ordinal(n)
    if pick in ("first", "last"):
        return f"{pick} {n}" if isinstance(n, int) and n > 1 else pick
    return pick if pick in ("longest", "shortest") else ""


def scope(evidence: Evidence, joint: str = "") -> str:
    """Return what narrows a search, with a space before it: " for hypertension in 2015", "" if nothing.

    Args:
        evidence: of the call.
        joint: stands before a relation: "as " gives " as active in 2015".
    """
    category, route, reason, place, who = (
        argument(evidence, name) for name in ("category", "route", "reason", "place", "who")
    )
    parts = (
        category and asked_for(evidence) and f"({category})",
        route and f"by {route} route",
        reason and ("that leave the reason open" if reason == NO_REASON else f"for {reason}"),
        place and f"at {place}",
        who and f"with {who}",
        window(evidence, joint),
    )
    return "".join(f" {part}" for part in parts if part)


def period_of(evidence: Evidence) -> str:
    """Return the period as understood, in which names are data; "" if any time."""
    return as_name(evidence.period)


def aside(said: str, more: object, evidence: Evidence) -> str:
    """Return what is said with more in parentheses, in the same ones as the days of its period."""
    within = period_of(evidence).endswith(")") and said.endswith(period_of(evidence))
    return f"{said.removesuffix(')')}; {more})" if within else f"{said} ({more})"


def window(evidence: Evidence, joint: str = "") -> str:
    """Return the time that was looked at and how it was meant: "active in 2015 (…)", "" if any time."""
    period, related = period_of(evidence), related_as(evidence)
    return f"{joint}{related} {period}" if related else period


def related_as(evidence: Evidence) -> str:
    """Return how things lie in the time that was looked at: "active", "started", "ended"; "" if they happened then.

    What is nearest to an event need not have been active at it.
    """
    nearest = relation_to(evidence) == "nearest" and not evidence.arguments.get("period")
    known = evidence.relation in RELATED and bool(period_of(evidence)) and not nearest
    return evidence.relation if known else ""


def limit_words(evidence: Evidence) -> str:
    """Return what results were to be: "above 140 mmHg", "between 4 and 6 %", "out of range"; "" if anything."""
    test, limits = str(evidence.arguments.get("test") or ""), tuple(limits_of(evidence))
    if not limits:
        return test
    asked = evidence.arguments.get("unit") or limit_unit(evidence)
    unit = safe(str(asked or evidence.unit or compared_in(evidence)))
    numbers = [number(limit) for limit in limits]
    return f"{test} {with_unit(' and '.join(numbers), unit)}"


def compared_in(evidence: Evidence) -> str:
    """Return the unit in which the values of all lines were compared; "" if they show none or several."""
    amounts = (_AMOUNT.search(_compared(fact)) for fact in evidence.facts)
    units = {(amount["unit"] or "").strip() for amount in amounts if amount}
    return units.pop() if len(units) == 1 else ""


def _compared(fact: Fact) -> str:
    """Return a line up to the value that was compared: the recorded one, else that to which it was converted."""
    line, _, converted = safe(fact.text).rpartition(_CONVERTED)
    return converted if line else converted.partition(f" {on_day(fact.date)}")[0]


def relation_to(evidence: Evidence) -> str:
    """Return how a call lies next to what another found: "before", "nearest"; "" if it does not."""
    when = evidence.arguments.get("when")
    return str(when.get("is", "")) if isinstance(when, Mapping) else ""
