"""Imaging studies and devices: when, how many, of which modality and part of the body (FHIR R4 ImagingStudy, Device).

A procedure may name a picture of which the record holds no study: whatever would depend on it is not asked. Of devices
only their number is asked, as many have no type.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import lay_of
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds.common import count, days_of, last, refs, yes_no
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.periods import ALWAYS, Period
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name, untagged

_MODALITIES = {
    "an X-ray": {"CR", "DX", "IO", "PX", "RG"},
    "an ultrasound": {"US"},
    "a CT scan": {"CT"},
    "an MRI": {"MR"},
}
"""DICOM modalities by what people call them."""
_PICTURE = re.compile(
    r"x-?ray|radiogra|tomogra|ultraso|magnetic|imaging|\bscans?\b|echocardio|sonogra|mammo|angiogra|fundoscop|doppler"
    r"|scintigra|fluorosc|anatomy study",
    re.IGNORECASE,
)
_UNSEEN = ("Computed Tomography", "Magnetic Resonance", "Mammography", "Ultrasound", "Nuclear Medicine")
_SITES = ("Knee region structure", "Brain structure", "Abdominal structure", "Pelvic structure", "Hip region")


def last_study(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the last imaging study, of all or in a period."""
    others = [*chart.of("ImagingStudy"), *chart.of("Encounter")]
    for period, found in _in_periods(chart, random, 3):
        yield days_of({"period": period.words}, last(found), others)


def number(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many imaging studies were there, of all or in a period."""
    for period, found in _in_periods(chart, random, 3):
        yield count({"period": period.words}, found)


def _in_periods(chart: Chart, random: Random, most: int) -> Iterator[tuple[Period, list[Resource]]]:
    """Yield periods with their studies, where no procedure names another picture."""
    studies = chart.of("ImagingStudy")
    for period in (ALWAYS, *e.spans(studies, chart, random, most)):
        found = period.within(studies)
        if not _pictures(period.within(chart.of("Procedure"))) - Counter(day(each) for each in found):
            yield period, found


def _pictures(procedures: Sequence[Resource]) -> Counter[str]:
    """Return on which days how many procedures took a picture, by their names."""
    return Counter(day(each) for each in procedures if _PICTURE.search(name(each)))


def includes(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is there an X-ray, a CT scan, an MRI, an ultrasound among the imaging studies."""
    for named, codes in _MODALITIES.items():
        for period, studies in _in_periods(chart, random, 1):
            found = [each for each in studies if codes & set(_all(each, "modality.code"))]
            yield yes_no({"x": named, "period": period.words}, found, chart, random)


def modality(chart: Chart, random: Random) -> Iterator[Gold]:
    """Of which modality was the last study, or the only one of a day."""
    yield from _of_a_study(chart, random, "modality.display", _UNSEEN)


def site(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which part of the body did the last study show, or the only one of a day."""
    yield from _of_a_study(chart, random, "bodySite.display", _SITES)


def _of_a_study(chart: Chart, random: Random, path: str, spare: Sequence[str]) -> Iterator[Gold]:
    others = [named for each in chart.of("ImagingStudy") for named in _all(each, path)]
    for words, study in _single(chart, random):
        if answer := _all(study, path):
            gold = Gold(slots={"study": words}, answer=tuple(answer), resources=refs([study]))
            yield e.also(gold, [*others, *spare])


def _single(chart: Chart, random: Random) -> Iterator[tuple[str, Resource]]:
    """Yield the last study and some that were the only one of their day, with the words for them."""
    studies = chart.of("ImagingStudy")
    latest, pictures = last(studies), _pictures(chart.of("Procedure"))
    if len(latest) == 1 and not any(each > day(latest[0]) for each in pictures):
        yield "most recent imaging study", latest[0]
    days = [day(each) for each in studies]
    alone = [each for each in studies if days.count(day(each)) == 1]
    for study in random.sample(alone, min(len(alone), 5)):
        yield f"imaging study of {random.choice(spoken(day(study)))}", study


def last_of_site(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was a part of the body imaged last, by what people call it; not where a study shows another."""
    studies = chart.of("ImagingStudy")
    unseen = _pictures(chart.of("Procedure")) - Counter(day(each) for each in studies)
    parts = _parts_of_the_body()
    told = all(set(_all(each, "bodySite.code")) <= set().union(*parts.values()) for each in studies)
    for names, codes in parts.items() if told and not unseen else ():
        found = [each for each in studies if codes & set(_all(each, "bodySite.code"))]
        yield days_of({"x": names}, last(found), [*studies, *chart.of("Encounter")])


def _parts_of_the_body() -> dict[tuple[str, ...], set[str]]:
    named: dict[tuple[str, ...], set[str]] = {}
    for code, (_, names) in lay_of("ImagingStudy").items():
        named.setdefault(names, set()).add(code)
    return named


def devices(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many devices are recorded; not asked of who was delivered some."""
    if not chart.of("SupplyDelivery"):
        yield count({}, chart.of("Device"))


def _all(study: Resource, path: str) -> list[str]:
    """Return what the series of a study say, each once."""
    said = (str(at(each, path) or "") for each in study.get("series") or ())
    return list({untagged(each).lower(): each for each in said if each}.values())


KINDS = (
    Kind("imaging-last", last_study),
    Kind("imaging-count", number),
    Kind("imaging-includes", includes),
    Kind("imaging-modality", modality),
    Kind("imaging-site", site),
    Kind("imaging-site-last", last_of_site),
    Kind("devices-count", devices),
)
