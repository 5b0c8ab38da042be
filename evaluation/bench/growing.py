"""One patient's record -> records of any size with the same mix, to see how time grows.

A copy has ids of its own, other days and other notes; names and values stay, so the vocabulary does not grow.
Shared resources (Organization, …) are not copied.
"""

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from tools.entries import Entry
from tools.record import PatientRecord
from tools.sources import PatientSummary
from tools.sources.source import Listed

_Resource = dict[str, Any]
_DAY = re.compile(rb'"(\d{4}-\d\d-\d\d)(T[^"]*)?"')
_REFERENCE = re.compile(rb'"([A-Z][A-Za-z]+/[A-Za-z0-9.-]+)"')
_NOTE = re.compile(rb'"data":"([A-Za-z0-9+/=]+)"')


@dataclass(frozen=True, slots=True)
class Grown:
    """A record source with one patient, all of it in memory."""

    reference: str
    by_kind: dict[str, list[_Resource]]

    @property
    def size(self) -> int:
        """Return the number of resources."""
        return sum(map(len, self.by_kind.values()))

    def patients(self) -> list[PatientSummary]:
        """Return the one patient."""
        return [self.find("")]

    def find(self, text: str) -> PatientSummary:
        """Return the one patient, whoever is asked for."""
        return PatientSummary(reference=self.reference, name=self.reference)

    def search(self, text: str, most: int) -> Listed:
        """Return the one patient, whoever is asked for."""
        return Listed((self.find(text),), 1)

    def open(self, reference: str, now: date) -> PatientRecord:
        """Return the one record."""
        counts = {kind: len(found) for kind, found in self.by_kind.items()}
        return PatientRecord(self.by_kind["Patient"][0], counts, lambda kind: self.by_kind.get(kind, []), now)


def everything(record: PatientRecord) -> Iterator[Entry]:
    """Yield all entries of a record, also those that do not count."""
    for kind in record.counts:
        yield from record.entries(kind)
        yield from record.set_aside(kind)


def thinned(record: PatientRecord, size: int) -> Grown:
    """Return about `size` resources of a record, the same share of every kind, and the shared ones.

    Raises:
        ValueError: the record is smaller.
    """
    own = [e for e in everything(record) if e.patient and e.kind != "Patient"]
    if len(own) < size:
        raise ValueError(f"{record.reference} has {len(own)} resources: expected at least {size}.")
    kept = defaultdict(list)
    for kind in dict.fromkeys(e.kind for e in own):
        of_kind = [dict(e.raw) for e in own if e.kind == kind]
        count = max(1, round(len(of_kind) * size / len(own)))
        kept[kind] = [of_kind[n * len(of_kind) // count] for n in range(count)]
    for entry in everything(record):
        if not entry.patient or entry.kind == "Patient":
            kept[entry.kind].append(dict(entry.raw))
    return Grown(record.reference, dict(kept))


def multiplied(small: Grown, times: int) -> Grown:
    """Return the record with every resource `times` times; each copy is a day older than the one before."""
    own = {f"{kind}/{r['id']}".encode() for kind, found in small.by_kind.items() for r in found}
    own -= {f"{kind}/{r['id']}".encode() for kind, r in _shared(small)}
    grown = {kind: list(found) for kind, found in small.by_kind.items()}
    for number in range(1, times):
        for kind, found in small.by_kind.items():
            mine = (r for r in found if f"{kind}/{r['id']}".encode() in own)
            grown[kind].extend(_copied(mine, number, own))
    return Grown(small.reference, grown)


def _shared(grown: Grown) -> Iterator[tuple[str, _Resource]]:
    record = grown.open(grown.reference, date.max)
    for entry in everything(record):
        if not entry.patient or entry.kind == "Patient":
            yield entry.kind, dict(entry.raw)


def _copied(found: Iterable[_Resource], number: int, own: set[bytes]) -> Iterator[_Resource]:
    def older(match: re.Match[bytes]) -> bytes:
        day = date.fromisoformat(match[1].decode()) - timedelta(days=number)
        return b'"' + day.isoformat().encode() + (match[2] or b"") + b'"'

    def renamed(match: re.Match[bytes]) -> bytes:
        return b'"%b.%d"' % (match[1], number) if match[1] in own else match[0]

    def noted(match: re.Match[bytes]) -> bytes:
        text = base64.b64decode(match[1]) + b"\nCopy %d." % number
        return b'"data":"' + base64.b64encode(text) + b'"'

    for resource in found:
        plain = _NOTE.sub(noted, _REFERENCE.sub(renamed, _DAY.sub(older, orjson.dumps(resource))))
        yield orjson.loads(plain) | {"id": f"{resource['id']}.{number}"}
