"""Words for status, category, route, place, person and reason -> which entries they keep.

The words are those of clinicians ("past", "emergency", "labs") or of FHIR R4 ("resolved", "EMER"). What
counts is what the record says: a test filed under another category stays there.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Literal

from tools.calls.errors import BadArgument
from tools.concepts import link
from tools.concepts.lexicon import lexicon
from tools.concepts.spelling import spelt
from tools.concepts.wording import stems, tokens
from tools.entries.entry import Entry, Link
from tools.finding.aside import REASONS, reason_of
from tools.finding.conflicts import ended_yet_active
from tools.finding.cultures import is_microbiology
from tools.finding.lasting import ACTIVE, BY_THE_CLOCK, DRUGS, is_current, is_over
from tools.measuring.laboratory import is_laboratory
from tools.measuring.series import Point, judged
from tools.record import PatientRecord
from tools.record.stays import (
    below,
    covers,
    hospital_stays,
    in_emergency_department,
    in_intensive_care,
    in_observation,
    intensive_care,
    is_stay,
    on_wards,
    place_names,
)
from tools.wording.text import normal, words
from tools.wording.words import linked_names

Keep = Callable[[Entry], bool | None]
"""Whether an entry is meant; None if it does not say."""

_FLAGS = frozenset({"in range", "out of range", "high", "low"})
_AHEAD = frozenset({"draft", "planned", "proposed", "on-hold", "unknown", "booked", "pending", ""})
_STATUSES = ACTIVE | _AHEAD - {""}
_STATUSES |= frozenset(
    {
        "remission",
        "resolved",
        "stopped",
        "completed",
        "cancelled",
        "finished",
        "final",
        "preliminary",
        "amended",
    }
    | {"corrected", "available", "current", "superseded", "registered", "arrived", "triaged", "onleave"}
    | {"suspended", "rejected", "revoked", "retired", "partial", "intended"}
)
ALLERGY_CATEGORIES = frozenset({"medication", "drug", "food", "environment", "biologic"})
"""Categories of allergies (FHIR R4 AllergyIntoleranceCategory)."""
_BESIDE_A_SUBSTANCE = "optional AllergyIntolerance"
"""The word list of what stands beside the substance in the name of an allergy."""
_REFUSED = frozenset({"declined", "refused", "not done", "not given", "not performed"})
_CATEGORY_WORDS: dict[str, frozenset[str]] = {
    "inpatient": frozenset({"imp", "acute", "nonac", "inpatient"}),
    "icu": frozenset({"icu"}),
    "emergency": frozenset({"emer", "emergency"}),
    "ambulatory": frozenset({"amb", "ambulatory", "outpatient"}),
    "short stay": frozenset({"ss", "short stay"}),
    "virtual": frozenset({"vr", "virtual"}),
    "home": frozenset({"hh", "home", "home health"}),
    "laboratory": frozenset({"laboratory", "lab"}),
    "imaging": frozenset({"imaging", "rad", "radiology"}),
    "wellness": frozenset({"wellness"}),
}
_TITLES = frozenset({"dr", "doctor", "prof", "professor", "nurse", "mr", "mrs", "ms", "miss"})
_OF_RESULTS = {"laboratory": is_laboratory, "microbiology": is_microbiology}
_OF_ENCOUNTERS: Mapping[str, Callable[[Entry, PatientRecord], bool]] = {
    "inpatient": is_stay,
    "icu": in_intensive_care,
    "emergency": in_emergency_department,
    "observation": in_observation,
    "ward": lambda entry, record: entry.kind == "Encounter",
}
WithinStays = Literal["icu", "ward"]
_WITHIN_STAYS = {"icu": intensive_care, "ward": on_wards}
"""Words for what an encounter was in for a time: units and wards."""
_CATEGORY_SYNONYMS = {
    "hospital": "inpatient",
    "admission": "inpatient",
    "hospitalization": "inpatient",
    "hospitalisation": "inpatient",
    "stay": "inpatient",
    "intensive care": "icu",
    "intensive care unit": "icu",
    "critical care": "icu",
    "observation stay": "observation",
    "care unit": "ward",
    "careunit": "ward",
    "unit": "ward",
    "wards": "ward",
    "er": "emergency",
    "ed": "emergency",
    "emergency department": "emergency",
    "emergency room": "emergency",
    "outpatient": "ambulatory",
    "office": "ambulatory",
    "telehealth": "virtual",
    "home health": "home",
    "lab": "laboratory",
    "labs": "laboratory",
    "lab result": "laboratory",
    "lab results": "laboratory",
    "lab test": "laboratory",
    "lab tests": "laboratory",
    "laboratory results": "laboratory",
    "laboratory tests": "laboratory",
    "micro": "microbiology",
    "microbiological": "microbiology",
    "radiology": "imaging",
    "vitals": "vital signs",
    "vital": "vital signs",
    "preventive": "wellness",
    "checkup": "wellness",
    "check up": "wellness",
    "drug": "medication",
}
_ROUTES: dict[str, tuple[str, ...]] = {
    "oral": ("oral", "orally", "po", "by mouth", "mouth", "per os"),
    "intravenous": ("iv", "intravenous", "intravenously", "i v"),
    "subcutaneous": ("sc", "subcutaneous", "subcutaneously", "subcut", "sq", "subq", "under the skin"),
    "intramuscular": ("im", "intramuscular", "intramuscularly"),
    "inhaled": ("ih", "inh", "inhaled", "inhalation", "by inhalation", "respiratory tract route", "inhalant"),
    "topical": ("tp", "topical", "topically", "on the skin", "cutaneous"),
    "transdermal": ("td", "transdermal", "patch"),
    "nasal": ("nu", "nasal", "intranasal", "by nose", "in the nose"),
    "rectal": ("pr", "rectal", "rectally", "per rectum"),
    "vaginal": ("pv", "vaginal", "vaginally"),
    "sublingual": ("sl", "sublingual", "under the tongue"),
    "ophthalmic": ("ophthalmic", "both eyes", "left eye", "right eye", "in the eye", "ou", "os", "od"),
}
"""What people and records call a route."""
ON_PROBLEM_LIST, OF_ENCOUNTER = "problem-list-item", "encounter-diagnosis"
"""Categories of problems: on the list, or diagnosed at a visit."""
NO_REASON = "none"
"""The word for a reason where none is to be recorded."""
_WELLNESS = (
    "wellness",
    "well child",
    "check up",
    "checkup",
    "general examination",
    "preventive",
    "annual physical",
)


def everything(entry: Entry) -> bool:
    """Keep an entry: the test where nothing is asked."""
    return True


def status_filter(status: str | None, record: PatientRecord) -> Keep:
    """Return the test for a status word: what is active is current by its days too, of the dead at death.

    Of a problem that is recorded as active and as ended it is open whether it goes on.

    Raises:
        BadArgument: neither a word for active or past, nor a FHIR status.
    """
    if status is None:
        return everything
    word = normal(status)
    if word == "active":
        return _active_filter(record)
    if word == "past":
        return lambda entry: _is_past(entry, record)
    if word in _FLAGS:
        return lambda entry: _flagged(entry, word)
    reasons = _reasons(word)
    word = word.replace(" ", "-")
    if word not in _STATUSES and not reasons:
        raise BadArgument("status", status, "active, past, out of range or a FHIR status", "resolved")
    return lambda entry: entry.status == word or reason_of(entry) in reasons


def means_judged(status: str | None) -> bool:
    """Tell whether a status word is about how results are judged: "high", "out of range"."""
    return bool(status and normal(status) in _FLAGS)


def means_set_aside(status: str | None) -> bool:
    """Tell whether a status word is a reason for which entries are set aside: they are what is asked for then."""
    return bool(status and _reasons(normal(status)))


def _reasons(word: str) -> frozenset[str]:
    """Return for which reasons entries are set aside that go by a status word: what was refused was not done."""
    spaced = word.replace("-", " ")
    if spaced in _REFUSED:
        return frozenset({"not-done", "not done", "declined", "rejected", "not-taken"})
    return frozenset(each for each in REASONS if each.replace("-", " ") == spaced)


def _active_filter(record: PatientRecord) -> Keep:
    ended = record.once(ended_yet_active)

    def keep(entry: Entry) -> bool | None:
        if entry.reference in ended:
            return None
        return entry.status in ACTIVE and (entry.kind not in BY_THE_CLOCK or is_current(entry, record))

    return keep


def _is_past(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry is past: by its status, of a drug by its end too."""
    return entry.status not in ACTIVE | _AHEAD or (entry.kind in DRUGS and is_over(entry, record))


def means_active(status: str) -> bool:
    """Tell whether a status word means that something goes on."""
    return normal(status) == "active"


def _flagged(entry: Entry, word: str) -> bool | None:
    """Whether the record's range or flag says so of a value, or of a component; None of numbers that it does not judge.

    Words without a flag are neither: "yellow".
    """
    parts = [Point(part) for part in (entry, *entry.components)]
    flags = {flag for part in parts if (flag := judged(part))}
    if not flags:
        return None if any(part.span for part in parts) else False
    if word in ("in range", "out of range"):
        return (flags == {"normal"}) == (word == "in range")
    return word in flags


def category_filter(category: str | None, record: PatientRecord) -> Keep:
    """Return the test for a category word: the entry's category or class, else a word of its name.

    A record that files nothing on a problem list has all its problems on it. Of encounters "inpatient" are hospital
    stays, "observation" those for observation, "icu" their parts in intensive care, "ward" the time on each of their
    wards, and "emergency" visits to an emergency department, the part where a stay has one.
    """
    if category is None:
        return everything
    word = _spaced(category)
    word = _CATEGORY_SYNONYMS.get(word, word)
    if word == "problem list item" and not record.once(_has_problem_list):
        return everything
    labelled = _labelled(word)
    if word in _OF_RESULTS:
        of_results = _OF_RESULTS[word]
        return lambda entry: of_results(entry, record) or labelled(entry)
    of_encounters = _OF_ENCOUNTERS.get(word)
    if of_encounters is None:
        return _of_allergies(labelled, word) if word in ALLERGY_CATEGORIES else labelled
    if word == "inpatient":
        stays = record.once(hospital_stays)
        return lambda entry: entry.reference in stays or (entry.kind != "Encounter" and bool(labelled(entry)))
    return lambda entry: of_encounters(entry, record) if entry.kind == "Encounter" else labelled(entry)


def _of_allergies(labelled: Keep, word: str) -> Keep:
    """Return the test for a category where an allergy may have none: then its name may tell whether it is to a drug."""
    of_drugs = word in ("medication", "drug")

    @cache
    def by_name(name: str) -> bool | None:
        said, book = stems(tokens(name)), lexicon()
        substance = tuple(each for each in said if each not in book.lists[_BESIDE_A_SUBSTANCE])
        if book.concepts(substance, "MedicationRequest"):
            return of_drugs
        return False if of_drugs and book.concepts(substance, "AllergyIntolerance") else None

    def keep(entry: Entry) -> bool | None:
        if entry.kind != "AllergyIntolerance" or entry.category:
            return labelled(entry)
        return labelled(entry) or by_name(entry.display)

    return keep


def _has_problem_list(record: PatientRecord) -> bool:
    return any(ON_PROBLEM_LIST in entry.category for entry in record.entries("Condition"))


def _labelled(word: str) -> Keep:
    codes = _CATEGORY_WORDS.get(word, frozenset({word}))
    named = _WELLNESS if word == "wellness" else () if word in _CATEGORY_WORDS else (word,)

    @cache
    def filed(recorded: tuple[str, ...]) -> bool:
        return any(_spaced(label) in codes for label in recorded)

    return lambda entry: filed(entry.category) or any(name in _spaced(entry.display) for name in named)


def all_results_meant(concept: str) -> str:
    """Return of which laboratory words mean all results, "labs" of "laboratory"; "" if they name a test."""
    word = _CATEGORY_SYNONYMS.get(_spaced(concept), _spaced(concept))
    return word if word in _OF_RESULTS else ""


def means_microbiology(category: str | None) -> bool:
    """Tell whether a category word means tests of microbiology."""
    return _CATEGORY_SYNONYMS.get(_spaced(category or ""), _spaced(category or "")) == "microbiology"


def within_stays(
    category: str | None,
) -> Callable[[Entry, PatientRecord], tuple[Entry, ...]] | None:
    """Return what gives the time that an encounter was in a unit or ward; None of words that mean neither."""
    word = _spaced(category or "")
    return _WITHIN_STAYS.get(_CATEGORY_SYNONYMS.get(word, word))


@cache
def _spaced(text: str) -> str:
    return normal(text).replace("-", " ")


def within_stays_said(text: str) -> str:
    """Return the category of units or wards that a text names, "icu" or "ward"; "" if none.

    >>> within_stays_said("How many ICU visits?"), within_stays_said("the first care unit"), within_stays_said("stay")
    ('icu', 'ward', '')
    """
    said = _spaced(text).split()
    runs = (" ".join(said[n : n + size]) for size in (3, 2, 1) for n in range(len(said)))
    meant = (_CATEGORY_SYNONYMS.get(run.strip("?.,;:"), run.strip("?.,;:")) for run in runs if run != "unit")
    return next((category for category in meant if category in _WITHIN_STAYS), "")


def route_filter(route: str | None, entries: Iterable[Entry]) -> Keep:
    """Return the test for a route as recorded ("PO", "Oral route") or as people say it ("oral", "by mouth").

    What is recorded in just these words is meant; else every way of saying the same, for which the dose in words or the
    name of a drug may stand too where no route is recorded, or only a number for it: "Oral Tablet".
    """
    if route is None:
        return everything
    bare = " ".join(word for word in words(route) if word != "route")
    if any(bare in _routes_of(entry) for entry in entries):
        return lambda entry: bare in _routes_of(entry) if _routes_of(entry) else None
    wanted = _named_routes(bare)

    def keep(entry: Entry) -> bool | None:
        recorded = [way for way in _routes_of(entry) if not way.isdigit()]
        said = frozenset().union(*map(_named_routes, recorded or (entry.detail("dose"), entry.display)))
        return bool(wanted & said) if recorded or said else None

    return keep


def _routes_of(entry: Entry) -> tuple[str, ...]:
    """Return the routes that an entry records, in words that can be compared."""
    recorded = (text for label, text in (*entry.details, *entry.counts) if label == "route")
    return tuple(" ".join(word for word in words(text) if word != "route") for text in recorded)


@cache
def _named_routes(text: str) -> frozenset[str]:
    said = f" {' '.join(words(text))} "
    return frozenset(name for name, ways in _ROUTES.items() if any(f" {way} " in said for way in ways))


def place_filter(place: str | None, record: PatientRecord) -> Keep:
    """Return the test whether something was at a place: by its own locations, else by those of its encounter.

    Of an encounter its parts are looked at too; what belongs to a stay was where the stay was at its time.
    """
    if place is None:
        return everything
    words_meant = set(words(place)) - {"the", "unit", "department", "room"} or set(words(place))
    emergency = _CATEGORY_SYNONYMS.get(_spaced(place), _spaced(place)) == "emergency"

    @cache
    def called(name: str) -> bool:
        said = set(words(name))
        return words_meant <= said or (emergency and "emergency" in said)

    def there(entry: Entry) -> bool | None:
        names = place_names(entry, record)
        if emergency and entry.kind == "Encounter" and entry.category:
            return "emer" in entry.category or any(map(called, names))
        return any(map(called, names)) if names else None

    def somewhere(entries: Iterable[Entry]) -> bool | None:
        found = set(map(there, entries))
        return True if True in found else None if None in found else False

    def keep(entry: Entry) -> bool | None:
        if entry.kind == "Encounter":
            narrowed = record.get(entry.reference) is not entry  # to the time in one of its places
            return there(entry) if narrowed else somewhere((entry, *below(entry, record)))
        visit = None if entry.where else record.get(entry.encounter)
        if visit is None:
            return there(entry)
        parts = [part for part in below(visit, record) if covers(part, entry)]
        return somewhere(parts or (visit,))

    return keep


def reason_filter(reason: str | None, record: PatientRecord, *, broadly: bool = False) -> Keep:
    """Return the test whether an entry, or the encounter it belongs to, was for `reason`.

    "none": no reason is recorded for it, nor is a diagnosis of an encounter. Broadly: also for a condition whose longer
    name holds its words, "Childhood asthma" of "asthma".
    """
    if reason is None:
        return everything
    if normal(reason) == NO_REASON:
        return _without_reason(record)
    readings = link(reason, record, ("Condition",))[:1]
    wanted = {entry.reference for reading in readings for entry in reading.entries}
    diagnosed_at = {entry.encounter for reading in readings for entry in reading.entries}
    names = {normal(term.display) for reading in readings for term in reading.terms}
    misspelt = any(reading.how == "misspelling" for reading in readings)
    said = (spelt(reason) if misspelt else reason, *(reading.label for reading in readings))
    meant = {concept for name in said for concept in lexicon().concepts(stems(tokens(name)), "Condition")}

    def meets(links: Iterable[Link]) -> bool:
        return any(
            to.reference in wanted
            or normal(to.display) in names
            or any(_mentions(display(to), name) for name in said)
            or any(c in meant for c in lexicon().concepts(stems(tokens(to.display)), "Condition"))
            for to in links
        )

    def display(to: Link) -> str:
        target = record.get(to.reference) if broadly and not to.display else None
        return target.display if target else to.display

    def keep(entry: Entry) -> bool:
        visit = None if entry.reasons else record.get(entry.encounter)
        if entry.kind == "Encounter" and not entry.reasons:
            return entry.reference in diagnosed_at
        return meets(visit.reasons if visit else entry.reasons)

    return keep


def _without_reason(record: PatientRecord) -> Keep:
    diagnosed_at = {entry.encounter for entry in record.entries("Condition")}
    return lambda entry: (
        not entry.reasons and (entry.kind != "Encounter" or entry.reference not in diagnosed_at)
    )


def who_filter(who: str | None, record: PatientRecord) -> Keep:
    """Return the test whether a person took part in an entry, or in the visit that it belongs to."""
    if who is None:
        return everything

    def keep(entry: Entry) -> bool | None:
        visit = None if entry.who else record.get(entry.encounter)
        names = linked_names((visit or entry).who, record)
        return any(_mentions(name, who) for name in names) if names else None

    return keep


def mention_filter(text: str, record: PatientRecord) -> Keep:
    """Return the test whether an entry names `text` as its reason, person, place or part."""
    for_it = reason_filter(text, record)

    def named(to: Link) -> bool:
        target = None if to.display else record.get(to.reference)
        return _mentions(to.display or (target.display if target else ""), text)

    return lambda entry: for_it(entry) or any(map(named, (*entry.who, *entry.where, *entry.parts)))


def _mentions(display: str, text: str) -> bool:
    wanted = set(words(text)) - _TITLES
    return bool(wanted) and wanted <= set(words(display))
