"""The right values of questions of every kind, worked out from the JSON of a record.

FHIR R4 Bundle -> values. Standard library only, and nothing of the product: this is the second, independent way.
Things of the record are chosen by a table such as `{type = "Condition", codes = ["10509002"], until = "2009-12-31"}`;
see `select`. A test is a list of codes; equal values of one test at one moment are one value.
Days are the local days as recorded, and the clock is 2026-01-01. Not covered: months, time zones, retracted entries.
"""

import gzip
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any

Resource = dict[str, Any]
Choice = dict[str, Any]
Value = bool | float | str

TODAY = date(2026, 1, 1)
TIMES = (
    *("onsetDateTime", "authoredOn", "performedDateTime", "performedPeriod", "period", "occurrenceDateTime"),
    *("effectiveDateTime", "effectivePeriod", "recordedDate", "startDate", "date"),
)


class Bundle:
    """The resources of one file, by type and by reference."""

    def __init__(self, path: Path) -> None:
        entries = json.loads(gzip.decompress(path.read_bytes()))["entry"]
        self.resources: list[Resource] = [entry["resource"] for entry in entries]
        self.by_reference = {entry["fullUrl"]: entry["resource"] for entry in entries}

    def of_type(self, name: str) -> list[Resource]:
        return [resource for resource in self.resources if resource["resourceType"] == name]

    @property
    def patient(self) -> Resource:
        return self.of_type("Patient")[0]

    @property
    def name(self) -> str:
        written = self.patient["name"][0]
        return " ".join([*written["given"], written["family"]])

    @property
    def born(self) -> date:
        return date.fromisoformat(self.patient["birthDate"])


def started(resource: Resource) -> str:
    """The time of the event, as recorded."""
    time = next(resource[key] for key in TIMES if key in resource)
    return str(time["start"] if isinstance(time, dict) else time)


def ended(resource: Resource) -> str:
    """The end, as recorded; empty where it goes on."""
    spans = (resource.get(key, {}) for key in ("period", "performedPeriod", "effectivePeriod"))
    return str(resource.get("abatementDateTime") or next((s["end"] for s in spans if "end" in s), ""))


def moment(resource: Resource) -> datetime:
    written = datetime.fromisoformat(started(resource))
    return written if written.tzinfo else written.replace(tzinfo=UTC)


def day(resource: Resource) -> date:
    return date.fromisoformat(started(resource)[:10])


def _concept(resource: Resource) -> Resource:
    keys = ("code", "medicationCodeableConcept", "vaccineCode")
    found = next((resource[key] for key in keys if key in resource), resource.get("type", {}))
    concept: Resource = found[0] if isinstance(found, list) else found
    return concept


def codes_of(resource: Resource) -> set[str]:
    return {coding["code"] for coding in _concept(resource).get("coding", [])}


def name(resource: Resource) -> str:
    concept = _concept(resource)
    return str(concept.get("text") or next((one.get("display", "") for one in concept.get("coding", [])), ""))


def status_of(resource: Resource) -> str:
    clinical = resource.get("clinicalStatus")
    return str(clinical["coding"][0]["code"] if clinical else resource["status"])


def categories(resource: Resource) -> set[str]:
    found = resource.get("category", [])
    return {coding["code"] for one in found if isinstance(one, dict) for coding in one.get("coding", [])}


def birthday(bundle: Bundle, age: int) -> date:
    return bundle.born.replace(year=bundle.born.year + age)


def select(
    bundle: Bundle,
    type: str,
    codes: list[str] | None = None,
    words: list[str] | None = None,
    of_class: str | None = None,
    status: str | None = None,
    category: str | None = None,
    reasons: list[str] | None = None,
    since: str = "0001-01-01",
    until: str = "9999-12-31",
    ended_since: str = "",
    ended_until: str = "9999-12-31",
    from_age: int | None = None,
    before_age: int | None = None,
    pick: str = "all",
) -> list[Resource]:
    """Things in the order of time; `pick` first or last keeps all that share that moment."""
    if from_age is not None:
        since = str(birthday(bundle, from_age))
    chosen = [
        one
        for one in bundle.of_type(type)
        if (codes is None or set(codes) & codes_of(one))
        and (words is None or any(word in name(one).lower() for word in words))
        and (of_class is None or one["class"]["code"] == of_class)
        and (status is None or status_of(one) == status)
        and (category is None or category in categories(one))
        and (reasons is None or set(reasons) & reason_marks(bundle, one))
        and since <= started(one)[:10] <= until
        and (not ended_since or ended_since <= ended(one)[:10] <= ended_until)
        and (before_age is None or day(one) < birthday(bundle, before_age))
    ]
    chosen.sort(key=moment)
    if pick == "all" or not chosen:
        return chosen
    wanted = moment(chosen[0 if pick == "first" else -1])
    return [one for one in chosen if moment(one) == wanted]


def reason_marks(bundle: Bundle, resource: Resource) -> set[str]:
    """Codes of the conditions, and the words, that a thing was done for."""
    linked = [bundle.by_reference[one["reference"]] for one in resource.get("reasonReference", [])]
    written = {word for one in resource.get("reasonCode", []) for word in _words(one)}
    return written | {code for one in linked for code in codes_of(one)}


def _words(concept: Resource) -> set[str]:
    return {concept["text"]} if "text" in concept else {one["display"] for one in concept["coding"]}


def _distinct(values: list[str]) -> list[Value]:
    return list(dict.fromkeys(values))


def readings(
    bundle: Bundle, test: list[str], since: str = "0001-01-01", until: str = "9999-12-31"
) -> list[tuple[datetime, float]]:
    """When and how much, in the order of time; a component of a panel is a reading too."""
    found = set()
    for one in bundle.of_type("Observation"):
        for part in [one, *one.get("component", [])]:
            if "valueQuantity" in part and set(test) & codes_of(part) and since <= started(one)[:10] <= until:
                found.add((moment(one), float(part["valueQuantity"]["value"])))
    return sorted(found)


def _at_moments(found: list[tuple[datetime, float]], moments: list[datetime]) -> list[Value]:
    return [value for when in moments for taken, value in found if taken == when]


def _moments(found: list[tuple[datetime, float]]) -> list[datetime]:
    return sorted({taken for taken, _ in found})


def last_value_before(bundle: Bundle, test: list[str], event: Choice) -> list[Value]:
    """The last value that was taken before an event began."""
    found = [one for one in readings(bundle, test) if _is_before(one[0], select(bundle, **event)[0])]
    return _at_moments(found, _moments(found)[-1:])


def _is_before(taken: datetime, event: Resource) -> bool:
    """To the instant; where the event has only a day, that day is not before it."""
    return taken < moment(event) if "T" in started(event) else taken.date() < day(event)


def first_value_after(bundle: Bundle, test: list[str], event: Choice) -> list[Value]:
    """The first value that was taken after an event began."""
    began = moment(select(bundle, **event)[0])
    found = [one for one in readings(bundle, test) if one[0] > began]
    return _at_moments(found, _moments(found)[:1])


def first_value_after_end(bundle: Bundle, test: list[str], event: Choice) -> list[Value]:
    """The first value that was taken after an event ended."""
    over = datetime.fromisoformat(ended(select(bundle, **event)[0]))
    found = [one for one in readings(bundle, test) if one[0] > over]
    return _at_moments(found, _moments(found)[:1])


def values_before_and_after(bundle: Bundle, test: list[str], event: Choice) -> list[Value]:
    """The last value before an event and the first one after it."""
    return last_value_before(bundle, test, event) + first_value_after(bundle, test, event)


def value_nearest_day(bundle: Bundle, test: list[str], near: str) -> list[Value]:
    """The values of the day that is nearest to a day."""
    found = readings(bundle, test)
    far = {taken: abs((taken.date() - date.fromisoformat(near)).days) for taken, _ in found}
    return [value for taken, value in found if far[taken] == min(far.values())]


def value_nearest_event(bundle: Bundle, test: list[str], event: Choice) -> list[Value]:
    """The value nearest to the beginning of an event, on either side."""
    began = moment(select(bundle, **event)[0])
    found = readings(bundle, test)
    nearest = min(abs(taken - began) for taken, _ in found)
    return [value for taken, value in found if abs(taken - began) == nearest]


def nth_value(bundle: Bundle, test: list[str], n: int) -> list[Value]:
    """The value of the nth moment, from the first (1) or from the last (-1)."""
    found = readings(bundle, test)
    moments = _moments(found)
    return _at_moments(found, [moments[n - 1 if n > 0 else n]]) if abs(n) <= len(moments) else []


def last_values(bundle: Bundle, test: list[str], n: int) -> list[Value]:
    """The values of the last n moments."""
    found = readings(bundle, test)
    return _at_moments(found, _moments(found)[-n:])


def values(
    bundle: Bundle, test: list[str], since: str = "0001-01-01", until: str = "9999-12-31"
) -> list[Value]:
    """All values in a time, oldest first."""
    return [value for _, value in readings(bundle, test, since, until)]


def first_and_last_value(bundle: Bundle, test: list[str]) -> list[Value]:
    """The first value and the last one."""
    return nth_value(bundle, test, 1) + nth_value(bundle, test, -1)


def last_value_of_each(bundle: Bundle, tests: list[list[str]]) -> list[Value]:
    """The last value of several tests, in their order."""
    return [value for test in tests for value in nth_value(bundle, test, -1)]


def _extreme(found: list[tuple[datetime, float]], which: str) -> float:
    return (max if which == "max" else min)(value for _, value in found)


def extreme_with_day(bundle: Bundle, test: list[str], which: str, **time: str) -> list[Value]:
    """The highest or lowest value and the days on which it was taken."""
    return [_extreme(readings(bundle, test, **time), which), *day_of_extreme(bundle, test, which, **time)]


def day_of_extreme(bundle: Bundle, test: list[str], which: str, **time: str) -> list[Value]:
    """The days on which the highest or lowest value was taken."""
    found = readings(bundle, test, **time)
    extreme = _extreme(found, which)
    return _distinct([str(taken.date()) for taken, value in found if value == extreme])


def range_of_values(bundle: Bundle, test: list[str], **time: str) -> list[Value]:
    """The lowest and the highest value."""
    found = values(bundle, test, **time)
    return [min(found), max(found)]


def median_value(bundle: Bundle, test: list[str], **time: str) -> list[Value]:
    """The median of all values."""
    return [median(float(value) for value in values(bundle, test, **time))]


def mean_of_last(bundle: Bundle, test: list[str], n: int) -> list[Value]:
    """The mean of the values of the last n moments, to two decimals."""
    return [round(fmean(float(value) for value in last_values(bundle, test, n)), 2)]


def percent_change(bundle: Bundle, test: list[str], **time: str) -> list[Value]:
    """Last minus first, in percent of the first."""
    found = [float(value) for value in values(bundle, test, **time)]
    return [round(100 * (found[-1] - found[0]) / found[0], 2)]


def has_risen(bundle: Bundle, test: list[str], **time: str) -> list[Value]:
    """Whether the last value is higher than the first."""
    found = [float(value) for value in values(bundle, test, **time)]
    return [found[-1] > found[0]]


def is_higher_than(bundle: Bundle, test: list[str], then: str) -> list[Value]:
    """Whether the last value is higher than the last one up to a day."""
    now, before = nth_value(bundle, test, -1), values(bundle, test, until=then)
    return [float(now[0]) > float(before[-1])]


def difference_since(bundle: Bundle, test: list[str], then: str) -> list[Value]:
    """The last value minus the last one up to a day."""
    now, before = nth_value(bundle, test, -1), values(bundle, test, until=then)
    return [round(float(now[0]) - float(before[-1]), 4)]


def _beyond(
    found: list[tuple[datetime, float]], above: float | None, below: float | None
) -> list[tuple[datetime, float]]:
    return [one for one in found if (one[1] > above if above is not None else one[1] < (below or 0))]


def count_beyond(
    bundle: Bundle, test: list[str], above: float | None = None, below: float | None = None, **time: str
) -> list[Value]:
    """How many values are above or below a limit."""
    return [len(_beyond(readings(bundle, test, **time), above, below))]


def first_day_beyond(
    bundle: Bundle, test: list[str], above: float | None = None, below: float | None = None
) -> list[Value]:
    """The first day with a value above or below a limit."""
    return [str(taken.date()) for taken, _ in _beyond(readings(bundle, test), above, below)[:1]]


def last_day_beyond(
    bundle: Bundle, test: list[str], above: float | None = None, below: float | None = None
) -> list[Value]:
    """The last day with a value above or below a limit."""
    return [str(taken.date()) for taken, _ in _beyond(readings(bundle, test), above, below)[-1:]]


def last_is_normal(bundle: Bundle, test: list[str]) -> list[Value]:
    """Whether all flags of the last moment are N; nothing where there is no flag."""
    last = select(bundle, "Observation", codes=test, pick="last")
    flags = [flag["coding"][0]["code"] for one in last for flag in one.get("interpretation", [])]
    return [all(flag == "N" for flag in flags)] if flags else []


def last_value_times(bundle: Bundle, test: list[str], factor: float) -> list[Value]:
    """The last value in another unit: so many of it make one of the recorded unit."""
    return [round(float(value) * factor, 2) for value in nth_value(bundle, test, -1)]


def last_value_within(bundle: Bundle, test: list[str], low: float, high: float) -> list[Value]:
    """Whether the last value lies between two numbers, both included."""
    return [all(low <= float(value) <= high for value in nth_value(bundle, test, -1))]


def names(bundle: Bundle, what: Choice) -> list[Value]:
    """The different names, oldest first."""
    return _distinct([name(one) for one in select(bundle, **what)])


def names_without(bundle: Bundle, what: Choice, other: Choice) -> list[Value]:
    """The names of the one choice that the other does not have."""
    others = names(bundle, other)
    return [one for one in names(bundle, what) if one not in others]


def names_after(bundle: Bundle, what: Choice, event: Choice) -> list[Value]:
    """The names of what began after an event began."""
    began = [moment(one) for one in select(bundle, **event)][:1]
    return _distinct([name(one) for one in select(bundle, **what) if began and moment(one) > began[0]])


def names_during(bundle: Bundle, what: Choice, stay: Choice) -> list[Value]:
    """The names of what belongs to a visit, or began between its first and its last day."""
    return _distinct(
        [
            name(one)
            for visit in select(bundle, **stay)[:1]
            for one in select(bundle, **what)
            if bundle.by_reference.get(one.get("encounter", {}).get("reference")) is visit
            or started(visit)[:10] <= started(one)[:10] <= ended(visit)[:10]
        ]
    )


def count_of_each(bundle: Bundle, whats: list[Choice]) -> list[Value]:
    """How many of each choice."""
    return [len(select(bundle, **what)) for what in whats]


def count_within_days_after_end(bundle: Bundle, what: Choice, event: Choice, days: int) -> list[Value]:
    """How many began after an event ended, at most so many days later."""
    over = datetime.fromisoformat(ended(select(bundle, **event)[0]))
    return [len([one for one in select(bundle, **what) if over < moment(one) <= over + timedelta(days)])]


def count_of_names(bundle: Bundle, what: Choice) -> list[Value]:
    """How many different names."""
    return [len(names(bundle, what))]


def exists(bundle: Bundle, what: Choice) -> list[Value]:
    """Whether there is any."""
    return [bool(select(bundle, **what))]


def is_absent(bundle: Bundle, what: Choice) -> list[Value]:
    """Whether there is none."""
    return [not select(bundle, **what)]


def all_exist(bundle: Bundle, whats: list[Choice]) -> list[Value]:
    """Whether there is some of every choice."""
    return [all(select(bundle, **what) for what in whats)]


def any_exists(bundle: Bundle, whats: list[Choice]) -> list[Value]:
    """Whether there is some of any choice."""
    return [any(select(bundle, **what) for what in whats)]


def last_is_in_year(bundle: Bundle, what: Choice, year: int) -> list[Value]:
    """Whether the last of them was in a year."""
    return [all(day(one).year == year for one in select(bundle, **what, pick="last"))]


def came_in_order(bundle: Bundle, whats: list[Choice]) -> list[Value]:
    """Whether the first entries began one after the other, strictly."""
    moments = [moment(select(bundle, **what)[0]) for what in whats]
    return [all(a < b for a, b in pairwise(moments))]


def days_of(bundle: Bundle, what: Choice) -> list[Value]:
    """The different days, oldest first."""
    return _distinct([started(one)[:10] for one in select(bundle, **what)])


def exists_and_days(bundle: Bundle, what: Choice) -> list[Value]:
    """Whether there is any, and the days."""
    return exists(bundle, what) + days_of(bundle, what)


def most_frequent(bundle: Bundle, what: Choice) -> list[Value]:
    """The names that were recorded most often, several where they are equal."""
    counted = Counter(name(one) for one in select(bundle, **what))
    return [one for one, times in counted.items() if times == max(counted.values())]


def first_of(bundle: Bundle, whats: dict[str, Choice]) -> list[Value]:
    """The word for what began first."""
    return [min(whats, key=lambda word: moment(select(bundle, **whats[word])[0]))]


def last_of(bundle: Bundle, whats: dict[str, Choice]) -> list[Value]:
    """The word for whose first entry began last."""
    return [max(whats, key=lambda word: moment(select(bundle, **whats[word])[0]))]


def _years(first: date, last: date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def longest_gap(bundle: Bundle, what: Choice) -> list[Value]:
    """The most days between the beginnings of two successive things."""
    return [max((b - a).days for a, b in pairwise(day(one) for one in select(bundle, **what)))]


def days_between_last_two(bundle: Bundle, what: Choice) -> list[Value]:
    """The days between the beginnings of the last and the last but one."""
    days = sorted({day(one) for one in select(bundle, **what)})
    return [(days[-1] - days[-2]).days]


def days_between_last_two_values(bundle: Bundle, test: list[str]) -> list[Value]:
    """The days between the last two measurements."""
    days = sorted({taken.date() for taken, _ in readings(bundle, test)})
    return [(days[-1] - days[-2]).days]


def days_since_last(bundle: Bundle, what: Choice) -> list[Value]:
    """The days from the last one to today."""
    return [(TODAY - day(select(bundle, **what)[-1])).days]


def years_lasted(bundle: Bundle, what: Choice) -> list[Value]:
    """Completed years from the first entry to its end, or to today where it goes on."""
    first = select(bundle, **what)[0]
    end = ended(first)[:10]
    return [_years(day(first), date.fromisoformat(end) if end else TODAY)]


def days_lasted(bundle: Bundle, what: Choice) -> list[Value]:
    """Days from the beginning to the end of each, or to today where it goes on."""
    spans = [(day(one), ended(one)[:10]) for one in select(bundle, **what)]
    return [((date.fromisoformat(end) if end else TODAY) - begin).days for begin, end in spans]


def total_days(bundle: Bundle, what: Choice) -> list[Value]:
    """The days of all of them together."""
    return [sum(int(days) for days in days_lasted(bundle, what))]


def longest_days(bundle: Bundle, what: Choice) -> list[Value]:
    """The days of the longest."""
    return [max(int(days) for days in days_lasted(bundle, what))]


def age_at(bundle: Bundle, what: Choice) -> list[Value]:
    """Completed years at the first of them."""
    return [_years(bundle.born, day(select(bundle, **what)[0]))]


def per_year(bundle: Bundle, what: Choice) -> list[Value]:
    """How many in each year from the first to the last that has any."""
    counted = Counter(day(one).year for one in select(bundle, **what))
    return [counted[year] for year in range(min(counted), max(counted) + 1)]


def busiest_years(bundle: Bundle, what: Choice) -> list[Value]:
    """The year with the most, several where they are equal."""
    counted = Counter(day(one).year for one in select(bundle, **what))
    return [str(year) for year in sorted(counted) if counted[year] == max(counted.values())]


def clinicians(bundle: Bundle, visits: Choice) -> list[Value]:
    """Who saw the patient at these visits."""
    seen = [
        part["individual"]["reference"] for one in select(bundle, **visits) for part in one["participant"]
    ]
    return _distinct([_person(bundle.by_reference[reference]) for reference in seen])


def prescribers(bundle: Bundle, drugs: Choice) -> list[Value]:
    """Who saw the patient at the visits at which a drug was prescribed."""
    visits = [bundle.by_reference[one["encounter"]["reference"]] for one in select(bundle, **drugs)]
    seen = [part["individual"]["reference"] for one in visits for part in one["participant"]]
    return _distinct([_person(bundle.by_reference[reference]) for reference in seen])


def _person(practitioner: Resource) -> str:
    written = practitioner["name"][0]
    return " ".join([*written.get("prefix", []), *written["given"], written["family"]])


def places(bundle: Bundle, visits: Choice) -> list[Value]:
    """Where these visits were."""
    locations = [one["location"]["reference"] for v in select(bundle, **visits) for one in v["location"]]
    return _distinct([bundle.by_reference[reference]["name"] for reference in locations])


def reasons(bundle: Bundle, what: Choice) -> list[Value]:
    """What these things were done for, as recorded."""
    found: list[str] = []
    for one in select(bundle, **what):
        found += [word for concept in one.get("reasonCode", []) for word in sorted(_words(concept))]
        found += [name(bundle.by_reference[link["reference"]]) for link in one.get("reasonReference", [])]
    return _distinct(found)


def days_and_reasons(bundle: Bundle, what: Choice) -> list[Value]:
    """The days, and what these things were done for."""
    return days_of(bundle, what) + reasons(bundle, what)


def dose_parts(bundle: Bundle, what: Choice) -> list[Value]:
    """The numbers of the last dosage: amount, times, in how many, of what unit; or "as needed"."""
    found: list[Value] = []
    for dosage in select(bundle, **what)[-1].get("dosageInstruction", []):
        repeat = dosage.get("timing", {}).get("repeat", {})
        found += [float(one["doseQuantity"]["value"]) for one in dosage.get("doseAndRate", [])]
        found += [repeat[key] for key in ("frequency", "period") if key in repeat]
        found += ["as needed"] if dosage.get("asNeededBoolean") else []
    return found


def strength(bundle: Bundle, what: Choice) -> list[Value]:
    """The strength in the name of a prescribed drug: "Azithromycin 250 MG Oral Capsule"."""
    drug = select(bundle, **what)[-1]["medicationCodeableConcept"]
    named = drug.get("text") or drug["coding"][0]["display"]
    return [found[0] for found in re.finditer(r"\d+(?:\.\d+)? MG\b", named, re.IGNORECASE)]


def demographics(bundle: Bundle, about: str) -> list[Value]:
    """One line of the sheet of the patient."""
    patient = bundle.patient
    if about == "race":
        (race,) = (one for one in patient["extension"] if one["url"].endswith("us-core-race"))
        return [part["valueCoding"]["display"] for part in race["extension"] if "valueCoding" in part]
    if about == "phone":
        return [one["value"] for one in patient["telecom"] if one["system"] == "phone"]
    if about == "language":
        return [one["language"]["coding"][0]["display"] for one in patient["communication"]]
    if about == "marital status":
        return [patient["maritalStatus"]["coding"][0]["display"]]
    numbers = (one for one in patient["identifier"] if "type" in one)
    return [one["value"] for one in numbers if one["type"]["coding"][0]["code"] == "MR"]


def nothing(bundle: Bundle, words: list[str]) -> list[Value]:
    """Nothing, after looking that no name in the record holds any of the words."""
    held = [name(one) for one in bundle.resources if any(word in name(one).lower() for word in words)]
    if held:
        raise ValueError(f"the record does hold {held}")
    return []
