"""`fhir-assistant patients`: list the patients of a record source, or find some by name, id or birth date."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Records, output, source
from agent.cli.printing import table_of
from tools.records import PatientSummary
from tools.text import normal


def patients(
    text: Annotated[
        str,
        typer.Argument(
            help="Part of a name, an id, an identifier, or a birth date.", show_default="everyone"
        ),
    ] = "",
    records: Records = "",
    as_json: AsJson = False,
) -> None:
    """List the patients, or find some."""
    found = [p for p in source(records).patients() if _matches(p, normal(text))]
    if as_json:
        typer.echo(orjson.dumps([_shown(p) for p in found], option=orjson.OPT_INDENT_2))
        return
    console = output()
    if not found:
        console.print(Text(f"Nobody answers to {text!r}."))
        return
    rows = [
        (p.name, p.gender, p.birth, p.died, str(sum(p.counts.values())), p.reference.partition("/")[2])
        for p in found
    ]
    console.print(table_of(("name", "sex", "born", "died", "resources", "id"), rows))


def _matches(patient: PatientSummary, text: str) -> bool:
    told = (patient.name, patient.reference, patient.birth, *patient.identifiers)
    return all(any(word in normal(part) for part in told) for word in text.split())


def _shown(patient: PatientSummary) -> dict[str, object]:
    return {**asdict(patient), "counts": dict(patient.counts)}
