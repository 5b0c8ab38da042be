"""MedicationRequests and MedicationAdministrations of a chart -> drugs, with the names by which people ask for them.

People ask for a product as recorded ("Sertraline 100 MG Oral Tablet"), short ("sertraline 100 mg"), for what is in it
("sertraline") or by a brand of that ("Zoloft", `lay.toml`: Ingredient). What is in it stands for several products
only where none of them holds anything else. Contraceptives hide hormones behind their brands: nobody asks for hormones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept, concepts_of, lay_of
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, name
from evaluation.gold.text import askable, could_mean

Holding = tuple[str, ...]

_UNIT = r"(?:MG|MCG|G|ML|UNT|MEQ|%)\b"
_STRENGTH = re.compile(rf"^(.+?)\s\d[\d.,]*\s?{_UNIT}", re.IGNORECASE)
_MILLIGRAMS = re.compile(r"\s(\d[\d.,]*)\s?MG\b(?!/)", re.IGNORECASE)
_AHEAD = re.compile(r"^(?:Abuse-Deterrent\s|NDA\d+\s|[\d.]+\s(?:ACTUAT|HR|ML)\s)+")
_SALT = re.compile(
    r"(?:,.*|\s\(.*|\s(?:hydrochloride|sodium|potassium|hyclate|monohydrate|bitartrate|phosphate|succinate|tartrate"
    r"|acetate|propionate|hydrobromide|bromide|maleate|besylate))+$",
    re.IGNORECASE,
)
_HORMONE = re.compile(r"estr|gest|noreth|drospir", re.IGNORECASE)
_PACK = re.compile(r"^([A-Z][\w+ -]*?) (?:[\d./]+ .*)?\d+ Day (?:Pack|Vaginal)")


@lru_cache(maxsize=1)
def prescriptions(chart: Chart) -> tuple[Resource, ...]:
    """Return the MedicationRequests, oldest first, each with the name of its drug in itself; no orders not to give."""
    return tuple(
        _named(each, chart) for each in chart.of("MedicationRequest") if not each.get("doNotPerform")
    )


@lru_cache(maxsize=1)
def drugs(chart: Chart) -> tuple[Concept, ...]:
    """Return the drugs that were prescribed, under every name that can mean only them in this record."""
    return tuple(_drugs(prescriptions(chart)))


@lru_cache(maxsize=1)
def only_administered(chart: Chart) -> tuple[Concept, ...]:
    """Return the drugs that have MedicationAdministrations and share nothing with any prescription."""
    given = [_named(each, chart) for each in chart.of("MedicationAdministration")]
    prescribed = [name(each) for each in prescriptions(chart)]
    return tuple(
        drug
        for drug in _drugs(given)
        if not any(could_mean(part, other) for part in _parts(drug) for other in prescribed)
    )


def holding(display: str) -> Holding:
    """Return what is in a product, sorted, without salts; nothing if its name does not tell.

    >>> holding("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"), holding("Yaz 28 Day Pack")
    (('amoxicillin', 'clavulanate'), ())
    """
    if not _STRENGTH.search(_AHEAD.sub("", display)):
        return ()
    return tuple(sorted({_ingredient(part) for part in display.split(" / ")}))


def names_of_product(display: str) -> tuple[str, ...]:
    """Return the names by which people ask for a product: as recorded, short, what is in it, its brands.

    >>> names_of_product("Sertraline 100 MG Oral Tablet")
    ('Sertraline 100 MG Oral Tablet', 'sertraline 100 mg', 'sertraline', 'Zoloft')
    """
    inside = holding(display)
    wanted = (display, *_short(display), *(_spoken(inside) if _tellable(inside) else ()))
    return tuple(each for each in dict.fromkeys(wanted) if askable(each))


def _drugs(found: Sequence[Resource]) -> Iterator[Concept]:
    """Yield concepts, those of the same resources as one."""
    by_resources: dict[tuple[str, ...], Concept] = {}
    for concept in (*_products(found), *_ingredients(found)):
        known = by_resources.get(concept.references, Concept((), ()))
        names = tuple(dict.fromkeys((*known.names, *concept.names)))
        by_resources[concept.references] = Concept(names, concept.resources)
    yield from (concept for concept in by_resources.values() if concept.names)


def _products(found: Sequence[Resource]) -> Iterator[Concept]:
    for product in concepts_of("MedicationRequest", found, found):
        short = (each for display in product.recorded for each in _short(display))
        names = (*product.names, *(each for each in short if not _taken(each, product.resources, found)))
        yield Concept(names, product.resources)


def _ingredients(found: Sequence[Resource]) -> Iterator[Concept]:
    """Yield what is in products: all of a product, and each part of it where no other product has that."""
    insides = dict.fromkeys(holding(name(each)) for each in found)
    wanted = dict.fromkeys([*insides, *((part,) for inside in insides for part in inside)])
    for inside in filter(_tellable, wanted):
        held = [each for each in found if _holds(each, inside)]
        pure = all(holding(name(each)) == inside for each in held)
        if pure or len({name(each).lower() for each in held}) == 1:
            names = _spoken(inside) if pure else _spoken(inside)[:1]
            yield Concept(tuple(each for each in names if not _taken(each, held, found)), tuple(held))


def _holds(request: Resource, inside: Holding) -> bool:
    """Whether a product holds it, going by what it is said to hold or by any word of its name."""
    display = name(request)
    return set(inside) <= set(holding(display)) or all(could_mean(part, display) for part in inside)


def _taken(asked: str, mine: Sequence[Resource], found: Iterable[Resource]) -> bool:
    """Whether a name could mean another product."""
    own = {name(each) for each in mine}
    return any(could_mean(asked, name(each)) for each in found if name(each) not in own)


def _tellable(inside: Holding) -> bool:
    return bool(inside) and not any(_HORMONE.search(part) for part in inside)


def _spoken(inside: Holding) -> tuple[str, ...]:
    """Return how people say what is in a product: its name, then other words and brands for it."""
    joined = "/".join(inside)
    return tuple(dict.fromkeys((joined, *lay_of("Ingredient").get(joined, ("", ()))[1])))


def _short(display: str) -> tuple[str, ...]:
    """Return a short form of a product's name, if it has one: with its strength, or the brand of a pack."""
    if pack := _PACK.search(display):
        return (pack[1],)
    inside, strength = holding(display), _MILLIGRAMS.search(display)
    if strength and len(inside) == 1 and _tellable(inside):
        return (f"{inside[0]} {strength[1]} mg",)
    return ()


def _ingredient(part: str) -> str:
    """Return what is in one part of a product's name, in the word most used for it."""
    plain = _AHEAD.sub("", part.strip())
    found = _STRENGTH.search(plain)
    bare = _SALT.sub("", found[1] if found else plain).strip()
    if "insulin" in bare.lower():
        return "insulin"
    spoken = " ".join(word.lower() if len(word) > 2 else word for word in bare.split())
    return lay_of("Ingredient").get(spoken, (spoken,))[0]


def _parts(drug: Concept) -> set[str]:
    return {part for each in drug.recorded for part in holding(each) or (each,)}


def _named(request: Resource, chart: Chart) -> Resource:
    """Return a request with its drug as a concept, where it refers to a Medication instead."""
    link = str(at(request, "medicationReference.reference") or "")
    inside = {f"#{each.get('id')}": each for each in request.get("contained") or ()}
    medication = inside.get(link) or (chart.target(link) if link else None)
    concept = (medication or {}).get("code")
    return {**request, "medicationCodeableConcept": concept} if concept else request
