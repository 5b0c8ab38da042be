"""Records in files -> cases with gold answers: what `evaluation.gold` builds, with ids, ready to be saved."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from evaluation.dataset import Case
from evaluation.gold.building import Built, build
from evaluation.gold.kinds import CATEGORIES
from evaluation.gold.reading import UnreadableRecords, read
from evaluation.gold.resource import latest_day
from tools.calls.errors import BadArgument, RecordError


def cases(records: Path, *, patients: int, per_patient: int, seed: int, now: date | None) -> Iterator[Case]:
    """Yield the cases of a question set.

    Args:
        records: a folder or file of Bundles or a Bulk Data export.
        patients: how many, the first by id; 0 is all.
        per_patient: questions of each patient, spread over the ten categories.
        seed: the same gives the same cases.
        now: the clock; the day after the last event of all records if None.

    Raises:
        BadArgument: there are fewer patients, or the number of questions is not a multiple of the categories.
        RecordError: the records cannot be read.
    """
    if per_patient < 1 or per_patient % len(CATEGORIES):
        wish = f"a multiple of {len(CATEGORIES)}, one share for each category"
        raise BadArgument("--per-patient", per_patient, wish, "200")
    try:
        found = read(records)
    except UnreadableRecords as error:
        raise RecordError(str(error)) from None
    if patients > len(found):
        raise BadArgument(
            "--patients", patients, f"at most {len(found)}, as many as there are", str(len(found))
        )
    chosen = dict(sorted(found.items())[: patients or None])
    clock = now.isoformat() if now else latest_day(found.values())
    share = per_patient // len(CATEGORIES)
    for number, built in enumerate(build(chosen, now=clock, seed=seed, per_category=share)):
        yield _case(built, clock, number)


def _case(built: Built, now: str, number: int) -> Case:
    gold = built.gold
    return Case.model_validate(
        {
            "id": f"{built.patient[:8]}-{number:05}",
            "patient": built.patient,
            "question": built.text,
            "now": now,
            "category": built.category,
            "template": built.kind.name,
            "view": built.view,
            "answer": gold.answer,
            "match": gold.match,
            "unit": gold.unit,
            "resources": gold.resources,
            "steps": built.kind.steps,
            "record_size": built.record_size,
            "answer_choices": built.choices,
            "correct_answer": built.letter,
        }
    )
