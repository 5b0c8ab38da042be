"""Kind and words -> the entries meant, with what was set aside and what else the words could mean.

A name that the record's entries of the kind do not carry is looked for among their reasons, people and places
where clinicians speak that way ("the visits with Dr. Effertz"). Left out: values, and which is asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from tools.calls.evidence import Evidence
from tools.concepts import Reading, link
from tools.entries.entry import Entry
from tools.entries.senses import sense_of
from tools.finding.aside import beside, concerns, is_blanket, is_hedged, never
from tools.finding.cultures import is_microbiology
from tools.finding.filters import Keep, everything, mention_filter
from tools.finding.lasting import lasting, may_have_ended
from tools.finding.windows import Window, dated
from tools.record import PatientRecord
from tools.record.kinds import CLASSES, KINDS, PICTURE, types_of
from tools.record.shelf import Term
from tools.wording.facts import moment
from tools.wording.text import normal, words

_BY_MENTION = frozenset(
    {"Encounter", "CarePlan", "CareTeam", "Goal", "DocumentReference", "Coverage", "Claim"}
)
EQUALLY = 0.95
"""Share of the best score from which on another reading of the words is as good."""
_SURELY = 0.85
"""Score of a reading from which on the words, as typed, mean it."""
_FAMILY = "family history"
ANY = "any"
"""The kind of whatever has a name: wherever in the record it may stand."""
_NAMELESS = frozenset(
    (
        "",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Location",
        "HealthcareService",
        "Medication",
    )
    + ("RelatedPerson", "Provenance", "Specimen", "Claim", "ExplanationOfBenefit", "Coverage")
    + ("QuestionnaireResponse", "FamilyMemberHistory", "RiskAssessment", "ImmunizationRecommendation")
)

_OF_PICTURES = frozenset({"the", "of", "a", "an", "picture", "image", "photo", "photograph"})
"""Words that say no more than that it is a picture."""
_AT_A_SITE = ("Condition", "Procedure")
"""Types that are asked for by a part of the body, which their names need not say."""
Relation = Literal["recorded", "active", "started", "ended"]
"""How a period and what another call found place a thing."""
_DATING = tuple(
    dict.fromkeys(name for kind in KINDS if kind not in ("claim", "coverage") for name in KINDS[kind])
)
"""Kinds of which an entry can date a period: "during the last admission", "before the diabetes"."""


@dataclass(frozen=True, slots=True)
class Found:
    """Entries on their way to an answer, with what must be said with them."""

    about: str
    entries: tuple[Entry, ...]
    aside: tuple[Entry, ...] = ()
    """Those that go by the name and do not count as the thing: set aside, or only about it."""
    readings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unclear: tuple[Entry, ...] = ()
    """Those of which the record does not say whether they belong."""
    partly: bool = False
    """Whether the words are only a part of their names: a screening for depression is no depression."""
    types: tuple[str, ...] = ()
    """The FHIR types that were read for them."""


def recorded_types(kind: str, record: PatientRecord) -> tuple[str, ...]:
    """Return the FHIR types of a kind; of prescriptions or statements, claims or benefits, those recorded.

    Of "any" every type that the record has, but for what is about money and what only gives names.
    """
    if kind == ANY:
        known = dict.fromkeys((*_DATING, *record.counts))
        return tuple(name for name in known if name not in _NAMELESS and record.holds(name)) or _DATING
    types = types_of(normal(kind) if not kind[:1].isupper() else kind)
    if "MedicationRequest" in types or "Claim" in types:
        counted = tuple(name for name in types if record.counts.get(name))[:1]
        given = tuple(name for name in KINDS["administration"] if record.counts.get(name))
        if given and "MedicationRequest" in types and not counted:
            return given
        unread = tuple(name for name in types if record.problems.get(name) and name not in counted)
        return counted + unread or types[:1]
    return types


def named(record: PatientRecord, kind: str, types: tuple[str, ...], concept: str | None) -> Found:
    """Return the entries of the types that go by `concept`, oldest first; all of them if it is None."""
    found = _named(record, kind, types, concept)
    return _with_pictures(found, record, types, concept) if kind == PICTURE else found


def has_pictures(record: PatientRecord) -> bool:
    """Tell whether a record holds any picture."""
    return record.once(_has_pictures)


def _has_pictures(record: PatientRecord) -> bool:
    kinds = [name for name in types_of(PICTURE) if record.counts.get(name)]
    return any(entry.pictures for name in kinds for entry in record.entries(name))


def _with_pictures(found: Found, record: PatientRecord, types: tuple[str, ...], concept: str | None) -> Found:
    """Keep what has a picture; beside what goes by the name, what has all its words in a title, a body site, a view."""
    wanted = set(words(concept or "")) - _OF_PICTURES
    told = [e for e in _everything(record, types) if e.pictures and wanted and wanted <= _told_of_picture(e)]
    pictured = [entry for entry in found.entries if entry.pictures]
    return replace(
        found,
        about=found.about if pictured or not told else concept or found.about,
        entries=_in_order([*pictured, *told]),
        aside=tuple(entry for entry in found.aside if entry.pictures),
    )


def _told_of_picture(entry: Entry) -> frozenset[str]:
    told = (entry.detail(label) for label in ("title", "description", "body site", "view", "modality"))
    titles = (picture.title for picture in entry.pictures)
    return frozenset(word for text in (entry.display, *told, *titles) for word in words(text))


def _named(record: PatientRecord, kind: str, types: tuple[str, ...], concept: str | None) -> Found:
    concept = concept or CLASSES.get(kind)
    aside = _aside(record, types, concept)
    if concept is None:
        return Found(kind, _everything(record, types), aside)
    if family := _of_family(record, types, concept) or _told_as_problems(record, types, concept):
        return Found(concept, family, tuple(entry for entry in aside if entry not in family))
    readings = link(concept, record, types)
    imaged = _imaged(concept, record, types)
    if not readings:
        imaged += _examined(concept, record, types) + _sited(concept, record, types)
    if readings:
        best, others = _everywhere(readings) if kind == ANY else _chosen(readings)
        entries = _in_order([*(entry for reading in best for entry in reading.entries), *imaged])
        found = Found(best[0].label, entries, aside, readings=others, partly=best[0].how == "part")
        return _without_hedged(found, concept)
    if imaged:
        return Found(concept, imaged, aside)
    if kind == ANY:
        return Found(concept, (), aside, notes=_mentioned(concept, record, types))
    if _BY_MENTION.intersection(types):
        mentions = mention_filter(concept, record)
        return Found(concept, tuple(e for e in _everything(record, types) if mentions(e)), aside)
    return Found(concept, (), aside)


def _of_family(record: PatientRecord, types: Sequence[str], concept: str) -> tuple[Entry, ...]:
    """Return the problems that are a family history of what is asked for as one: "Family history of stroke"."""
    asked = sense_of(concept, ())
    if asked is None or asked.how != _FAMILY:
        return ()
    aside = _aside(record, types, asked.thing)
    return tuple(entry for entry in aside if entry.sense and entry.sense.how == _FAMILY)


def _told_as_problems(record: PatientRecord, types: Sequence[str], concept: str) -> tuple[Entry, ...]:
    """Return the diseases of relatives of a name, where some stand among the problems: "Family history of stroke"."""
    if "FamilyMemberHistory" not in types:
        return ()
    problems = _of_family(record, ("Condition",), f"family history of {concept}")
    if not problems:
        return ()
    readings = link(concept, record, ("FamilyMemberHistory",))
    best, _ = _chosen(readings) if readings else ([], ())
    return _in_order([*(entry for reading in best for entry in reading.entries), *problems])


def _without_hedged(found: Found, concept: str) -> Found:
    """Take apart what is only about the thing: "Fear of cancer" is no cancer, unless it is asked for as a fear."""
    hedged = tuple(entry for entry in found.entries if is_hedged(entry, concept))
    if not hedged:
        return found
    plain = tuple(entry for entry in found.entries if not is_hedged(entry, concept))
    return replace(
        found,
        entries=plain,
        aside=_in_order((*found.aside, *hedged)),
        about=found.about if plain else concept,
    )


def _aside(record: PatientRecord, types: Sequence[str], concept: str | None) -> tuple[Entry, ...]:
    """Return what does not count as the thing that goes by `concept`, and what is said of its whole kind."""
    if concept is None:
        return _in_order(entry for name in types for entry in record.set_aside(name))
    aside = [entry for name in types for entry in record.not_counted().entries(name)]
    if not aside:
        return ()
    meant, wanted = _linked_aside(record, types, concept), set(words(concept))
    return _in_order(
        entry
        for entry in aside
        if entry.reference in meant
        or (is_blanket(entry) and concerns(entry, concept, None))
        or (wanted and wanted <= set(words(entry.display)) and (entry.void or is_hedged(entry, concept)))
    )


def _imaged(concept: str, record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the imaging studies of a part of the body, which need not say it in their names."""
    wanted = set(words(concept)) - {"the"}
    studies = record.entries("ImagingStudy") if "ImagingStudy" in types and wanted else ()
    return tuple(study for study in studies if wanted <= set(words(study.detail("body site"))))


def _examined(concept: str, record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the results of what was examined, where they are asked for by that: "stool", "the last sputum"."""
    wanted = set(words(concept)) - {"the", "microbiology", "test", "tests"}
    tests = record.entries("Observation") if "Observation" in types and wanted else ()
    return tuple(test for test in tests if wanted <= set(words(test.detail("specimen"))))


def _sited(concept: str, record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the problems and operations of a part of the body, where they are asked for by that: "tooth 30"."""
    wanted = set(words(concept)) - {"the"}
    concerned = tuple(kind for kind in _AT_A_SITE if kind in types) if wanted else ()
    return tuple(entry for site, entry in record.once(_sites, concerned) if wanted <= site)


def _sites(record: PatientRecord, types: tuple[str, ...]) -> tuple[tuple[frozenset[str], Entry], ...]:
    entries = (entry for kind in types for entry in record.entries(kind))
    return tuple((frozenset(words(site)), entry) for entry in entries if (site := entry.detail("body site")))


def of_specimen(record: PatientRecord, concept: str) -> tuple[Reading, ...]:
    """Return the tests of microbiology that are asked for by their specimen: "urine microbiology test"."""
    tests = _examined(concept, record, ("Observation",)) if "microbiology" in words(concept) else ()
    tests = tuple(test for test in tests if is_microbiology(test, record))
    if not tests:
        return ()
    term = Term("Observation", concept, (concept,), frozenset(), tests)
    return (Reading(concept, "Observation", (term,), _SURELY, "class"),)


def or_examined(found: Found, record: PatientRecord, concept: str) -> Found:
    """Return what was found and the results of a specimen of that name: tests of microbiology are called by it."""
    return replace(found, entries=_in_order((*found.entries, *_examined(concept, record, ("Observation",)))))


def _everything(record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    if len(types) == 1:
        return record.entries(types[0])
    return _in_order(entry for name in types for entry in record.entries(name))


def _chosen(readings: Sequence[Reading]) -> tuple[list[Reading], tuple[str, ...]]:
    """Return the best reading of each kind, if about as good as the best of all, and the labels of rivals."""
    near = [reading for reading in readings if reading.score >= EQUALLY * readings[0].score]
    best = list({reading.kind: reading for reading in reversed(near)}.values())[::-1]
    return best, tuple(reading.label for reading in near if reading not in best)


def _everywhere(readings: Sequence[Reading]) -> tuple[list[Reading], tuple[str, ...]]:
    """Return the best reading of each kind that means the words as surely as the best, or surely enough."""
    least = min(_SURELY, EQUALLY * readings[0].score)
    best = {reading.kind: reading for reading in reversed(readings) if reading.score >= least}
    return sorted(best.values(), key=lambda reading: -reading.score), ()


def _mentioned(concept: str, record: PatientRecord, types: Sequence[str]) -> tuple[str, ...]:
    """Return in how many entries a thing is a reason, person or place, which does not say that it was there."""
    mentions = mention_filter(concept, record)
    n = sum(1 for name in types for entry in record.entries(name) if mentions(entry))
    return (f"only mentioned, as a reason, person or place of {n} entries",) if n else ()


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    once = {entry.reference: entry for entry in entries}
    return tuple(sorted(once.values(), key=moment))


def undated(blank: Evidence, record: PatientRecord, missing: str) -> Evidence:
    """Return what is said of a period that nothing in the record dates: what dates it may not have been read."""
    unread = [kind for kind in _DATING if record.unread(kind)]
    known = {cover.kind for cover in blank.coverage}
    concerned = unread if unread or not record.scope else _DATING
    also = (cover for cover in record.coverage(*concerned) if cover.kind not in known)
    coverage = (*blank.coverage, *(cover for cover in also if cover.problems))
    if not unread:
        return replace(blank, values=(), notes=(missing,), coverage=coverage)
    why = "was left out" if record.left_out(*unread) else "could not be read"
    said = f"what would date the period {why}"
    return replace(blank, outcome="unreadable", coverage=coverage, values=(), notes=(said,))


def not_counted(record: PatientRecord, types: Sequence[str], concept: str | None) -> tuple[str, ...]:
    """Return what was set aside among the entries that go by `concept`: "1 not counted: refuted"."""
    aside = [entry for entry in _aside(record, types, concept) if not is_blanket(entry)]
    return (*beside(aside, named=False), *never(aside, record.now.isoformat()))


def _linked_aside(record: PatientRecord, types: Sequence[str], concept: str) -> frozenset[str]:
    readings = link(concept, record.not_counted(), types)
    linked = (e for r in readings if r.score >= _SURELY for e in r.entries)
    return frozenset(e.reference for e in linked if e.void or e.sense is None or is_hedged(e, concept))


def dated_by_encounter(found: Found, record: PatientRecord) -> Found:
    """Give what has no date of its own that of its encounter."""
    lent = {e.reference: when for e in found.entries if not e.start and (when := dated(e, record))}
    if not lent:
        return found
    entries = _in_order(
        replace(e, start=lent[e.reference]) if e.reference in lent else e for e in found.entries
    )
    note = f"{len(lent)} without a date of their own have that of their encounter"
    return replace(found, entries=entries, notes=(*found.notes, note))


def placed(found: Found, window: Window, relation: Relation) -> Found:
    """Keep what lies in a window: by its date, by one of its ends, or by all the time that it lasted."""
    if window.open:
        return found
    if relation == "active":
        return _active(found, window)
    tests: Mapping[Relation, Keep] = {
        "recorded": window.places,
        "started": lambda entry: window.places_time(entry.start),
        "ended": lambda entry: (
            window.places_time(entry.end) if may_have_ended(entry, window.record) else False
        ),
    }
    inside = [(entry, tests[relation](entry)) for entry in found.entries]
    kept, unclear = (tuple(entry for entry, met in inside if met is wanted) for wanted in (True, None))
    named = tuple(entry for entry in unclear if entry.start or not kept)  # one by one, beside what is sure
    notes = unplaced([entry for entry in unclear if not (kept and entry in named)])
    return replace(found, entries=kept, unclear=(*found.unclear, *named), notes=found.notes + notes)


def unplaced(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return what is said of entries of which it is open whether they lie in the time that was asked for."""
    undated = sum(1 for entry in entries if entry.start is None)
    vague = sum(1 for entry in entries if entry.start and entry.start.first != entry.start.last)
    return (
        *((f"{undated} without a date could not be placed in time",) if undated else ()),
        *((f"{vague} dated to a month or year that leaves it open",) if vague else ()),
    )


def _active(found: Found, window: Window) -> Found:
    """Keep what lasted into a window, setting aside what may have; what was inferred is said."""
    meets: dict[bool | None, list[Entry]] = {True: [], False: [], None: []}
    inferred: dict[bool | None, Counter[str]] = {inside: Counter() for inside in meets}
    for entry, span in lasting(found.entries, window.record):
        inside = window.overlaps(entry, span)
        meets[inside].append(entry)
        why = span.why if span else "no date is recorded"
        if why and not (span and window.places_time(span.first)):
            inferred[inside][why] += 1
    kept, unclear = (tuple(reversed(meets[inside])) for inside in (True, None))
    said = inferred[True] + inferred[None] if kept or unclear else inferred[False]
    notes = tuple(f"of {n}: {why}" if n > 1 else why for why, n in said.items())
    return replace(found, entries=kept, unclear=unclear, notes=found.notes + notes)


def filtered(found: Found, filters: Sequence[Keep]) -> Found:
    """Keep what passes all filters, setting aside what does not say whether it does."""
    asked = [keep for keep in filters if keep is not everything]
    if not asked:
        return found
    passes = asked[0] if len(asked) == 1 else partial(_passes, filters=asked)
    passed = [(entry, passes(entry)) for entry in found.entries]  # one stay may be in several places
    unclear = [entry for entry in found.unclear if passes(entry) is not False]
    unclear += [entry for entry, kept in passed if kept is None]
    return replace(found, entries=tuple([entry for entry, kept in passed if kept]), unclear=tuple(unclear))


def _passes(entry: Entry, filters: Sequence[Keep]) -> bool | None:
    passed: bool | None = True
    for keep in filters:
        kept = keep(entry)
        if not kept:
            passed = kept
        if passed is False:
            return False
    return passed
