"""An entry -> what its resource says, line by line, each with where in the JSON it stands.

Left out: what the entry does not read; the JSON itself has it (`Entry.raw`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tools.calls.read import read
from tools.entries import places
from tools.entries.entry import Entry, Link, Quantity
from tools.entries.places import Path
from tools.record import PatientRecord
from tools.wording.words import shown_range


@dataclass(frozen=True, slots=True)
class Line:
    """Something a resource says.

    Attributes:
        label: what it is, e.g. "value".
        text: as recorded, e.g. "6.4 %".
        path: keys and indices from the resource to where it stands; () if it stands in no single place.
    """

    label: str
    text: str
    path: Path = ()


def title(entry: Entry, record: PatientRecord) -> str:
    """Return an entry in one line, as an answer tells it."""
    facts = read(record, entry.reference).facts
    return facts[0].text if facts else entry.display


def lines(entry: Entry, record: PatientRecord) -> list[Line]:
    """Return what an entry says; what it does not say has no line."""
    said = [
        Line("reference", entry.reference, ("id",) if entry.raw.get("id") else ()),
        Line("patient", record.patient.name),
        *(
            Line(label, text, places.status_place(entry, text))
            for label, text in (("status", entry.status), ("not counted", entry.void), ("caution", entry.caution))
        ),
        *_times(entry),
        Line("value", _value(entry), places.value_place(entry)),
        Line("reference range", shown_range(entry), places.range_place(entry)),
        Line("flag", ", ".join(entry.interpretation), ("interpretation",) if entry.interpretation else ()),
        *_linked(entry),
        *(
            Line("code", f"{c.code} {c.display} ({c.system})", places.code_place(entry, c))
            for c in entry.codings
        ),
        *_components(entry),
        *(Line(a.label, f"{a.value} {a.currency}", places.text_place(entry, a.value)) for a in entry.amounts),
        *(Line(label, text, places.text_place(entry, text)) for label, text in entry.details),
    ]  # fmt: skip
    return [line for line in said if line.text]


def _times(entry: Entry) -> list[Line]:
    began = "born" if entry.kind == "Patient" else "began"
    return [
        Line(began, entry.start.text if entry.start else "", places.start_place(entry)),
        Line("ended", entry.end.text if entry.end else "", places.end_place(entry)),
    ]


def _components(entry: Entry) -> list[Line]:
    where = places.component_places(entry)
    parts = zip(entry.components, where, strict=False)
    return [Line("component", f"{part.display}: {_value(part)}", path) for part, path in parts]


def _linked(entry: Entry) -> list[Line]:
    named = (
        ("encounter", (Link(entry.encounter),) if entry.encounter else ()),
        ("who", entry.who),
        ("where", entry.where),
        ("reasons", entry.reasons),
        ("parts", entry.parts),
    )
    return [Line(label, _links(links), places.links_place(entry, links)) for label, links in named]


def _value(entry: Entry) -> str:
    if isinstance(entry.value, Quantity):
        return f"{entry.value.comparator} {entry.value.value} {entry.value.unit}".strip()
    return entry.value or (f"none: {entry.absent}" if entry.absent else "")


def _links(links: Iterable[Link]) -> str:
    return "; ".join(" ".join(filter(None, (link.display, link.reference))) for link in links)
