"""Whom a question names: this patient, in every way it may be written, or somebody else."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.planner.called import clinician
from agent.planner.cues import is_plain
from agent.planner.things import SAID
from tools.concepts import Mention
from tools.record import PatientRecord

NAMED_PATIENT = re.compile(
    r"\bpatients?(?:'s)?\s+(?:with\s+(?:the\s+)?(?:patient\s+)?id|identified\s+as|named|called|id)\s+", re.I
)
"""What introduces a patient's name: "patient with id …"."""
_SOMEONE = re.compile(r"\b[A-Z][a-z'-]*[a-z](?:\s+[A-Z][a-z'-]*[a-z]){1,3}\b")
_TITLED = re.compile(r"\b(?:[Pp]atient|Mr\.?|Mrs\.?|Ms\.?|Miss|Master)((?:\s+[A-Z][\w-]+){1,4})")
_SHORTEST_NUMBER = 5
_NUMBERED = re.compile(
    r"(?:\b(?:patients?|pt|mrn|ssn|nhs|medicare|record|identifier|id)(?:\W{0,3}(?:number|no\.?|id|nr\.?))?\W{0,3}|#)"
    r"(?=[\w/-]*\d)(?P<number>Patient/[\w.-]+|[A-Z]{0,3}\d[\w-]{3,}|[0-9a-f]{8,}[\w-]*)"
    r"|\b(?P<social>\d{3}-\d{2}-\d{4}|Patient/[\w.-]+)\b",
    re.IGNORECASE,
)
"""A number or id that names a patient: "patient 4740592", "MRN: 12345", "999-62-2508", "Patient/p2"."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d)*")
_CLINICIAN = re.compile(r"\b(?:dr|doctor|prof|professor|nurse|practitioner|by|with)\.?\s*$", re.I)
_THINGS = frozenset({
    "scale", "score", "index", "disease", "syndrome", "test", "panel", "level", "count", "procedure", "vaccine",
    "permanente", "shield", "healthcare",
})  # fmt: skip


def impersonal(clause: str, record: PatientRecord) -> str:
    """Return a clause without the patient's own name, which is the name of no event."""
    for own in own_names(record):
        clause = own.sub(
            lambda m: "the patient's" if m.group().endswith(("'s", "'")) else "the patient", clause
        )
    return clause


def own_names(record: PatientRecord) -> tuple[re.Pattern[str], ...]:
    """Every way to name this patient in a question, longest first; a single name only as it is written.

    A record number names the patient as well.
    """
    numbers = tuple(each.value for each in record.patient.identifiers if len(each.value) >= _SHORTEST_NUMBER)
    return _patterns(record.patient.reference, (*record.patient.names, *numbers))


@lru_cache(maxsize=8)
def _patterns(reference: str, recorded: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = {reference, reference.partition("/")[2]}
    for name in recorded:
        plain = re.sub(r"\d+", "", name)
        names |= {name, plain, re.sub(r"^(?:Mrs?|Ms|Dr|Miss)\.?\s+", "", plain)}
    for full in list(names):
        parts = full.split()
        if len(parts) > 1:
            names |= {f"{parts[0]} {parts[-1]}", " ".join(parts[:-1]), *parts}
    long = (name for name in names if len(name) > 2 and not is_plain(name))
    told = sorted(long, key=lambda name: (-len(name), name))
    return tuple(
        re.compile(
            rf"(?:\bpatients?(?:'s)?\s+)?(?<!\w){re.escape(name)}(?:'s|')?(?!\w)",
            re.IGNORECASE if " " in name or "/" in name else re.NOFLAG,
        )
        for name in told
    )


def strange_number(question: str, record: PatientRecord) -> str:
    """Return a number or id of a patient that is none of this one's, "" if the question has none."""
    own = {
        record.reference,
        record.reference.partition("/")[2],
        *(i.value for i in record.patient.identifiers),
    }
    own = {number.casefold() for number in own}
    numbers = (match["number"] or match["social"] for match in _NUMBERED.finditer(question))
    return next((each for each in numbers if each.casefold() not in own and not _YEAR.fullmatch(each)), "")


def stranger(free: str, text: str, named: Sequence[Mention]) -> str:
    """Return somebody's name that is neither this patient's nor the name of a thing, "" if there is none.

    Args:
        free: the question without anybody's or anything's names.
        text: the question without this patient's names.
        named: the names of things in it.
    """
    titled = _TITLED.search(free)
    if titled and not (titled.group().casefold().startswith("patient") and is_plain(titled[1].split()[0])):
        return titled[1].strip()
    seen = clinician(text)
    for match in _SOMEONE.finditer(text):
        words = match.group().split()
        if match.start() == 0 and is_plain(words[0]):
            words = words[1:]
        if _CLINICIAN.search(text[: match.start()]) or words[0] == "Dr":
            continue
        if seen and seen.start("name") < match.end() and match.start() < seen.end("name"):
            continue
        things = any(m.score >= SAID and m.start < match.end() and match.start() < m.end for m in named)
        known = things or words[-1].casefold() in _THINGS or all(map(is_plain, words))
        if len(words) > 1 and not known:
            return " ".join(words)
    return ""
