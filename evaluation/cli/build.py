"""`fhir-assistant evaluate build`: records -> a file of questions with gold answers."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import clock, location
from agent.cli.printing import errors, line_safe, output, print_table, table_of
from evaluation.cli.options import Out, writable

if TYPE_CHECKING:
    from evaluation.dataset import Case


def build(
    out: Out,
    records: Annotated[
        str,
        typer.Option(
            "--records", "-r", envvar="FHIR_ASSISTANT_RECORDS", show_default="the 19 patients that ship with it",
            help="A folder or file of FHIR R4 Bundles (.json) or a Bulk Data export (.ndjson), also gzipped.",
        ),
    ] = "",
    patients: Annotated[
        int, typer.Option("--patients", min=0, help="How many, the first by id.", show_default="all")
    ] = 0,
    per_patient: Annotated[
        int, typer.Option("--per-patient", min=10, help="Questions of each patient, over ten categories.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same file, to the byte.")] = 1,
    now: Annotated[
        str,
        typer.Option("--now", help="The clock, YYYY-MM-DD.", show_default="the day after the last event"),
    ] = "",
) -> None:  # fmt: skip
    """Make a question set with gold answers that are computed straight from the JSON.

    Every question has an open and a multiple-choice form, in the clinician's or in the patient's voice.
    """
    from evaluation.building import cases
    from evaluation.dataset import save

    where = Path(location(records)).expanduser()
    writable(out)
    made = list(cases(where, patients=patients, per_patient=per_patient, seed=seed, now=_clock(records, now)))
    save(out, made)
    print_table(output(), table_of(("category", "questions", "kinds"), _rows(made)))
    told = (
        f"{len(made)} questions about {len({case.patient for case in made})} patients: {line_safe(str(out))}"
    )
    errors().print(told, markup=False, soft_wrap=True)
    _say_short(made, per_patient)


def _clock(records: str, now: str) -> date | None:
    from fhir_fixtures import REFERENCE_DATE

    if now:
        return clock(now)
    return None if records else REFERENCE_DATE


def _rows(made: "list[Case]") -> list[tuple[str, str, str]]:
    by_category = Counter(case.category for case in made)
    kinds = {category: {c.template for c in made if c.category == category} for category in by_category}
    rows = [(category, str(count), str(len(kinds[category]))) for category, count in by_category.items()]
    return [*rows, ("all", str(len(made)), str(len({case.template for case in made})))]


def _say_short(made: "list[Case]", wanted: int) -> None:
    """Say whose record was too sparse for as many questions as were wanted."""
    short = {patient: count for patient, count in Counter(c.patient for c in made).items() if count < wanted}
    for patient, count in short.items():
        errors().print(
            f"{line_safe(patient)}: {count} questions, as the record gives no more.",
            style="yellow", markup=False, soft_wrap=True,
        )  # fmt: skip
