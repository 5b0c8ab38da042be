"""Patients' resources, a seed and a number -> questions with gold answers, the same ones every time.

Of each category every patient gets the same number, drawn in turn from its kinds so that none of them crowds out the
others; no two questions of a patient read the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from evaluation.gold.chart import Chart, names_elsewhere, names_in
from evaluation.gold.choices import choices
from evaluation.gold.kinds import CATEGORIES
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at
from evaluation.gold.text import in_sentence
from evaluation.gold.voice import OWN, Voice, clinicians, said
from evaluation.gold.wordings import Wordings, wordings

_CANDIDATES = 200
"""Questions of one kind and patient that are drawn from; a kind that gives more is cut at random."""


@dataclass(frozen=True, slots=True)
class Built:
    """A question in words, with its gold answer and its choices."""

    patient: str
    category: str
    kind: Kind
    view: str
    text: str
    gold: Gold
    choices: tuple[str, ...]
    letter: str
    record_size: int


def build(
    records: Mapping[str, Sequence[Resource]], *, now: str, seed: int, per_category: int
) -> Iterator[Built]:
    """Yield the questions of each patient, category by category.

    Args:
        records: the resources of each patient.
        now: the clock, an ISO day.
        seed: the same gives the same questions.
        per_category: questions of each category and patient, at most: a sparse record may not give as many.
    """
    names = {patient: names_in(resources) for patient, resources in records.items()}
    for patient, resources in records.items():
        chart = Chart(patient, resources, now, names_elsewhere(names, patient))
        for category, kinds in CATEGORIES.items():
            random = Random(f"{seed} {patient} {category}")
            yield from _drawn(chart, category, kinds, per_category, random)


def _drawn(
    chart: Chart, category: str, kinds: Sequence[Kind], wanted: int, random: Random
) -> Iterator[Built]:
    waiting = {kind: _candidates(kind, chart, random) for kind in random.sample(kinds, len(kinds))}
    seen: set[str] = set()
    while waiting and len(seen) < wanted:
        for kind in list(waiting):
            built = _next(chart, category, kind, waiting[kind], seen, random)
            if built is None:
                del waiting[kind]
            elif len(seen) < wanted:
                seen.add(built.text)
                yield built


def _candidates(kind: Kind, chart: Chart, random: Random) -> list[Gold]:
    found = list(kind.ask(chart, random))
    return random.sample(found, min(len(found), _CANDIDATES))


def _next(
    chart: Chart, category: str, kind: Kind, candidates: list[Gold], seen: set[str], random: Random
) -> Built | None:
    """Return the next question of a kind that was not asked yet, None if there is none left."""
    while candidates:
        gold = candidates.pop()
        offered = choices(gold, random, chart.now)
        voice = _voice(chart, random)
        text = said(random.choice(_wordings(kind, voice)), voice, _filled(gold, random))
        if offered and text not in seen:
            return Built(chart.id, category, kind, voice.view, text, gold, *offered, chart.size)
    return None


def _voice(chart: Chart, random: Random) -> Voice:
    """Draw who asks; the dead do not."""
    clinician = random.choice(clinicians(full_name(chart), str(chart.patient.get("gender") or "")))
    return clinician if chart.died else random.choice((clinician, OWN))


def _wordings(kind: Kind, voice: Voice) -> Sequence[str]:
    own: Wordings = wordings()[kind.name]
    return own.patient if voice.view == "patient" else own.clinician


def _filled(gold: Gold, random: Random) -> dict[str, str]:
    drawn = {
        place: text if isinstance(text, str) else random.choice(text) for place, text in gold.slots.items()
    }
    return {place: random.choice((text, in_sentence(text))) for place, text in drawn.items()}


def full_name(chart: Chart) -> str:
    """Return given and family name of the patient."""
    given, family = at(chart.patient, "name.given"), at(chart.patient, "name.family")
    return " ".join(filter(None, (given, family)))
