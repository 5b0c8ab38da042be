"""`fhir-assistant show`: one resource of one patient, readable or as JSON."""

from datetime import date
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Now, Patient, Records, clock, readable, source
from agent.cli.printing import line_safe, output, print_table, table_of
from tools.calls.errors import BadArgument
from tools.entries.entry import Entry
from tools.record import PatientRecord
from tools.sources import RecordSource
from tools.wording.showing import lines, title

_EXAMPLE = "Observation/76ad356f"


def show(
    reference: Annotated[
        str,
        typer.Argument(
            callback=readable,
            show_default=False,
            help="The resource as an answer cites it, e.g. Observation/76ad356f-7b1c-4b5e-9d8e-0a1b2c3d4e5f",
        ),
    ],
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    as_json: AsJson = False,
) -> None:
    """Show one resource that an answer cites."""
    day, here = clock(now), source(records)
    record, entry = _find(here, patient, reference.strip(), day)
    if as_json:
        typer.echo(orjson.dumps(entry.raw, option=orjson.OPT_INDENT_2))
        return
    console = output()
    console.print(Text(line_safe(title(entry, record)), style="bold"))
    rows = [(line.label, line.text) for line in lines(entry, record)]
    print_table(console, table_of(("", ""), rows, headless=True))


def _find(here: RecordSource, patient: str, reference: str, day: date) -> tuple[PatientRecord, Entry]:
    """The resource, in the record of the patient named or, when nobody is named, of whoever has it."""
    if patient.strip():
        record = here.open(here.find(patient).reference, day)
        if entry := record.get(reference):
            return record, entry
        raise BadArgument(
            "REFERENCE", reference, f"a resource in the record of {record.patient.name}", _EXAMPLE
        )
    for someone in here.patients():
        if reference.partition("/")[0] == "Patient" and someone.reference != reference:
            continue
        record = here.open(someone.reference, day)
        if entry := record.get(reference):
            return record, entry
    raise BadArgument("REFERENCE", reference, "a resource in one of the records", _EXAMPLE)
