"""`fhir-assistant show`: one resource of one patient, readable or as JSON."""

from datetime import date
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Now, Patient, Records, clock, output, source
from agent.cli.printing import safe, table_of
from tools.catalogue import Call, run
from tools.entries.entry import Entry
from tools.errors import BadArgument
from tools.record import PatientRecord
from tools.records import RecordSource


def show(
    reference: Annotated[
        str, typer.Argument(help="The resource, e.g. Observation/76ad356f", show_default=False)
    ],
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    as_json: AsJson = False,
) -> None:
    """Show one resource that an answer cites."""
    here, day = source(records), clock(now)
    record = _record(here, patient, reference, day)
    entry = record.get(reference)
    if entry is None:
        raise BadArgument(
            "REFERENCE",
            reference,
            f"a resource in the record of {safe(record.patient.name)}",
            "Observation/76ad356f",
        )
    if as_json:
        typer.echo(orjson.dumps(entry.raw, option=orjson.OPT_INDENT_2))
        return
    console = output()
    evidence = run(Call("read", {"reference": entry.reference}), record)
    for fact in evidence.facts[:1]:
        console.print(Text(safe(fact.text), style="bold"))
    console.print(table_of(("", ""), _lines(entry)))


def _record(here: RecordSource, patient: str, reference: str, day: date) -> PatientRecord:
    """The record of the patient named or, when nobody is named, the one that holds the resource."""
    if patient:
        return here.open(here.find(patient).reference, day)
    kind = reference.partition("/")[0]
    for someone in here.patients():
        if kind in someone.counts or kind == "Patient":
            record = here.open(someone.reference, day)
            if record.get(reference):
                return record
    raise BadArgument("REFERENCE", reference, "a resource in one of the records", "Observation/76ad356f")


def _lines(entry: Entry) -> list[tuple[str, str]]:
    lines = [
        ("reference", entry.reference),
        ("status", entry.status),
        ("counted", f"no: {entry.void}" if entry.void else ""),
    ]
    lines += [
        ("began", entry.start.text if entry.start else ""),
        ("ended", entry.end.text if entry.end else ""),
    ]
    lines += [("codes", "; ".join(f"{c.code} {c.display} ({c.system})" for c in entry.codings))]
    lines += [("encounter", entry.encounter), *entry.details]
    return [(label, text) for label, text in lines if text]
