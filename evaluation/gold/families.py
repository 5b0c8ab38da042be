"""`prevention.toml` -> what people call vaccines and allergens, found in a chart or surely not in it.

"tetanus vaccine" is DTaP, Td and Tdap: a family covers codes of several names, unlike the rows of `lay.toml`. What
other types of resources hold under such a name (a vaccination as a Procedure, an allergy as a Condition) leaves it
open what counts, and the family is not asked for.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.reading import Resource
from evaluation.gold.resource import codings, name

_ELSEWHERE: Mapping[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "Immunization": (
        ("Procedure", "MedicationAdministration", "MedicationRequest"),
        re.compile(r"vaccin|immuni[sz]|toxoid", re.IGNORECASE),
    ),
    "AllergyIntolerance": (("Condition", "Observation"), re.compile(r"allerg|\bige\b", re.IGNORECASE)),
}
"""Where else the like of a type is recorded, and by which names."""


@dataclass(frozen=True, slots=True)
class Family:
    """What people call codes: words, the codes, the pattern of names, the category that everybody would say."""

    words: tuple[str, ...]
    codes: frozenset[str]
    like: re.Pattern[str]
    sense: str = ""

    def holds(self, resource: Resource) -> bool:
        """Whether a resource is of the family."""
        return any(coding.get("code") in self.codes for coding in codings(resource))

    def could_hold(self, resource: Resource) -> bool:
        """Whether a resource is of the family or is called like it."""
        told = [name(resource), *(str(coding.get("display") or "") for coding in codings(resource))]
        return self.holds(resource) or any(self.like.search(each) for each in told)


@cache
def families(kind: str) -> tuple[Family, ...]:
    """Return the families of a type: "Immunization", "AllergyIntolerance"."""
    read = tomllib.loads(files("evaluation.gold").joinpath("prevention.toml").read_text(encoding="utf-8"))
    return tuple(
        Family(
            tuple(row["words"]),
            frozenset(row["codes"]),
            re.compile(row["like"], re.IGNORECASE),
            row.get("sense", ""),
        )
        for row in read[kind]
    )


@lru_cache(maxsize=len(_ELSEWHERE))
def elsewhere(kind: str, chart: Chart) -> tuple[Resource, ...]:
    """Return what is like a type but recorded as another one."""
    types, mark = _ELSEWHERE[kind]
    return tuple(each for other in types for each in chart.of(other) if mark.search(name(each)))


@lru_cache(maxsize=len(_ELSEWHERE))
def present(kind: str, chart: Chart) -> tuple[Concept, ...]:
    """Return the families that the chart holds for sure, each under what people call it."""
    found = ((family, [each for each in chart.of(kind) if family.holds(each)]) for family in families(kind))
    return tuple(
        Concept(family.words, tuple(mine))
        for family, mine in found
        if mine and len(_possible(family, kind, chart)) == len(mine)
    )


@lru_cache(maxsize=len(_ELSEWHERE))
def absent(kind: str, chart: Chart) -> tuple[tuple[str, ...], ...]:
    """Return what people call the families of which the chart holds nothing for sure."""
    return tuple(family.words for family in families(kind) if not _possible(family, kind, chart))


def doubtful(kind: str, chart: Chart) -> list[Resource]:
    """Return the resources of families of which the chart may hold more than it records under the type."""
    open_ones = [each for each in families(kind) if any(map(each.could_hold, elsewhere(kind, chart)))]
    return [each for each in chart.of(kind) if any(family.could_hold(each) for family in open_ones)]


def _possible(family: Family, kind: str, chart: Chart) -> list[Resource]:
    return [each for each in (*chart.of(kind), *elsewhere(kind, chart)) if family.could_hold(each)]
