"""`fhir-assistant show`: one resource of one patient, readable or as JSON."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Now, Patient, Records, clock, readable, source
from agent.cli.printing import line_safe, output, print_table, table_of
from tools.catalogue import Call, run
from tools.entries.entry import Entry, Link, Quantity
from tools.errors import BadArgument
from tools.record import PatientRecord
from tools.records import RecordSource

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
    evidence = run(Call("read", {"reference": entry.reference}), record)
    title = evidence.facts[0].text if evidence.facts else entry.display
    console.print(Text(line_safe(title), style="bold"))
    print_table(console, table_of(("", ""), _lines(entry, record), headless=True))


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


def _lines(entry: Entry, record: PatientRecord) -> list[tuple[str, str]]:
    lines = [
        ("reference", entry.reference),
        ("patient", record.patient.name),
        ("status", entry.status),
        ("not counted", entry.void),
        ("caution", entry.caution),
        ("born" if entry.kind == "Patient" else "began", entry.start.text if entry.start else ""),
        ("ended", entry.end.text if entry.end else ""),
        ("value", _value(entry)),
        ("encounter", entry.encounter),
        ("who", _links(entry.who)),
        ("where", _links(entry.where)),
        ("reasons", _links(entry.reasons)),
        ("parts", _links(entry.parts)),
    ]
    lines += [("code", f"{c.code} {c.display} ({c.system})") for c in entry.codings]
    lines += [("component", f"{part.display}: {_value(part)}") for part in entry.components]
    lines += [(amount.label, f"{amount.value} {amount.currency}") for amount in entry.amounts]
    return [(label, text) for label, text in [*lines, *entry.details] if text]


def _value(entry: Entry) -> str:
    if isinstance(entry.value, Quantity):
        return f"{entry.value.comparator} {entry.value.value} {entry.value.unit}".strip()
    return entry.value or (f"none: {entry.absent}" if entry.absent else "")


def _links(links: Iterable[Link]) -> str:
    return "; ".join(" ".join(filter(None, (link.display, link.reference))) for link in links)
