"""The bytes of a file -> the resources in it, each with its position and its full URL.

A document is a Bundle of any type (also a Bundle of Bundles), one resource, a list of resources, or one
resource a line (NDJSON). Ids that a transaction leaves to the server are taken from the full URL.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tools.calls.errors import UnreadableRecord

_ID_IN_URL = re.compile(r"(?:urn:uuid:|urn:oid:|.*/)?([A-Za-z0-9.-]{1,64})$")
_KIND_IN_TEXT = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
_PATIENT_IN_TEXT = re.compile(rb'"(Patient/[A-Za-z0-9.-]+)"')


@dataclass(slots=True)
class Found:
    """A resource as it stands in a file. `position` is "entry 3" or "line 3", from 1."""

    position: str
    resource: dict[str, Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a file that is no usable resource, as far as it can be told.

    `patient` is "" if any patient of the file may be meant.
    """

    position: str
    reason: str
    kind: str = ""
    reference: str = ""
    patient: str = ""


@dataclass(slots=True)
class Document:
    """What a file holds."""

    found: list[Found] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """Return full URL -> "Type/id" for all resources that have both."""
        return {f.url: reference_of(f.resource) for f in self.found if f.url and f.resource.get("id")}


def reference_of(resource: Mapping[str, Any]) -> str:
    """Return "Type/id", or "Type" without an id."""
    kind, identity = resource.get("resourceType"), resource.get("id")
    return f"{kind}/{identity}" if identity else str(kind or "")


def read_json(data: bytes) -> Document:
    """Read a Bundle, a resource, or a list of resources.

    Raises:
        UnreadableRecord: not JSON, or JSON that is not FHIR; the message is a bare reason.
    """
    if not data.strip():
        raise UnreadableRecord("it is empty")
    try:
        parsed = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableRecord(_not_json(data, error)) from None
    document = Document()
    if isinstance(parsed, list) and any(isinstance(p, dict) and "resourceType" in p for p in parsed):
        _add_list(document, parsed)
    elif isinstance(parsed, dict) and isinstance(parsed.get("resourceType"), str):
        _add(document, "entry 1", parsed, "")
    else:
        raise UnreadableRecord("it is JSON but not FHIR: it has no resourceType")
    return document


def read_lines(data: bytes, first: int) -> Document:
    """Read NDJSON whose first line has the number `first`."""
    document = Document()
    for number, line in enumerate(data.split(b"\n"), first):
        if not line.strip():
            continue
        try:
            parsed = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            document.lost.append(_broken_line(number, line, error))
            continue
        _add(document, f"line {number}", parsed, "")
    return document


def _not_json(data: bytes, error: orjson.JSONDecodeError) -> str:
    if error.pos >= len(data.decode(errors="replace").rstrip()) - 1:
        return "the JSON ends too early (truncated)"
    first, _, second = data.lstrip().partition(b"\n")
    if first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{"):
        return "it holds one resource a line: name it .ndjson"
    return f"it is not JSON (line {error.lineno}, column {error.colno})"


def _broken_line(number: int, line: bytes, error: orjson.JSONDecodeError) -> Lost:
    kind, patient = _KIND_IN_TEXT.search(line), _PATIENT_IN_TEXT.search(line)
    return Lost(
        f"line {number}",
        f"it is not JSON (column {error.colno})",
        kind=kind[1].decode() if kind else "",
        patient=patient[1].decode() if patient else "",
    )


def _add(document: Document, position: str, resource: object, url: str) -> None:
    if not isinstance(resource, dict):
        document.lost.append(Lost(position, "it is not a JSON object"))
    elif resource.get("resourceType") == "Bundle":
        _add_bundle(document, resource)
    else:
        match = _ID_IN_URL.fullmatch(url)
        if "id" not in resource and match:
            resource["id"] = match[1]
        document.found.append(Found(position, resource, url))


def _add_list(document: Document, resources: list[object]) -> None:
    for number, resource in enumerate(resources, 1):
        _add(document, f"entry {number}", resource, "")


def _add_bundle(document: Document, bundle: dict[str, Any]) -> None:
    entries = bundle.get("entry") or []
    if not isinstance(entries, list):
        document.lost.append(Lost("entry", "Bundle.entry is not a list"))
        return
    for number, entry in enumerate(entries, 1):
        _add_entry(document, f"entry {number}", entry)


def _add_entry(document: Document, position: str, entry: object) -> None:
    if not isinstance(entry, dict) or "resource" not in entry:
        document.lost.append(Lost(position, "it has no resource"))
        return
    search = entry.get("search")
    if isinstance(search, dict) and search.get("mode") == "outcome":
        return
    url = entry.get("fullUrl")
    _add(document, position, entry["resource"], url if isinstance(url, str) else "")
