"""Allergies: to what, how many, since when, of which category, reaction, prescriptions (FHIR R4 AllergyIntolerance).

Allergens are asked for by what people call them (`prevention.toml`). One entry with several names (a class of drugs)
could be counted and listed in two ways; a category that contradicts common sense could be told in two: not asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.families import absent, elsewhere, families, present
from evaluation.gold.kinds.common import (
    LONGEST_LIST,
    Slots,
    count,
    days_of,
    names_of,
    statement,
    yes_no,
)
from evaluation.gold.kinds.misread import days
from evaluation.gold.kinds.time import age_on
from evaluation.gold.periods import draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, codings, day, name
from evaluation.gold.text import words

_KIND = "AllergyIntolerance"
_CATEGORIES = {
    "food": ("food",),
    "medication": ("drug", "medication"),
    "environment": ("environmental",),
}
_RISKS = ("low", "high", "unable-to-assess")
_REACTIONS = ("Hives", "Anaphylaxis", "Wheezing", "Itching of skin", "Vomiting")
_SPARE = {
    "food": ("Allergy to eggs", "Allergy to wheat", "Sesame", "Strawberry"),
    "medication": ("Codeine", "Cefaclor", "Naproxen", "Doxycycline"),
    "environment": ("Ragweed pollen", "Cockroach", "Wasp venom", "Feathers"),
}
_INFANT = 2
"""Below these years people tell an age in months."""


def is_allergic(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is the patient allergic to something, to what only others are allergic to among them."""
    for concept in _now(chart):
        since = day(concept.resources[0])
        wrong = ("No", *(f"Yes, since {each}" for each in days(since, random)))
        yield statement({"x": concept.names}, True, f"Yes, since {since}", wrong[:4], concept.resources)
    for names in absent(_KIND, chart):
        wrong = tuple(f"Yes, since {each}" for each in days(chart.died or chart.now, random, back=True))
        yield statement({"x": names}, False, "No", wrong[:4], [])


def everything(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which allergies are there; the question "any?" wants the names, too."""
    found = chart.of(_KIND)
    if _clear(found, chart) and len(found) <= LONGEST_LIST:
        yield _names({}, found, [each for spare in zip(*_SPARE.values(), strict=True) for each in spare])


def number(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many allergies are on record."""
    if _clear(chart.of(_KIND), chart):
        yield count({}, chart.of(_KIND))


def of_category(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which allergies to foods, drugs, or the environment are there."""
    for category, said in _CATEGORIES.items():
        found = _of(category, chart)
        if found is not None and _clear(found, chart) and len(found) <= LONGEST_LIST:
            yield _names({"x": said}, found, _SPARE[category])


def number_of_category(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many allergies to foods, drugs, or the environment are there."""
    for category, said in _CATEGORIES.items():
        found = _of(category, chart)
        if found is not None and _clear(found, chart):
            yield count({"x": said}, found)


def since(chart: Chart, random: Random) -> Iterator[Gold]:
    """Since when is an allergy on record."""
    for concept in _single(chart):
        yield days_of({"x": concept.names}, concept.resources, chart.of(_KIND))


def age(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient when an allergy was first recorded; the age of an infant is told otherwise."""
    born = str(chart.patient.get("birthDate") or "")
    for concept in _single(chart) if len(born) == 10 else ():
        years = age_on(born, day(concept.resources[0]))
        if years >= _INFANT:
            yield Gold(
                slots={"x": concept.names}, answer=(years,), unit="years", resources=concept.references
            )


def reaction(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which reaction is recorded with an allergy."""
    for concept in _single(chart):
        shown = tuple(dict.fromkeys(_manifestations(concept.resources[0])))
        others = tuple((each,) for each in _REACTIONS if each not in shown)
        yield Gold(
            slots={"x": concept.names},
            answer=shown,
            resources=concept.references if shown else (),
            others=others,
        )


def risk(chart: Chart, random: Random) -> Iterator[Gold]:
    """How critical is an allergy, as recorded."""
    for concept in _single(chart):
        told = concept.resources[0].get("criticality")
        others = tuple((each,) for each in (*_RISKS, "moderate") if each != told)
        yield Gold(
            slots={"x": concept.names},
            answer=(told,) if told else (),
            resources=concept.references if told else (),
            others=others,
        )


def verified(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is an allergy confirmed, or only suspected."""
    for concept in _single(chart):
        told = str(at(concept.resources[0], "verificationStatus.coding.code") or "")
        if told in ("confirmed", "unconfirmed"):
            wrong = ("No, it is unconfirmed", "No, it was refuted", "No, it was entered in error")
            right = "Yes" if told == "confirmed" else "No, it is unconfirmed"
            others = wrong if told == "confirmed" else ("Yes", *wrong[1:])
            yield statement({"x": concept.names}, told == "confirmed", right, others, concept.resources)


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was any allergy recorded in a period."""
    found = chart.of(_KIND)
    if all(_one_day(each) for each in found) and not elsewhere(_KIND, chart):
        for period in draw(found, chart.now, random, 3) + draw(chart.of("Encounter"), chart.now, random, 3):
            yield yes_no({"period": period.words}, period.within(found), chart, random)


def prescribed(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was a drug ever prescribed to which an allergy is on record."""
    orders = chart.of("MedicationRequest")
    for concept in _single(chart):
        if _category(concept.resources[0]) == "medication" and len(codings(concept.resources[0])) == 1:
            drug = words(name(concept.resources[0]))
            given = [each for each in orders if drug <= words(name(each))]
            close = [each for each in orders if drug & words(name(each))]
            if given == close:
                yield yes_no({"x": name(concept.resources[0])}, given, chart, random)


def _now(chart: Chart) -> list[Concept]:
    """Return the allergens to which all allergies on record are active."""
    return [each for each in present(_KIND, chart) if all(_active(one) for one in each.resources)]


def _single(chart: Chart) -> list[Concept]:
    """Return the allergens with one entry, and one day on which it began and was recorded."""
    found = present(_KIND, chart)
    return [each for each in found if len(each.resources) == 1 and _one_day(each.resources[0])]


def _active(allergy: Resource) -> bool:
    return at(allergy, "clinicalStatus.coding.code") in (None, "active")


def _one_day(allergy: Resource) -> bool:
    told = {str(allergy.get(part) or "")[:10] for part in ("onsetDateTime", "recordedDate")} - {""}
    return len(told) == 1 and len(told.pop()) == len("2019-03-04")


def _clear(found: Sequence[Resource], chart: Chart) -> bool:
    """Whether each entry is active and has one name, no two have the same, and no diagnosis tells of an allergy."""
    displays = [{coding.get("display") for coding in codings(each)} - {None} for each in found]
    alone = all(len(each) <= 1 for each in displays) and all(map(_active, found))
    distinct = len({name(each) for each in found} - {""}) == len(found)
    return alone and distinct and not elsewhere(_KIND, chart)


def _category(allergy: Resource) -> str:
    told = allergy.get("category") or ("",)
    return str(told[0]) if len(told) == 1 else ""


def _of(category: str, chart: Chart) -> list[Resource] | None:
    """Return the allergies of a category, None where common sense would put others in it."""
    found = chart.of(_KIND)
    recorded = [each for each in found if _category(each) == category]
    sensible = [each for each in found if (_sense(each) or _category(each)) == category]
    told = all(_category(each) for each in found)
    return recorded if told and recorded == sensible else None


def _sense(allergy: Resource) -> str:
    return next((family.sense for family in families(_KIND) if family.holds(allergy)), "")


def _manifestations(allergy: Resource) -> list[str]:
    shown = (each for part in allergy.get("reaction") or () for each in part.get("manifestation") or ())
    return [str(at(each, "coding.display") or each.get("text") or "") for each in shown]


def _names(slots: Slots, found: Sequence[Resource], allergens: Sequence[str]) -> Gold:
    """Return the names of allergies; the wrong choices name allergens of nobody, too."""
    gold = names_of(slots, found, found)
    spare = [each for each in allergens if not any(words(each) & words(name(one)) for one in found)]
    longer, exchanged = [(*gold.answer, each) for each in spare], [(*gold.answer[1:], each) for each in spare]
    others = (*gold.others, *longer[:2], *exchanged[:2], *((each,) for each in spare))
    return replace(gold, others=others)


KINDS = (
    Kind("allergy-to", is_allergic),
    Kind("allergies", everything),
    Kind("allergies-count", number),
    Kind("allergies-of-category", of_category),
    Kind("allergies-of-category-count", number_of_category),
    Kind("allergy-since", since),
    Kind("allergy-age", age, 2),
    Kind("allergy-reaction", reaction),
    Kind("allergy-criticality", risk),
    Kind("allergy-confirmed", verified),
    Kind("allergies-any-in-period", any_in_period),
    Kind("allergen-prescribed", prescribed, 2),
)
