"""Whom a question names: this patient, in the ways it may be written, or somebody else.

Another patient is never answered for: a number or a name of somebody of whom the reading makes nothing is declined.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from agent.reading.words import WORDS
from tools.entries.times import completed_years
from tools.record import PatientRecord

Ordinary = Callable[[str], bool]
"""Tells whether the words of a text stand in questions as they are."""

_SHORTEST_NUMBER, _SHORTEST_NAME, _MOST_PARTS = 5, 3, 5
_TITLE = r"(?:patient|mr|mrs|ms|miss|master)\.?"
_ADDED = re.compile(r"\d+|\b(?:Mrs?|Ms|Dr|Miss)\.?\s")
"""What stands in a recorded name beside it: a title, the digits of synthetic records."""
_NUMBERED = re.compile(
    r"(?:\b(?:patients?|pt|mrn|ssn|nhs|medicare|record|identifier|id)(?:\W{0,3}(?:number|no\.?|id|nr\.?))?\W{0,3}|#)"
    r"(?=[\w/-]*\d)(?P<number>Patient/[\w.-]+|[A-Z]{0,3}\d[\w-]{3,}|[0-9a-f]{8,}[\w-]*)"
    r"|\b(?P<social>\d{3}-\d{2}-\d{4}|Patient/[\w.-]+)\b",
    re.IGNORECASE,
)
"""A number or id that names a patient: "patient 4740592", "MRN: 12345", "999-62-2508", "Patient/p2"."""
_KIN = "|".join(WORDS["kin"]["relative"])
_OF_A_RELATIVE = re.compile(
    r"\b(?:does|do|did|is|was|has|had|are|were)\s+(?:\w+\s+){0,2}(?:my|her|his|their|\w+['\u2019]s)"
    rf"\s+(?:{_KIN})\b(?!['\u2019])"
    rf"|\b(?:my|her|his|their|\w+['\u2019]s)\s+(?:{_KIN})['\u2019]s\b(?!\s+(?:maiden|name|side|history))",
    re.I,
)
"""Grammar: a relative after the verb of a question, or as the owner of what is asked."""
_GROWN = 18
"""Years from which on "my son" may be the patient's, and not the patient."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d)*")
_NAME = r"[A-Z][\w'’-]*[^\W\d_A-Z]"
_SOMEONE = re.compile(rf"(?P<title>\b(?:Mr|Mrs|Ms|Miss|Master|[Pp]atient)\.?\s+)?{_NAME}(?:\s+{_NAME})*")


def without_title(name: str) -> str:
    """Return a recorded name without what stands beside it.

    >>> without_title("Dr. Carlos263 Brown")
    'Carlos Brown'
    """
    return _ADDED.sub("", name).strip()


def asks_of_a_relative(question: str, record: PatientRecord) -> bool:
    """Tell whether a question is about a relative of the patient or of who asks, who is not the patient.

    Who asks about "my husband" of a man's record, or "my son" of a boy's, means the patient.
    """
    found = _OF_A_RELATIVE.search(question)
    said = set(found.group().lower().split()) if found else set()
    return bool(said) and not (
        "my" in said and {each.removesuffix("'s") for each in said} & _who_may_be(record)
    )


def _who_may_be(record: PatientRecord) -> set[str]:
    """Return what relatives call the patient that the patient would call hardly anybody else."""
    patient = record.patient
    male, female = patient.gender == "male", patient.gender == "female"
    young = patient.birth is not None and completed_years(patient.birth.first, record.now) < _GROWN
    called = {
        "husband": male,
        "wife": female,
        "son": male and young,
        "daughter": female and young,
        "child": young,
    }
    return {name for name, fits in called.items() if fits}


def own_names(text: str, record: PatientRecord) -> Iterator[tuple[int, int]]:
    """Yield where this patient is named, by name or by number, in whatever case and with or without accents."""
    patient, bare = record.patient, _folded(text)
    names = {record.reference, record.reference.partition("/")[2]}
    names |= {each.value for each in patient.identifiers if len(each.value) >= _SHORTEST_NUMBER}
    for name in patient.names:
        plain = without_title(name)
        parts = [part for part in plain.split() if len(part) >= _SHORTEST_NAME]
        parts = parts if len(plain.split()) <= _MOST_PARTS else []
        names |= {name, plain, *parts}
    spelt = "|".join(sorted({re.escape(_folded(name)) for name in names if name}, key=len, reverse=True))
    for match in re.finditer(rf"(?<!\w)(?:{_TITLE}\s+)?(?:{spelt})(?:\s+(?:{spelt}))*(?!\w)", bare, re.I):
        yield match.span()


def strange_number(question: str, record: PatientRecord) -> str:
    """Return a number or id of a patient that is none of this one's, "" if the question has none."""
    numbers = {each.value for each in record.patient.identifiers}
    own = {each.casefold() for each in (record.reference, record.reference.partition("/")[2], *numbers)}
    found = (match["number"] or match["social"] for match in _NUMBERED.finditer(question))
    return next((each for each in found if each.casefold() not in own and not _YEAR.fullmatch(each)), "")


def stranger(question: str, read: Sequence[tuple[int, int]], ordinary: Ordinary) -> str:
    """Return the name, with its title, of somebody of whom nothing was made, "" if there is none.

    Args:
        question: as it was asked.
        read: where the names stand of which something was made: this patient's, things, clinicians, places.
        ordinary: tells which words are no part of a name.
    """
    for match in _SOMEONE.finditer(question):
        words = list(re.finditer(r"\S+", match.group().removeprefix(match["title"] or "")))
        at = match.start() + len(match["title"] or "")
        if match.start() == 0 and not match["title"] and ordinary(words[0].group()):
            words = words[1:]
        unread = [
            word.group()
            for word in words
            if not any(start < at + word.end() and at + word.start() < end for start, end in read)
        ]
        if (len(words) > 1 or match["title"]) and not all(map(ordinary, unread)):
            return " ".join(filter(None, ((match["title"] or "").strip(), *(word.group() for word in words))))
    return ""


def is_titled(name: str) -> bool:
    """Tell whether a name is called somebody's by its title, and not the name of some thing.

    >>> is_titled("Mr. Brown"), is_titled("Christmas Eve")
    (True, False)
    """
    return bool(re.match(rf"{_TITLE}\s", name, re.I))


def _folded(text: str) -> str:
    """Return a text of the same length without accents."""
    return "".join(
        unicodedata.normalize("NFKD", letter)[0] if letter.isalpha() else letter for letter in text
    )
