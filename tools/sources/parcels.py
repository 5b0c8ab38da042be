"""The resources of one file -> a parcel: what the store keeps of it, patient by patient.

What is no resource of R4, and what is nobody's, is quarantined with a reason; faulty elements are taken out.
References by URL become "Type/id" where the file itself says which resource a URL is. This is what the workers do;
it writes nothing.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tools.calls.errors import UnreadableRecord
from tools.sources import files
from tools.sources.compartments import SHARED, day_of, owner
from tools.sources.documents import Document, Found, Lost, read_json, read_lines, reference_of
from tools.sources.files import Piece
from tools.sources.naming import is_nameless, kind_in_words, name_of
from tools.sources.people import Person, person_of, two_people
from tools.sources.validation import Checked, check

NOBODY = "it names no patient"
LEVEL = 6
"""zlib: a 12th of compact Synthea JSON, 100 MB/s in; level 9 saves 1.5 % more for 20 % more time."""

ATTACHED = re.compile(rb'"url":"((?:[^"\\]*/)?Binary/[A-Za-z0-9.-]+|urn:[^"\\]+)"')
ATTACHING = frozenset(("Communication", "Consent", "DiagnosticReport", "DocumentReference", "Media"))
"""Kinds whose texts may be Binary resources, named by their URL."""

REFERENCE = re.compile(rb'"reference":"([^"\\#][^"\\]*)"')


@dataclass(frozen=True, slots=True)
class Job:
    """A piece to read, or one batch of its lines.

    Attributes:
        source: number of the file in the store.
        first: number of the first of the lines.
        last: no batch of this file comes after it.
        trouble: why the file could not be read beyond this batch, "" if it could.
    """

    source: int
    piece: Piece
    batch: int = 0
    lines: bytes | None = None
    first: int = 1
    last: bool = True
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Resources of one kind and patient: `data` is compressed NDJSON; days are ISO or ""."""

    patient: str
    kind: str
    count: int
    first: str
    last: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Shared:
    """A resource that belongs to nobody: `tokens` are its identifiers, "system|value"."""

    reference: str
    kind: str
    tokens: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said of a kind in a patient's record; a `grave` one must be said with an answer."""

    patient: str
    kind: str
    text: str
    grave: bool = False


@dataclass(slots=True)
class Parcel:
    """What the store keeps of a file or batch.

    Attributes:
        refused: why nothing was kept; "" if something was.
        foreign: it was refused because it is not FHIR at all.
        again: it was refused for a reason that may pass; the next ingest tries once more.
        links: (patient, reference) to what is outside the patient's part of the file.
        faults: kind and reason of what was mended or taken out -> how often, and where for example.
    """

    refused: str = ""
    foreign: bool = False
    again: bool = False
    people: list[Person] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    faults: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def pack_job(job: Job) -> Parcel:
    """Read a file or batch and pack it. What is wrong with it is said in the parcel, never raised."""
    try:
        return pack(_document(job))
    except UnreadableRecord as error:
        return Parcel(refused=str(error), foreign="not FHIR" in str(error))
    except RecursionError:
        return Parcel(refused="it is nested too deeply")


def pack(document: Document) -> Parcel:
    """Pack the resources of one document."""
    packing = _Packing(document.names())
    packing.parcel.lost += document.lost
    packing.parcel.notes += [Note("", "", text) for text in document.notes]
    document.found.reverse()
    while document.found:
        packing.add(document.found.pop())
    return packing.close()


def compress(lines: Iterable[bytes]) -> bytes:
    """Return stored NDJSON."""
    return zlib.compress(b"\n".join(lines), LEVEL)


def _document(job: Job) -> Document:
    if job.lines is None:
        return read_json(files.read(job.piece))
    return read_lines(job.lines, job.first)


class _Packing:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.parcel = Parcel()
        self._names = {url.encode(): name.encode() for url, name in names.items()}
        self._text_names = names
        self._kept: dict[tuple[str, str], dict[str, bytes]] = {}
        self._days: dict[tuple[str, str], list[str]] = {}
        self._targets: dict[str, set[bytes]] = {}
        self._people: dict[str, Person] = {}
        self._copies: Counter[tuple[str, str]] = Counter()
        self._clashes: Counter[tuple[str, str]] = Counter()
        self._nameless: Counter[tuple[str, str]] = Counter()
        self._versions: Counter[str] = Counter()

    def add(self, item: Found) -> None:
        resource = item.resource
        checked = check(resource)
        reason, kind = checked.refused, str(resource.get("resourceType") or "")
        patient, written = owner(resource, self._text_names)
        if not reason and not patient and (written or kind not in SHARED):
            reason = _nobody(written)
        data = b"" if reason else _dumped(resource)
        self._versions[checked.version] += 1
        if not data:
            reason = reason or "it is nested too deeply"
            name = name_of(resource) if reason == NOBODY else ""
            self.parcel.lost.append(Lost(item.position, reason, kind, reference_of(resource), patient, name))
            return
        self._tell_faults(resource, checked)
        if is_nameless(resource):
            self._nameless[patient, kind] += 1
        self._keep((patient, kind), resource, data)
        if kind == "Patient":
            self._people[patient] = person_of(resource)

    def _tell_faults(self, resource: dict[str, Any], checked: Checked) -> None:
        for fault in checked.faults:
            key = (resource["resourceType"], fault.reason)
            number, example = self.parcel.faults.get(key, (0, reference_of(resource)))
            self.parcel.faults[key] = (number + 1, example)
            if key[0] == "Patient" and fault.grave:
                self.parcel.notes.append(Note(reference_of(resource), "Patient", fault.sentence, grave=True))

    def _keep(self, key: tuple[str, str], resource: dict[str, Any], data: bytes) -> None:
        reference = reference_of(resource)
        targets = self._targets.setdefault(key[0], set())
        data = self._rewrite(data, targets)
        if key[1] in ATTACHING:
            data = self._attached(data, targets)
        kept = self._kept.setdefault(key, {})
        before = kept.pop(reference, None)
        if before is not None:
            (self._copies if before == data else self._clashes)[key] += 1
            if key[1] == "Patient" and (said := two_people(orjson.loads(before), resource)):
                self.parcel.notes.append(Note(key[0], "", said, grave=True))
        kept[reference] = data
        if day := day_of(resource):
            self._days.setdefault(key, []).append(day)

    def _rewrite(self, data: bytes, targets: set[bytes]) -> bytes:
        def renamed(match: re.Match[bytes]) -> bytes:
            name = self._names.get(match[1], match[1]).partition(b"/_history/")[0]
            targets.add(name)
            return b'"reference":"' + name + b'"'

        return REFERENCE.sub(renamed, data)

    def _attached(self, data: bytes, targets: set[bytes]) -> bytes:
        """Name the Binary resources by their reference that stand in the same file or record."""

        def renamed(match: re.Match[bytes]) -> bytes:
            name = self._names.get(match[1], match[1])
            if name.startswith(b"Binary/"):
                targets.add(name)
            return b'"url":"' + name + b'"'

        return ATTACHED.sub(renamed, data)

    def close(self) -> Parcel:
        parcel = self.parcel
        parcel.people = list(self._people.values())
        parcel.notes += [Note("", "", _version_note(v, n)) for v, n in self._versions.items() if v]
        for key, kept in self._kept.items():
            self._say(key)
            if key[0]:
                days = self._days.get(key) or [""]
                parcel.chunks.append(Chunk(*key, len(kept), min(days), max(days), compress(kept.values())))
            else:
                parcel.shared += [_shared(key[1], reference, data) for reference, data in kept.items()]
        self._targets.pop("", None)
        for patient, targets in self._targets.items():
            parcel.links += [(patient, t.decode()) for t in sorted(targets - self._inside(patient))]
        return parcel

    def _inside(self, patient: str) -> set[bytes]:
        return {ref.encode() for (whose, _), kept in self._kept.items() if whose == patient for ref in kept}

    def _say(self, key: tuple[str, str]) -> None:
        if n := self._nameless[key]:
            self.parcel.notes.append(Note(*key, _nameless_note(n, key[1]), grave=True))
        if n := self._copies[key]:
            self.parcel.notes.append(Note(*key, copies_note(n)))
        if n := self._clashes[key]:
            self.parcel.notes.append(Note(*key, clashes_note(n), grave=True))


def copies_note(count: int) -> str:
    """Say that `count` resources occurred again, unchanged."""
    return f"{count} occurred twice and {'was' if count == 1 else 'were'} counted once"


def clashes_note(count: int) -> str:
    """Say that `count` resources occurred again with the same id but other content."""
    return f"{count} occurred twice with different content: the last one was taken"


def _dumped(resource: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(resource) if resource.get("id") else b""
    except orjson.JSONEncodeError:
        return b""


def _version_note(version: str, count: int) -> str:
    what = "resource looks" if count == 1 else "resources look"
    return f"{count} {what} like {version}, not R4: what means the same there was read"


def _nameless_note(count: int, kind: str) -> str:
    what = kind_in_words(kind)
    return (
        f"{count} {what} has no name that can be read"
        if count == 1
        else f"{count} {what}s have no name that can be read"
    )


def _nobody(written: str) -> str:
    return "its patient is not in the file" if written else NOBODY


def _shared(kind: str, reference: str, data: bytes) -> Shared:
    identifiers = orjson.loads(data).get("identifier") or []
    listed = identifiers if isinstance(identifiers, list) else [identifiers]
    tokens = tuple(f"{i.get('system') or ''}|{i['value']}" for i in listed if i.get("value"))
    return Shared(reference, kind, tokens, zlib.compress(data, LEVEL))
