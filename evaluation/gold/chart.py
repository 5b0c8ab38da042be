"""The resources of one patient -> a chart as of a day: what counts and had happened by then, in the order of time."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from evaluation.gold.concept import Concept, concepts_of
from evaluation.gold.reading import Resource, plain_id
from evaluation.gold.resource import categories, counts, day, moment, name, untagged, when
from evaluation.gold.text import words


class Chart:
    """One patient's record as of a day.

    Args:
        patient: the patient's id.
        resources: everything in the patient's record.
        now: the clock, an ISO day; what happened on it or later is not part of the chart.
        elsewhere: names by type that other records hold, to ask for what this one does not.
    """

    def __init__(
        self, patient: str, resources: Sequence[Resource], now: str, elsewhere: Mapping[str, Sequence[str]]
    ) -> None:
        self.id, self.now, self.size = patient, now, len(resources)
        self._elsewhere = elsewhere
        self._concepts: dict[tuple[str, str], list[Concept]] = {}
        self._days: dict[str, frozenset[str]] = {}
        self._by_type: dict[str, list[Resource]] = {}
        self._by_id = {str(resource.get("id", "")): resource for resource in resources}
        for resource in resources:
            if counts(resource) and day(resource) < now:
                self._by_type.setdefault(resource["resourceType"], []).append(resource)
        for found in self._by_type.values():
            if all(when(resource) for resource in found):
                found.sort(key=lambda resource: (moment(resource), resource["id"]))

    @property
    def patient(self) -> Resource:
        """The Patient resource."""
        return self._by_type["Patient"][0]

    @cached_property
    def reference(self) -> str:
        """The reference of the Patient resource."""
        return f"Patient/{self.id}"

    @property
    def died(self) -> str:
        """The day of death, "" if the patient is alive."""
        return str(self.patient.get("deceasedDateTime") or "")[:10]

    def of(self, kind: str, category: str = "") -> list[Resource]:
        """Return the resources of a type, oldest first; of a category where one is given."""
        found = self._by_type.get(kind, [])
        return [r for r in found if category in categories(r)] if category else list(found)

    def target(self, reference: str) -> Resource | None:
        """Return the resource that a reference points to, None if it is not in the record."""
        return self._by_id.get(plain_id(reference))

    def concepts(self, kind: str, category: str = "") -> list[Concept]:
        """Return what the resources of a type are about, each with the names that can mean nothing else here."""
        if (kind, category) not in self._concepts:
            self._concepts[kind, category] = concepts_of(kind, self.of(kind, category), self.of(kind))
        return self._concepts[kind, category]

    def absent(self, kind: str) -> list[str]:
        """Return names of things of a type that other records hold and nothing in this one resembles."""
        return [each for each in self._elsewhere.get(kind, ()) if not self._words & words(each)]

    def days(self, kind: str) -> frozenset[str]:
        """Return the days of the resources of a type."""
        if kind not in self._days:
            self._days[kind] = frozenset(day(resource) for resource in self._by_type.get(kind, ()))
        return self._days[kind]

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words of all names in the record."""
        named = {name(resource) for found in self._by_type.values() for resource in found}
        return frozenset(word for each in named for word in words(each))


def names_in(resources: Iterable[Resource]) -> dict[str, set[str]]:
    """Return the names that a record holds, by type, without tags."""
    found: dict[str, set[str]] = {}
    for resource in resources:
        if named := untagged(name(resource)):
            found.setdefault(resource["resourceType"], set()).add(named)
    return found


def names_elsewhere(names: Mapping[str, Mapping[str, set[str]]], mine: str) -> dict[str, list[str]]:
    """Return the names that the records of other patients hold, by type, sorted."""
    others = [by_type for patient, by_type in names.items() if patient != mine]
    kinds = sorted({kind for by_type in others for kind in by_type})
    return {kind: sorted(set().union(*(each.get(kind, ()) for each in others))) for kind in kinds}
