"""A chart -> names of what it surely does not hold, to ask for what the record does not say.

Names that other records hold, and things that everybody has heard of (`familiar.toml`). `Chart.absent` leaves out names
that share a word with anything in the record. This leaves out, too, what begins alike ("hypertensive" for
"hypertension") and what may be the same thing in other words ("epilepsy" for "seizure").
"""

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from evaluation.gold.chart import Chart
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, name
from evaluation.gold.text import words

_STEM = 5
_GENERAL = frozenset({"vacci", "scan", "disea"})
"""Stems that tell nothing about what it is."""
_SUBJECTS = (
    "seizu epile convu",
    "strok cereb ische infar",
    "heart cardi coron myoca atria ecg ekg elect",
    "kidne renal nephr dialy hemod urina urine pyelo cysti bladd",
    "lung pulmo respi spiro bronc pneum chest hypox emphy",
    "asthm bronc wheez",
    "cance neopl carci tumor tumou malig leuke lympho myelo chemo oncol radia",
    "pregn fetal fetus obste mater labor partu birth child misca abort termi prena antep postn",
    "birth contr intra iud",
    "alcoh drink",
    "smoke smoki tobac nicot cigar",
    "fever tempe chill",
    "tooth teeth denta denti gingi molar",
    "eye visua ocula retin visio ophth fundo",
    "liver hepat hep",
    "gluco glyc diabe hyper predi insul metab",
    "chole lipid trigl hyper",
    "skin derma eczem",
    "bone fract osteo immob clavi wrist forea",
    "throa phary tonsi strep",
    "nose nasal sinus rhini",
    "covid sars coron pande",
    "mood depre phq",
    "anxie panic gad stres",
    "colon recta polyp bowel fecal feces occul",
    "breas mammo",
    "spine back scoli verte neck whipl lumba",
    "brain concu head crani",
    "hiv immun aids cd4",
    "syphi chlam gonor vener",
    "weigh obesi bmi",
    "demen alzhe memor cogni",
    "opioi drug subst overd misus",
    "anemi hemog ferro",
    "injur lacer wound burn sprai",
    "appen",
    "allerg derma rhini",
    "dtap tdap td dipht tetan pertu borde clost dtp",
    "polio ipv opv",
    "measl mmr mumps rubel",
    "varic zoste shing chick",
    "menin mening mcv",
    "pneum pcv",
    "hib haemo",
    "hpv papil",
    "xray ray radio",
    "ultra sonog doppl echoc fetal",
    "tomog ct oct",
    "magne mri mr",
    "densi dexa dxa",
    "bicar carbo co2 hco3",
    "urea nitro bun",
    "creat gfr egfr glome",
    "alani alt sgpt",
    "aspar ast sgot",
    "leuko white wbc neutr",
    "eryth red rbc hemat hemog",
    "throm plate inr",
    "iron ferri trans tibc",
    "psa prost",
    "tsh thyro thyri",
    "crp react",
    "bnp natri nt",
    "folat folic",
    "lacta lacti",
    "urate uric",
    "tropo cardi",
    "dimer fibri",
    "oxyge satur spo2 pulse",
    "posit pet",
)
_KINDS = (
    "AllergyIntolerance",
    "CarePlan",
    "Condition",
    "Device",
    "DiagnosticReport",
    "Encounter",
    "ImagingStudy",
    "Immunization",
    "Medication",
    "MedicationAdministration",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "ServiceRequest",
)


@lru_cache(maxsize=16)
def missing(chart: Chart, kind: str) -> tuple[str, ...]:
    """Return names of things of a type that nothing in the record could be."""
    elsewhere = [each for each in chart.absent(kind) if is_missing(chart, each)]
    return tuple(dict.fromkeys([*elsewhere, *familiar(chart, kind)]))


def familiar(chart: Chart, kind: str) -> list[str]:
    """Return what everybody has heard of among them."""
    return [each for each in _familiar().get(kind, ()) if is_missing(chart, each)]


def is_missing(chart: Chart, asked: str) -> bool:
    """Whether nothing in the record begins like any word that is asked for, or belongs to the same subject."""
    marks = _marks([asked]) - _GENERAL
    return bool(marks) and not marks & _marks_of(chart)


@cache
def _familiar() -> dict[str, list[str]]:
    return tomllib.loads(files("evaluation.gold").joinpath("familiar.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _marks_of(chart: Chart) -> frozenset[str | int]:
    return _marks(text for kind in _KINDS for resource in chart.of(kind) for text in _texts(resource))


def _texts(resource: Resource) -> Iterable[str]:
    """Return the words of a resource that say what it is; of images, how they were made, too."""
    yield name(resource)
    for series in resource.get("series") or ():
        yield from (str(at(series, f"modality.{part}") or "") for part in ("code", "display"))


def _marks(texts: Iterable[str]) -> frozenset[str | int]:
    """Return the stems of all words, and the numbers of the subjects that they belong to."""
    stems = {word[:_STEM] for text in texts for word in words(text)}
    subjects = (number for number, row in enumerate(_SUBJECTS) if stems & set(row.split()))
    return frozenset(stems).union(subjects)
