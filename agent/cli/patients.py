"""`fhir-assistant patients`: list the patients of a record source, or find some by name, id or birth date."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Records, readable, source
from agent.cli.printing import output, print_table, table_of
from tools.sources import PatientSummary

_MOST = 100_000
_HEADINGS = ("name", "sex", "born", "died", "resources", "id")


def patients(
    text: Annotated[
        str,
        typer.Argument(
            callback=readable,
            help="Part of a name, an id, an identifier or a birth date, e.g. Maggio or 1967-11.",
            show_default="everyone",
        ),
    ] = "",
    records: Records = "",
    as_json: AsJson = False,
) -> None:
    """List the patients, or find some."""
    found = source(records).search(text, _MOST).patients
    if as_json:
        typer.echo(orjson.dumps([_shown(p) for p in found], option=orjson.OPT_INDENT_2))
    elif found:
        print_table(output(), table_of(_HEADINGS, [_row(p) for p in found]))
    else:
        output().print(Text(f"Nobody answers to {text!r}."))


def _row(patient: PatientSummary) -> tuple[str, ...]:
    id = patient.reference.partition("/")[2]
    died = "yes" if patient.died == "true" else patient.died[:10]
    return (patient.name, patient.gender, patient.birth, died, str(sum(patient.counts.values()) or ""), id)


def _shown(patient: PatientSummary) -> dict[str, object]:
    return {**asdict(patient), "counts": dict(patient.counts)}
