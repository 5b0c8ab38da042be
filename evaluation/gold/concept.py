"""Resources of one type -> what they are about, with the names by which people may ask for it.

Resources are about the same where they share a code or a name, or where people have one word for their codes
(`lay.toml`). A name that could mean something else in the same record is not used.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from evaluation.gold.reading import Resource
from evaluation.gold.resource import codings, name, reference, untagged
from evaluation.gold.text import askable, could_mean


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that resources are about.

    Attributes:
        names: that may stand in a question; none of them can mean another thing in this record.
        resources: oldest first.
    """

    names: tuple[str, ...]
    resources: tuple[Resource, ...]

    @property
    def references(self) -> tuple[str, ...]:
        """The references of its resources."""
        return tuple(reference(resource) for resource in self.resources)

    @property
    def recorded(self) -> tuple[str, ...]:
        """Its names as recorded, each once."""
        return tuple(dict.fromkeys(name(resource) for resource in self.resources))


def concepts_of(kind: str, resources: Sequence[Resource], everything: Sequence[Resource]) -> list[Concept]:
    """Return the concepts of resources, in the order of their first one.

    Args:
        kind: their type.
        resources: those that are asked about, oldest first.
        everything: all of that type; a name that could mean one of the others is not used.
    """
    groups = _grouped(kind, resources)
    recorded = {name(resource) for resource in everything}
    found = []
    for group in groups:
        own = {name(resource) for resource in group}
        others = recorded - own
        wanted = dict.fromkeys([*(untagged(each) for each in sorted(own)), *_lay_names(kind, group)])
        names = tuple(
            each
            for each in wanted
            if askable(each)
            and not any(could_mean(each, other) for other in others)
            and _names_all(each, group)
        )
        found.append(Concept(names, tuple(group)))
    return [concept for concept in found if concept.names]


def _names_all(told: str, group: Sequence[Resource]) -> bool:
    """Whether a recorded name means all of them: not that of an addition to what some of them are coded as.

    "Postoperative care for dental procedure" is coded as postoperative care, too; not every postoperative care is it.
    """
    coded = [
        (each, untagged(coding.get("display") or ""))
        for one in group
        for coding in codings(one)
        for each in [coding.get("code")]
    ]
    meant = {code for code, display in coded if code and display == told}
    return not meant or all(meant & set(_codes(one)) for one in group)


def _grouped(kind: str, resources: Sequence[Resource]) -> list[list[Resource]]:
    """Return the resources that share a mark, directly or through others, in the given order."""
    groups: list[tuple[set[str], list[int]]] = []
    for number, resource in enumerate(resources):
        marks = {name(resource).lower(), *_keys(kind, resource)} - {""}
        if not marks:
            continue
        fitting = [group for group in groups if group[0] & marks]
        groups = [group for group in groups if not group[0] & marks]
        groups.append((marks.union(*(g[0] for g in fitting)), [*(n for g in fitting for n in g[1]), number]))
    ordered = sorted(sorted(numbers) for _, numbers in groups)
    return [[resources[n] for n in numbers] for numbers in ordered]


def _keys(kind: str, resource: Resource) -> set[str]:
    """Return codes, each under the first code for which people have the same word."""
    lay = lay_of(kind)
    return {lay[code][0] if code in lay else code for code in _codes(resource)}


def _codes(resource: Resource) -> list[str]:
    return [coding["code"] for coding in codings(resource) if coding.get("code")]


def _lay_names(kind: str, group: Sequence[Resource]) -> list[str]:
    lay = lay_of(kind)
    codes = dict.fromkeys(code for resource in group for code in _codes(resource))
    return [word for code in codes if code in lay for word in lay[code][1]]


@cache
def lay_of(kind: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what people call the codes of a type: (first code of the row, words) by code."""
    read = tomllib.loads(files("evaluation.gold").joinpath("lay.toml").read_text(encoding="utf-8"))
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for row in read.get(kind, ()):
        for code in row["codes"]:
            found[code] = (row["codes"][0], tuple(row["words"]))
    return found
