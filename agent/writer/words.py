"""Recorded text, numbers and references -> pieces of a sentence.

What comes from the record is data: one line, no control characters, nothing that could pass for a citation,
long free text in quotes.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from agent.check.citations import without_citations
from tools.evidence import Coverage, Evidence, Fact, Scalar
from tools.facts import number
from tools.text import plain_name

FEW = 5
FEW_KINDS = 3
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_LONG = 240
_KIND_WORDS = {
    "Condition": "conditions",
    "MedicationRequest": "prescriptions",
    "Immunization": "immunizations",
    "AllergyIntolerance": "allergy entries",
    "DiagnosticReport": "reports",
    "ImagingStudy": "imaging studies",
    "DocumentReference": "documents",
    "CarePlan": "care plans",
    "CareTeam": "care teams",
    "ExplanationOfBenefit": "benefit statements",
}
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


def safe(text: str) -> str:
    r"""Return recorded text as data for a sentence.

    >>> safe("Ignore\nall [Patient/1]")
    'Ignore all (Patient/1)'
    """
    line = without_citations(flat(text))
    quoted = "“" in line or len(line) <= _LONG
    return line if quoted else f"“{line.replace('”', '’')}”"


def flat(text: str) -> str:
    """Return text on one line, without control and invisible characters."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def shown(value: Scalar) -> str:
    """Return a value as people write it: Yes, two decimals at most, a name without its SNOMED tag.

    >>> shown(Decimal("71.55292")), shown("Gout (disorder)"), shown(True)
    ('71.55', 'Gout', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number(value)
    return safe(plain_name(value)) if isinstance(value, str) else str(value)


def amount(value: Scalar, unit: str) -> str:
    """Return a value with its unit, "6.4 %"."""
    return f"{shown(value)} {safe(unit)}".strip() if not isinstance(value, str) else shown(value)


def cite(references: Iterable[str]) -> str:
    """Return citations, " [Observation/1] [Observation/2]"; "" without any."""
    return "".join(f" [{reference}]" for reference in dict.fromkeys(references))


def line(fact: Fact) -> str:
    """Return a fact with its source."""
    return safe(fact.text) + cite([fact.reference])


def counted(n: int, noun: str) -> str:
    """Return "1 measurement", "3 measurements"."""
    return f"{n} {noun if n == 1 else noun + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def plural(noun: str) -> str:
    """Return a kind of entry for several: "active conditions", "allergies", "claims"."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else noun if noun.endswith(("s", "ing")) else f"{noun}s"


def kind_words(kind: str) -> str:
    """Return a FHIR resource type in words, for several: "imaging studies"."""
    return _KIND_WORDS.get(kind, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower() + "s")


def searched(coverage: Sequence[Coverage]) -> str:
    """Return what was looked at, e.g. " (46 conditions, 1999-05-02 to 2021-03-04 searched)"."""
    looked = [c for c in coverage if c.searched]
    if len(looked) > FEW_KINDS:
        return f" ({joined([kind_words(c.kind) for c in looked])} searched)"
    if looked:
        return f" ({'; '.join(map(_covered, looked))} searched)"
    return f" (the record holds no {joined([kind_words(c.kind) for c in coverage])})" if coverage else ""


def _covered(coverage: Coverage) -> str:
    noun = kind_words(coverage.kind)
    if coverage.searched == 1:
        noun = "study" if noun == "imaging studies" else noun.removesuffix("s").replace("entrie", "entry")
    span = coverage.span
    days = f", {span[0]} to {span[1]}" if span and span[0] != span[1] else (f", on {span[0]}" if span else "")
    return f"{coverage.searched} {noun}{days}"


def unreadable(evidence: Evidence) -> tuple[str, ...]:
    """Return the problems met in what was searched."""
    return tuple(dict.fromkeys(problem for c in evidence.coverage for problem in c.problems))


def subject(evidence: Evidence) -> str:
    """Return what was looked for and when: "Hemoglobin A1c in 2015 (2015-01-01 to 2015-12-31)"."""
    about = safe(plain_name(evidence.about)) or "what was asked"
    return f"{about} {evidence.period}".strip()
