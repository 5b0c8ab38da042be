"""A record -> what it holds (the manifest), or a summary: the patient, a visit, a problem, a stay, what is new.

A summary repeats what is recorded, each line with its source. Left out: what is due, what it means, advice.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Fact
from tools.calls.profile import demographics_line
from tools.entries.entry import Entry
from tools.finding.aside import is_blanket
from tools.finding.drugs import beside_current
from tools.finding.gives import distinct
from tools.finding.key_results import latest_results, latest_vitals
from tools.finding.lasting import DRUGS, is_current
from tools.finding.matching import not_counted
from tools.finding.windows import Beside
from tools.record import PatientRecord
from tools.record.kinds import TYPES
from tools.record.stays import parts_of
from tools.summaries.changes import changes
from tools.summaries.problem import problem_summary
from tools.summaries.sections import Section, brief, newest, newest_of, once, summary, visits
from tools.summaries.stay import stay_summary
from tools.wording.facts import clinical_rank, moment
from tools.wording.words import one_line, shown_name

Of = Literal["record", "patient", "visit", "problem", "stay"]
_NO_NAMES = frozenset({"Claim", "ExplanationOfBenefit", "SupplyDelivery"})
_SHORT = 26
_FAMILIAR = 3
"""How many names the manifest shows of each kind."""
_TOLD = (
    *("Condition", "MedicationRequest", "AllergyIntolerance", "Observation"),
    *("Encounter", "Procedure", "Immunization"),
)
_NEWS = (
    ("New problem since then", "Condition"),
    ("Prescribed then or since", "MedicationRequest"),
    ("Done then or since", "Procedure"),
    ("Given then or since", "Immunization"),
)


def overview(
    record: PatientRecord,
    of: Of = "record",
    *,
    concept: str | None = None,
    since: str | None = None,
    when: Beside | None = None,
) -> Evidence:
    """What the record holds; a summary of the patient, a visit, a problem or stay; what is new since a day.

    Args:
        record: the patient's record.
        of: "record" for kinds, counts, spans and main names; "patient" for problems, medications,
            allergies, visits, vital signs, results; "visit" for the last visit and what came after, too; "problem" for
            the course of one, with drugs, visits, plans and results; "stay" for the last hospital stay.
        concept: the problem, e.g. "diabetes"; of a stay what it was for.
        since: an ISO day or words, "2020-03-01", "the last visit": what is new, changed and ended since then;
            "from 2020-03-01 to 2021-02-03": between two days.
        when: of a stay: next to what another call found.

    Returns:
        Evidence; values are names: the kinds in the record, active problems and medications, what the problem is
        recorded as, what was diagnosed and done at a stay, what is new. "none recorded" without such a problem or stay.

    Raises:
        BadArgument: a problem without a concept, a concept, since or when where it has no meaning, or a
            since that is not understood.
    """
    _check(of, concept, since, when)
    if since:
        found = changes(record, since)
    elif of == "problem":
        found = problem_summary(record, concept or "")
    elif of == "stay":
        found = stay_summary(record, concept, when)
    else:
        found = _manifest(record) if of == "record" else _summary(record, of)
    asked = {"of": of if of != "record" else None, "concept": concept, "since": since}
    return replace(found, arguments={name: value for name, value in asked.items() if value})


def _check(of: Of, concept: str | None, since: str | None, when: Beside | None) -> None:
    if of == "problem" and not (concept or "").strip():
        raise BadArgument("overview: concept", concept or "", "the problem to tell of", "diabetes")
    if concept and of not in ("problem", "stay"):
        raise BadArgument("overview: concept", concept, f"none, or of problem or stay, not {of}", "problem")
    if since and of in ("problem", "stay"):
        raise BadArgument(
            "overview: since", since, f"none with of {of}, as it is of all that is new", "patient"
        )
    if when and of != "stay":
        raise BadArgument("overview: when", when.relation, f"none, or of stay, not {of}", "stay")


def _manifest(record: PatientRecord) -> Evidence:
    known = [name for name in TYPES if record.holds(name)]
    kinds = [name for name in known if record.number(name)]
    facts = [_kind_line(name, record) for name in kinds]
    return Evidence(
        tool="overview",
        outcome="found" if kinds else "unreadable" if known else "none recorded",
        about="the record",
        values=tuple(kinds),
        facts=tuple(facts),
        total=len(facts),
        references=(record.reference,),
        coverage=record.coverage(*(name for name in known if name not in _NO_NAMES)),
    )


def _kind_line(kind: str, record: PatientRecord) -> Fact:
    if kind in _NO_NAMES:
        return Fact(f"{kind}: {record.number(kind)}", record.reference)
    entries = record.entries(kind)
    days = [entry.start.day for entry in entries if entry.start]
    span = f" ({' to '.join(dict.fromkeys([days[0][:4], days[-1][:4]]))})" if days else ""
    names = ", ".join(_main_names(kind, record))
    return Fact(f"{kind}: {len(entries)}{span}" + (f", {names}" if names else ""), record.reference)


def _main_names(kind: str, record: PatientRecord) -> list[str]:
    terms = [term for term in record.terms(kind) if term.display]
    clinical = [term for term in terms if not clinical_rank(term.entries[-1])] or terms
    common = sorted(clinical, key=lambda term: -len(term.entries))[:_FAMILIAR]
    return [one_line(shown_name(term.entries[-1]), _SHORT) for term in common]


def _summary(record: PatientRecord, of: Literal["patient", "visit"]) -> Evidence:
    problems, medications, allergies = _active(record)
    visit = of == "visit"
    label, counted = _called(record)
    active = [
        Section("Problem", problems, 6, "active problems"),
        Section(label, medications, 5, counted),
        Section("Allergy", allergies, 3, "allergies"),
    ]
    last_visit = [] if visit else [Section("Last visit", visits(record), 1)]
    measured = [
        Section("Vital sign", brief(latest_vitals(record)), 3),
        Section("Result", brief(latest_results(record)), 4),
    ]
    last_done = [
        Section("Last procedure", newest(record, "Procedure"), 1),
        Section("Last immunization", newest(record, "Immunization"), 1),
    ]
    before = _since_last_visit(record) if visit else []
    sections = [*before, *active, *last_visit, *measured, *([] if visit else last_done)]
    kinds = (*_TOLD, *(kind for kind in DRUGS if kind not in _TOLD and record.holds(kind)))
    found = summary(record, record.patient.name, sections, kinds)
    lines = (demographics_line(record), *found.facts)
    told = [entry for entry in (*problems, *medications, *allergies) if not is_blanket(entry)]
    none = () if allergies or record.unread("AllergyIntolerance") else ("no allergies are recorded",)
    drugs = [entry for kind in DRUGS for entry in record.entries(kind)]
    none = (*none, *beside_current(sorted(drugs, key=moment), record, named=False))
    aside = not_counted(record, ("Condition", *DRUGS, "AllergyIntolerance"), None)
    return replace(
        found,
        outcome="found",
        values=distinct(entry.display for entry in told if entry.display),
        facts=lines,
        total=len(lines),
        references=tuple(dict.fromkeys(line.reference for line in lines)),
        notes=(*found.notes, *none, *aside),
    )


def _called(record: PatientRecord) -> tuple[str, str]:
    """Return the label of a current drug, and what several are called: nobody takes any after death."""
    if record.dead:
        return "Medication at death", "medications at death"
    return "Medication", "current medications"


def _active(record: PatientRecord) -> tuple[list[Entry], list[Entry], list[Entry]]:
    problems = _or_stated(
        [e for e in newest(record, "Condition") if is_current(e, record)], ("Condition",), record
    )
    medications = _or_stated([e for e in newest_of(record, DRUGS) if is_current(e, record)], DRUGS, record)
    allergies = [entry for entry in newest(record, "AllergyIntolerance") if entry.status != "resolved"]
    allergies += filter(is_blanket, record.set_aside("AllergyIntolerance"))
    return sorted(once(problems), key=clinical_rank), once(medications), once(allergies)


def _or_stated(entries: list[Entry], kinds: Sequence[str], record: PatientRecord) -> list[Entry]:
    """Return entries; where there are none, what the record states of all of a kind: "No known problems"."""
    return entries or [e for kind in kinds for e in record.set_aside(kind) if is_blanket(e)]


def _since_last_visit(record: PatientRecord) -> list[Section]:
    last = next((visit for visit in visits(record) if visit.start), None)
    if last is None:
        return []
    parts = parts_of(last, record)
    diagnosed = [entry for entry in record.entries("Condition") if entry.encounter in parts]
    news = [Section(label, _since(last, kind, record), 3) for label, kind in _NEWS]
    return [Section("Last visit", [last], 1), Section("Diagnosed at the last visit", diagnosed, 3), *news]


def _since(visit: Entry, kind: str, record: PatientRecord) -> Sequence[Entry]:
    """Return what began with a visit or after it, the newest first; its own diagnoses are told apart."""
    since = [entry for entry in newest(record, kind) if entry.start and moment(entry) >= moment(visit)]
    return [entry for entry in since if entry.encounter != visit.reference or kind != "Condition"]
