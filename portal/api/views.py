"""What /api/patients gives out as JSON: patients, kinds, timelines, curves, resources."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from tools.calls.timeline import SHOWN, happened, telling
from tools.entries.entry import Entry
from tools.measuring.curves import Curve
from tools.measuring.series import Point
from tools.pictures import pictures_of
from tools.record import PatientRecord
from tools.record.kinds import TYPES, label
from tools.sources.compartments import SHARED
from tools.sources.source import PatientSummary
from tools.wording.facts import fact
from tools.wording.showing import lines, title
from tools.wording.words import shown_name

MOST_PICTURES = 20
"""Pictures of one resource that are shown."""


class PatientLine(BaseModel):
    """A patient in a list.

    Attributes:
        reference: "Patient/…".
        gender: FHIR code, "" if not recorded.
        born: FHIR date as recorded, perhaps only a year.
        died: FHIR date or "true", "" if not recorded as dead.
        resources: how many there are in the record, without those that belong to nobody; null where that is not known:
            in a list, where a server was not asked; of one patient, where a kind could not be read.
    """

    reference: str
    name: str
    gender: str
    born: str
    died: str
    resources: int | None


class PatientList(BaseModel):
    """The first patients that were found, by name, and how many there are."""

    patients: list[PatientLine]
    total: int


class KindLine(BaseModel):
    """What a record holds of one FHIR resource type.

    Attributes:
        label: what clinicians call it.
        count: entries that count; those entered in error, not done or later than today are told in `problems`.
        first: day (or month, or year) of the oldest dated one.
        last: of the newest.
        problems: what could not be read or does not count.
    """

    kind: str
    label: str
    count: int
    first: str | None
    last: str | None
    problems: list[str]


class PatientDetail(PatientLine):
    """A patient and what the record holds; `problems` are of the record as a whole, and of kinds wholly unread."""

    kinds: list[KindLine]
    problems: list[str]


class Happening(BaseModel):
    """Something that happened; `note` is the line in which an answer would tell it."""

    reference: str
    kind: str
    display: str
    start: str
    end: str | None
    note: str


class Timeline(BaseModel):
    """What happened, oldest first.

    Attributes:
        total: how many entries there are before the most telling were chosen.
        not_listed: observations without a flag, which a timeline shows only if their kind is asked for.
        problems: what could not be read or was left out, by what clinicians call its kind.
    """

    entries: list[Happening]
    total: int
    not_listed: int
    problems: dict[str, list[str]]


class SeriesPoint(BaseModel):
    """A measurement; `date` as recorded: a day, a moment, perhaps only a month."""

    date: str
    value: float
    reference: str


class Series(BaseModel):
    """One test over time.

    Attributes:
        unit: as recorded, "" if it has none.
        low: of the reference range, where it is the same for all points.
        high: likewise.
        left_out: measurements that cannot be drawn: bounds, words, another unit, no day.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    points: list[SeriesPoint]
    left_out: int


class SeriesList(BaseModel):
    """The curves of what an observation measures; none if it has no numbers."""

    series: list[Series]


class ResourceLine(BaseModel):
    """Something a resource says; `path` leads through its JSON to where it stands, or is empty."""

    label: str
    text: str
    path: list[str | int]


class Resource(BaseModel):
    """One resource.

    Attributes:
        title: in one line.
        status: FHIR status, "" if it has none.
        caution: what must be said with it, e.g. "preliminary", "not counted: entered-in-error"; "" if nothing.
        pictures: what those are that are attached to it, as many as are shown.
        json: as it is.
    """

    reference: str
    kind: str
    title: str
    status: str
    caution: str
    lines: list[ResourceLine]
    pictures: list[str]
    content: dict[str, Any] = Field(serialization_alias="json")


def shown_patient(patient: PatientSummary) -> PatientLine:
    """Return a patient as a line."""
    return PatientLine(
        reference=patient.reference,
        name=patient.name,
        gender=patient.gender,
        born=patient.birth,
        died=patient.died,
        resources=sum(patient.counts.values()) if patient.counts else None,
    )


def shown_record(patient: PatientSummary, record: PatientRecord) -> PatientDetail:
    """Return a patient with what the record holds."""
    kinds = [_kind_line(kind, record) for kind in TYPES if record.holds(kind)]
    unread = [kind for kind in record.problems if kind not in record.counts]
    line = shown_patient(patient)
    if line.resources is None and not unread:
        line.resources = sum(number for kind, number in record.counts.items() if kind not in SHARED)
    problems = [
        f"{label(kind)}: {said}" if kind else said for kind in unread for said in record.problems[kind]
    ]
    return PatientDetail(**line.model_dump(), kinds=kinds, problems=problems)


def _kind_line(kind: str, record: PatientRecord) -> KindLine:
    (cover,) = record.coverage(kind)
    whole = record.problems.get("", ())
    return KindLine(
        kind=kind,
        label=label(kind),
        count=cover.searched,
        first=cover.span[0] if cover.span else None,
        last=cover.span[1] if cover.span else None,
        problems=[problem for problem in cover.problems if problem not in whole],
    )


def shown_timeline(record: PatientRecord, most: int) -> Timeline:
    """Return what happened within a record's scope."""
    asked = tuple(sorted(record.scope.kinds))
    told, untold = happened(record, asked)
    covers = record.coverage(*filter(record.holds, asked or SHOWN))
    problems = {label(cover.kind): list(cover.problems) for cover in covers if cover.problems}
    return Timeline(
        entries=[_happening(entry) for entry in telling(told, most)],
        total=len(told),
        not_listed=untold,
        problems=problems,
    )


def _happening(entry: Entry) -> Happening:
    return Happening(
        reference=entry.reference,
        kind=entry.kind,
        display=shown_name(entry),
        start=entry.start.text if entry.start else "",
        end=entry.end.text if entry.end else None,
        note=fact(entry).text,
    )


def shown_curves(drawn: list[Curve]) -> SeriesList:
    """Return curves as JSON has them."""
    return SeriesList(series=[_series(curve) for curve in drawn])


def _series(curve: Curve) -> Series:
    return Series(
        name=curve.name,
        unit=curve.unit,
        low=_number(curve.low),
        high=_number(curve.high),
        points=[_point(point) for point in curve.points],
        left_out=curve.left_out,
    )


def _point(point: Point) -> SeriesPoint:
    start, value = point.entry.start, point.exact
    return SeriesPoint(
        date=start.text if start else "", value=float(value or 0), reference=point.entry.reference
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def shown_resource(entry: Entry, record: PatientRecord) -> Resource:
    """Return a resource in lines and as it is."""
    return Resource(
        reference=entry.reference,
        kind=entry.kind,
        title=title(entry, record),
        status=entry.status,
        caution=", ".join(filter(None, (entry.void and f"not counted: {entry.void}", entry.caution))),
        lines=[
            ResourceLine(label=line.label, text=line.text, path=list(line.path))
            for line in lines(entry, record)
        ],
        pictures=[picture.name for picture in pictures_of(entry, record)[:MOST_PICTURES]],
        content=dict(entry.raw),
    )
