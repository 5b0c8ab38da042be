"""A thing -> where else the record names it than in the kind that lists such things.

What states the thing itself (an isolate, a coded conclusion, an implant, an answer) makes a yes; what only mentions it
(the reason of a visit, an order, a bill, a note) is no yes, and leaves no plain no; what is told of a relative is not
the patient's. Left out: the kinds that list such things, which `matching` reads.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.calls.evidence import Coverage, Evidence, Fact
from tools.concepts import Reading, link, result_of, told_by_test
from tools.concepts.lexicon import DRUG_TYPES, lexicon
from tools.concepts.wording import stems, tokens
from tools.entries.entry import Coding, Entry
from tools.entries.senses import sense_of
from tools.finding.gives import GROUPED, TRUTHS
from tools.finding.lasting import goes_on
from tools.finding.library import Note, library, quotation
from tools.finding.matching import Found
from tools.finding.outcomes import NOT_SAID, entries_found, undecided
from tools.finding.passages import LONGEST, clause_with, sentence_with
from tools.finding.search import Search
from tools.finding.windows import Window
from tools.measuring.series import Point, judged
from tools.record import PatientRecord
from tools.record.shelf import Term
from tools.wording.facts import cut, fact, moment
from tools.wording.text import normal, plain_name
from tools.wording.words import cut_at_word, one_line

Says = Literal["states", "mentions", "denies", "family"]
Name = tuple[str, tuple[Coding, ...], Entry]
"""What a thing is called, its codes, and the entry whose line says so: a part of a form, else the whole."""
_SURELY = 0.75
"""Score of a reading from which on a name elsewhere means the thing, and not only something about it."""
_HARDLY = 0.5
"""Score up to which a name only tells of a history, a suspicion or a screening."""
_OF_THE_THING = ("coded conclusion", "finding", "device")
"""Words within details of an entry that name a thing."""
_NOBODYS = "names no patient"
"""What is said of a resource that could not be told whose it is, before its name."""
_ALLERGIES = ("AllergyIntolerance",)
_MAY_BE = ("suspected", "history")
"""What a line of a note may say of a thing to mention it; one that denies it, or is only about it, does not."""
_SPOKEN_OF: dict[tuple[str, ...], str] = {_ALLERGIES: "allergic", ("FamilyMemberHistory",): "relatives"}
"""Types of which a note speaks only where a word of a list stands beside the name."""
_YES = "yes"
_BY_CODE = "recorded only by its code"
_FEW = 6
"""FHIR types of one kind at most; more are those in which anything may stand."""
_STAYS = ("Procedure", "ImagingStudy", "DiagnosticReport", "Immunization")
"""Types whose entries have no status that ends: what they did or put in stays done."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an entry another thing is named.

    Attributes:
        how: in words, to stand before the name: "billed for".
        kinds: FHIR types of which it is a part.
        names: reads the names from an entry.
        says: what such a name says of the thing.
        broadly: whether a longer name means the thing as well: "Insertion of defibrillator lead" of a defibrillator.
    """

    how: str
    kinds: tuple[str, ...]
    names: Callable[[Entry], Iterable[Name]]
    says: Says = "mentions"
    broadly: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that names a thing elsewhere: where, and as what, which is a sentence where it is a note."""

    entry: Entry
    how: str
    name: str
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other kinds say of a thing, and the kinds that were read for it."""

    label: str
    states: tuple[Told, ...] = ()
    denies: tuple[Told, ...] = ()
    mentions: tuple[Told, ...] = ()
    family: tuple[Told, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def note(self) -> tuple[str, ...]:
        """What it amounts to where nothing states the thing."""
        if self.denies:
            return ()
        if self.mentions and all(told.how == _BY_CODE for told in self.mentions):
            n = len(self.mentions)
            return (f"{n} {'is' if n == 1 else 'are'} recorded only by a code that has no name here",)
        return ("the record only mentions it" if self.mentions else "the record tells it of the family only",)


def elsewhere(record: PatientRecord, types: Sequence[str], concept: str) -> Elsewhere:
    """Return what is said of a thing outside of the FHIR types that list its like."""
    return record.once(_elsewhere, tuple(types), concept)


def without_patient(record: PatientRecord, concept: str) -> tuple[str, ...]:
    """Return the FHIR types of which something of this name stands in the record's files and names no patient."""
    asked = set(stems(tokens(concept)))
    named = {
        kind: set(stems(tokens(" ".join(text.partition(_NOBODYS)[2] for text in said))))
        for kind, said in record.problems.items()
    }
    return tuple(kind for kind, names in named.items() if asked and asked <= names)


def placed_elsewhere(other: Elsewhere, window: Window) -> Elsewhere:
    """Keep what lies in a window."""
    if window.open:
        return other
    states, denies, mentions, family = (
        tuple(told for told in each if window.places(told.entry))
        for each in (other.states, other.denies, other.mentions, other.family)
    )
    return replace(other, states=states, denies=denies, mentions=mentions, family=family)


def lasts(told: Told, record: PatientRecord) -> bool:
    """Tell whether what states a thing says that it goes on: by its status, or as an implant stays."""
    return told.entry.kind in _STAYS or goes_on(told.entry, record)


def as_put_in(found: Found, record: PatientRecord, concept: str) -> Found:
    """Return the operations that put a device in, where one says when; a Device does not."""
    if any(entry.start for entry in found.entries):
        return found
    states = elsewhere(record, found.types, concept).states
    put_in = tuple(told.entry for told in states if told.entry.start)
    return replace(found, entries=put_in) if put_in else found


def or_elsewhere(nothing: Evidence, search: Search, types: Sequence[str], *, listed: bool) -> Evidence:
    """Return what kinds that do not list such things say of one that its own kind lacks: yes, no, or neither.

    Args:
        nothing: that its own kind has none.
        search: what was looked for.
        types: FHIR types that were read.
        listed: its own kind lists it at another time; then only what states it at this time tells more.
    """
    record = search.record
    other = placed_elsewhere(elsewhere(record, types, nothing.about), search.window)
    if listed:
        other = replace(other, mentions=(), denies=(), family=())
    nothing = replace(nothing, coverage=(*nothing.coverage, *_beside(record, types, other)))
    if other.states:
        return _stated(nothing, search, other)
    if nobodys := without_patient(record, nothing.about):
        known = {cover.kind for cover in nothing.coverage}
        lost = record.coverage(*(kind for kind in nobodys if kind not in known))
        coverage = (*nothing.coverage, *lost)
        return replace(nothing, outcome="unreadable", values=(), result=None, coverage=coverage)
    told = other.mentions or other.denies or other.family
    if not told or nothing.outcome == "unreadable":
        return nothing
    facts = tuple(fact_of(each, record) for each in told)
    shown = replace(
        nothing,
        facts=cut(facts),
        total=len(facts),
        references=tuple(each.entry.reference for each in told),
        notes=(*nothing.notes, *other.note),
    )
    is_open = bool(other.mentions) and search.give in TRUTHS
    return replace(shown, outcome="no value", values=(), result=None) if is_open else shown


def _stated(nothing: Evidence, search: Search, other: Elsewhere) -> Evidence:
    """Return what states the thing; whether it goes on is open where that is asked for and nothing says it."""
    record = search.record
    found = Found(other.label, tuple(told.entry for told in other.states), notes=nothing.notes)
    blank = replace(nothing, about=other.label)
    lasting = any(lasts(told, record) for told in other.states)
    if search.give in TRUTHS and search.active and not lasting:
        return undecided(blank, record, found, NOT_SAID)
    shown, facts = (
        entries_found(blank, record, search.choice, found),
        tuple(fact_of(told, record) for told in other.states),
    )
    return replace(shown, facts=cut(facts), total=len(facts)) if search.give in GROUPED else shown


def _beside(record: PatientRecord, types: Sequence[str], other: Elsewhere) -> tuple[Coverage, ...]:
    read = record.coverage(*(kind for kind in other.kinds if kind not in types))
    return tuple(replace(cover, beside=True) for cover in read)


def _without(mentions: dict[str, Told], stated: Collection[str]) -> Iterable[Told]:
    """Return what is only mentioned, without entries that state the thing as well."""
    return [told for reference, told in mentions.items() if reference not in stated]


def fact_of(told: Told, record: PatientRecord) -> Fact:
    """Return the line of an entry that names a thing elsewhere, with that name."""
    if told.note:
        return quotation(told.note, told.name, record)
    if told.how == _BY_CODE:
        return fact(told.entry, _BY_CODE)
    line, name = fact(told.entry), one_line(plain_name(told.name))
    return line if name in line.text else fact(told.entry, f"{told.how} {name}".strip())


def _elsewhere(record: PatientRecord, types: tuple[str, ...], concept: str) -> Elsewhere:
    told: dict[Says, dict[str, Told]] = {"states": {}, "denies": {}, "mentions": {}, "family": {}}
    kinds: dict[str, None] = {}
    label = ""
    for kind in _listing(types):
        kinds |= dict.fromkeys(name for place in record.once(_places, kind) for name in place.kinds)
        for reading, place in _readings(record, kind, concept):
            if place.says == "states":
                label = label or reading.label
            for term in reading.terms:
                sure = place.says not in ("states", "denies") or _means(concept, reading, term, place)
                if not sure and place.says == "denies":
                    continue
                says = place.says if sure else "mentions"
                for entry in term.entries:
                    if entry.kind not in types:
                        told[says].setdefault(entry.reference, Told(entry, place.how, term.display))
    for note, sentence in _written(record, types, concept):
        told["mentions"].setdefault(note.entry.reference, Told(note.entry, "", sentence, note))
    if not told["mentions"]:
        told["mentions"] = {
            entry.reference: Told(entry, _BY_CODE, "") for entry in record.once(_only_coded, types)
        }
    kinds |= dict.fromkeys(library(record).kinds)
    read = tuple(name for name in kinds if record.scope.admits(name) and record.holds(name))
    return Elsewhere(
        label or concept,
        states=_in_order(told["states"].values()),
        denies=_in_order(told["denies"].values()),
        mentions=_in_order(_without(told["mentions"], told["states"])),
        family=_in_order(told["family"].values()),
        kinds=read,
    )


def _only_coded(record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the problems, drugs and operations of which there is but a code that nobody here can name: "X123"."""
    listed = (entry for kind in types if kind in _OF and len(types) <= _FEW for entry in record.entries(kind))
    return tuple(entry for entry in listed if _is_code(entry))


def _is_code(entry: Entry) -> bool:
    return any(map(str.isdigit, entry.display)) and entry.display in {coding.code for coding in entry.codings}


def _listing(types: Sequence[str]) -> tuple[str, ...]:
    """Return the types, one for each sort of thing, whose like is looked for elsewhere; of anything all of them."""
    every = [name for name in (types if len(types) <= _FEW else _OF) if name in _OF]
    return tuple({id(_OF[name]): name for name in reversed(every)}.values())


def _in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    return tuple(sorted(told, key=lambda each: moment(each.entry)))


def _means(concept: str, reading: Reading, term: Term, place: Place) -> bool:
    """Tell whether a name means the thing, by more than a part of it.

    A genus means its species, a question that was answered need not have the words in a row, "Uses a cane: no" denies
    the cane.
    """
    if place.broadly or (reading.how != "part" and reading.score >= _SURELY):
        return True
    asked, name = stems(tokens(concept)), stems(tokens(term.display))
    denied = place.says == "denies" and name[-len(asked) :] == asked
    return denied or name[: len(asked)] == asked or term.display.rstrip().endswith("?")


def _readings(record: PatientRecord, kind: str, concept: str) -> Iterator[tuple[Reading, Place]]:
    for place in record.once(_places, kind):
        view = record.once(_view, kind, place)
        if view.terms(kind):
            yield from ((r, place) for r in link(concept, view, (kind,)) if r.score > _HARDLY)


def _places(record: PatientRecord, kind: str) -> tuple[Place, ...]:
    """Return the places that this record has, within its scope."""
    return tuple(place for place in _OF.get(kind, ()) if any(record.counts.get(name) for name in place.kinds))


class _View(PatientRecord):
    """A record seen from one of the places in which it names things of a kind."""

    def __init__(self, record: PatientRecord, kind: str, place: Place) -> None:
        self.__dict__.update(record.__dict__)
        self._forget()
        self._terms = {kind: _terms(record, kind, place)}

    def terms(self, kind: str) -> tuple[Term, ...]:
        return self._terms.get(kind, ())


def _view(record: PatientRecord, kind: str, place: Place) -> _View:
    return _View(record, kind, place)


def _terms(record: PatientRecord, kind: str, place: Place) -> tuple[Term, ...]:
    found: dict[str, list[Name]] = {}
    for name in place.kinds:
        for entry in record.entries(name) if record.counts.get(name) else ():
            for each in place.names(entry):
                found.setdefault(normal(each[0]), []).append(each)
    return tuple(_term(kind, names) for names in found.values())


def _term(kind: str, names: Sequence[Name]) -> Term:
    codings = dict.fromkeys(coding for _, codes, _ in names for coding in codes)
    called = dict.fromkeys([names[0][0], *(coding.display for coding in codings if coding.display)])
    entries = tuple(entry for _, _, entry in names)
    return Term(kind, names[0][0], tuple(called), frozenset(coding.code for coding in codings), entries)


def _written(record: PatientRecord, types: tuple[str, ...], concept: str) -> Iterator[tuple[Note, str]]:
    """Yield the notes in which the words stand in one sentence, each with that sentence.

    An allergy or a relative's disease is mentioned only where the sentence speaks of such; a drug that the patient is
    allergic to is not mentioned as one that is taken, nor a thing of the patient's own name.
    """
    if (
        types not in _SPOKEN_OF
        and not set(types).isdisjoint(DRUG_TYPES)
        and link(concept, record, _ALLERGIES)
    ):
        return
    if set(stems(tokens(concept))) <= set(stems(tokens(" ".join(record.patient.names)))):
        return
    speaking = _SPOKEN_OF.get(types)
    for note in library(record).notes:
        sentence = sentence_with(concept, note.page)
        if not sentence or (speaking and not _has_word(sentence, speaking)):
            continue
        sense = sense_of(clause_with(concept, sentence), ())
        if sense is None or sense.how in _MAY_BE:
            yield note, cut_at_word(one_line(sentence, len(sentence)), LONGEST)


def _own(entry: Entry) -> Iterator[Name]:
    yield entry.display, entry.codings, entry


def _parts(entry: Entry) -> Iterator[Name]:
    yield from ((part.display, part.codings, part) for part in entry.components)


def _within(entry: Entry) -> Iterator[Name]:
    yield from ((name, (), entry) for label, name in entry.counts if label in _OF_THE_THING)


def _reasons(entry: Entry) -> Iterator[Name]:
    yield from ((reason.display, (), entry) for reason in entry.reasons if reason.display)


def _services(entry: Entry) -> Iterator[Name]:
    yield from ((part.display, (), entry) for part in entry.parts if part.display)


def _results(entry: Entry) -> Iterator[Name]:
    """Yield what a test found: its result in words, or what it looks for where that was there."""
    for test in entry.components or (entry,):
        if not isinstance(test.value, str) or _is_about(test):
            continue
        sign = result_of(test.value)
        if sign == "positive" or test.value.casefold().startswith(_YES):
            yield test.display, test.codings, test
        if sign is None:
            yield test.value, (), test


def _denials(entry: Entry) -> Iterator[Name]:
    """Yield what a test did not find, and what was answered with no."""
    for test in entry.components or (entry,):
        if isinstance(test.value, str) and result_of(test.value) == "negative" and not _is_about(test):
            yield test.display, test.codings, test


def _out_of_range(entry: Entry) -> Iterator[Name]:
    """Yield the findings that a result which is high or low tells of, or one in words may tell of: "hyperkalemia"."""
    for test in entry.components or (entry,):
        told = told_by_test(test.display, frozenset(coding.code for coding in test.codings))
        if told and test.value is not None:
            flag = judged(Point(test))
            for finding, way in told.items():
                if flag == way or (flag is None and isinstance(test.value, str)):
                    yield finding, (), test


def _has_word(text: str, words: str) -> bool:
    """Tell whether a text has a word of one of the lists of concepts.toml."""
    return not lexicon().lists[words].isdisjoint(stems(tokens(text)))


def _is_about(test: Entry) -> bool:
    """Tell whether a test is of a relative, a suspicion or a risk, so that its result states nothing."""
    return _has_word(test.display, "about")


def _implants(entry: Entry) -> Iterator[Name]:
    """Yield what an operation put into the patient."""
    if _has_word(entry.display, "implanting"):
        yield from _own(entry)
        yield from _within(entry)


def _vaccinations(entry: Entry) -> Iterator[Name]:
    """Yield a vaccination that stands among the operations; a test for its disease is none."""
    if _has_word(entry.display, "optional Immunization"):
        yield from _own(entry)


def _allergies(entry: Entry) -> Iterator[Name]:
    """Yield an allergy that stands among warnings or harms."""
    if _has_word(entry.display, "optional AllergyIntolerance"):
        yield from _own(entry)


_BILLS = ("Claim", "ExplanationOfBenefit")
_ORDERS = ("ServiceRequest", "DeviceRequest", "NutritionOrder")
_BILLED = Place("billed:", _BILLS, _services)
_TESTS = ("Observation", "QuestionnaireResponse")
_ANSWERED = Place("", _TESTS, _results, "states")
_DENIED = Place("", _TESTS, _denials, "denies")
_ORDERED = Place("", _ORDERS, _own)
_BOOKED = Place("", ("Appointment",), _own)
_WITH_REASONS = (
    *("Encounter", "Procedure", "MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    *("ServiceRequest", "Appointment", "ImagingStudy", "Immunization", "DeviceUseStatement", "Communication"),
)
_OF: dict[str, tuple[Place, ...]] = {
    "Condition": (
        Place("concluded:", ("DiagnosticReport",), _within, "states"),
        Place("found:", ("ClinicalImpression",), _within, "states"),
        Place("", ("AdverseEvent",), _own, "states"),
        _ANSWERED,
        _DENIED,
        Place("may tell of", ("Observation",), _out_of_range),
        Place("for", _WITH_REASONS, _reasons),
        Place("billed for", _BILLS, _reasons),
        Place("", ("Flag",), _own),
        Place("", ("RiskAssessment",), _parts),
        Place("", ("FamilyMemberHistory",), _parts, "family"),
    ),
    "MedicationRequest": (
        Place("", ("MedicationDispense", "MedicationAdministration"), _own, "states"),
        Place("", ("QuestionnaireResponse",), _results),
        Place("", ("Immunization",), _own, "states"),
        _BILLED,
    ),
    "Procedure": (
        Place("", ("ImagingStudy", "DiagnosticReport", "Media"), _own, "states"),
        _ORDERED,
        _BOOKED,
        _BILLED,
        Place("for", ("Encounter",), _reasons),
        Place("", ("QuestionnaireResponse",), _results),
    ),
    "Device": (
        Place("", ("DeviceUseStatement",), _own, "states"),
        Place("", ("Procedure",), _implants, "states", broadly=True),
        _ANSWERED,
        _DENIED,
        Place("", ("Procedure", "DeviceRequest", "SupplyDelivery", "ServiceRequest"), _own),
        _BILLED,
    ),
    "AllergyIntolerance": (
        Place("", ("Flag", "AdverseEvent"), _allergies, "states"),
        Place("", ("QuestionnaireResponse",), _results),
    ),
    "Immunization": (
        Place("", ("MedicationAdministration",), _own, "states"),
        Place("", ("Procedure",), _vaccinations, "states"),
        Place("recommended:", ("ImmunizationRecommendation",), _parts),
        _ORDERED,
        _BILLED,
        Place("", ("QuestionnaireResponse",), _results),
    ),
}
_OF |= {"ImagingStudy": _OF["Procedure"], "MedicationStatement": _OF["MedicationRequest"]}
