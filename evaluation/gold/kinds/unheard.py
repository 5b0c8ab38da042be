"""Names of what a chart surely does not hold -> those by which a person would ask, several for one thing.

Left out: what only women, only men or only mothers have, what is no diagnosis (employment, education), and what is no
procedure to anybody but a simulator.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.drugs import holding, names_of_product
from evaluation.gold.families import absent
from evaluation.gold.kinds.common import diagnoses
from evaluation.gold.missing import is_missing, missing
from evaluation.gold.question import Gold
from evaluation.gold.text import askable

Names = tuple[str, ...]

ABSENT = 12
"""Things that a chart does not hold, a kind of question."""
_PER_ANSWER = 2
"""So many questions without an answer for one that has one, where the record has some."""
_OF_ONE_SEX = (
    r"pregn|obstet|fetal|fetus|partu|episio|cesarean|miscarr|breast|mammo|antenatal|labor|uter|abort|ovum|prostat"
    r"|vasect|contracep|terminat|birth|tubal|fallop|rhd|eclamp"
)
_NO_DIAGNOSIS = (
    r"employ|educat|refugee|criminal|military|review|social|violence|victim|risk|limited|awaiting|history|suspected"
    r"|finding|misuse|sputum|detected|housing|transport|stress|not in"
)
_NO_PROCEDURE = (
    r"referral|education|assessment|admission|discharge|notification|certification|mask|consult|care\b|planning|counsel"
    r"|history|interview|discussion|placing|placement|preparation|review|management|guidance|procedure|coordination"
    r"|documentation|information|administration|supervis|surveillance|examination|typing|\btests?\b|measurement|assay"
    r"|therapy|patient|screening|removal|childbirth|count|vaccin|immuni"
)
_NO_DISEASE = re.compile(
    r"history|injur|lacerat|pregnan|miscarr|prediab|detected|awaiting|suspected|symptom|\((finding|situation|person)",
    re.IGNORECASE,
)
_NOT_ASKED = {
    "Condition": re.compile(f"{_OF_ONE_SEX}|{_NO_DIAGNOSIS}", re.IGNORECASE),
    "Procedure": re.compile(f"{_OF_ONE_SEX}|{_NO_PROCEDURE}", re.IGNORECASE),
    "Immunization": re.compile(r"[(),]|^(?!.*vaccine)", re.IGNORECASE),
    "ImagingStudy": re.compile(r"^(?!an? )"),
}


def unheard(kind: str, chart: Chart, random: Random, most: int) -> list[Names]:
    """Return names of some things of a type that the chart does not hold."""
    named = [each for each in missing(chart, kind) if askable(each) and is_said(kind, each)]
    return [(each,) for each in random.sample(named, min(len(named), most))]


def is_said(kind: str, named: str) -> bool:
    """Whether people would ask for something of a type by this name."""
    return not _NOT_ASKED[kind].search(named)


def ungiven(chart: Chart, random: Random, most: int) -> list[Names]:
    """Return names of some vaccines that were never given."""
    common = absent("Immunization", chart)
    known = {each.lower() for names in common for each in names}
    others = [each for each in unheard("Immunization", chart, random, most) if each[0].lower() not in known]
    found = [*common, *others]
    return random.sample(found, min(len(found), most))


def unprescribed(chart: Chart, random: Random, most: int, kind: str = "MedicationRequest") -> list[Names]:
    """Return names of some drugs that the chart does not hold, each under all its names that mean nothing in it."""
    named = [each for each in missing(chart, kind) if holding(each) or each == each.lower()]
    drawn = random.sample(named, min(len(named), most))
    return [tuple(each for each in names_of_product(one) if is_missing(chart, each)) for one in drawn]


def diseases(chart: Chart) -> list[Concept]:
    """Return the conditions that people would call a disease."""
    return [each for each in diagnoses(chart) if not any(map(_NO_DISEASE.search, each.recorded))]


def mixed(empty: Sequence[Gold], told: Sequence[Gold], random: Random) -> list[Gold]:
    """Return questions without an answer, and a few that have one."""
    return [*empty, *random.sample(told, min(len(told), len(empty) // _PER_ANSWER))]


def random_days(chart: Chart, random: Random) -> list[str]:
    """Return some days of the patient's life."""
    end = date.fromisoformat(chart.died or chart.now)
    born = date.fromisoformat(str(chart.patient.get("birthDate") or f"{end.year - 20}-01-01"))
    back = random.sample(range(1, max((end - born).days, 8)), 5)
    return [(end - timedelta(days=each)).isoformat() for each in back]
