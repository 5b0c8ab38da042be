"""The bytes of a file -> the resources in it, each with its position and its full URL.

A document is a Bundle of any type, one resource, a list of resources, Parameters, a SMART Health Card, or one of
these a line (NDJSON), each also within another. Ids that are left to the server are taken from the full URL, or made
of what the resource says. What is almost JSON (NaN, a name that stands twice, another character set) is read too.
"""

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import orjson

from tools.calls.errors import UnreadableRecord
from tools.sources.elements import is_id
from tools.sources.validation import TWICE

UNVERIFIED = "its signature was not verified"
"""What is said of a SMART Health Card."""

_ID_IN_URL = re.compile(r"(?:urn:uuid:|urn:oid:|.*/)?([A-Za-z0-9.-]{1,64})$")
_KIND_IN_TEXT = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]+)"')
_PATIENT_IN_TEXT = re.compile(rb'"(Patient/[A-Za-z0-9.-]+)"')
_SPACED_NAME = re.compile(rb'"\s+:')
_MARK = b"\xef\xbb\xbf"
_CARD = 16 * 1024 * 1024
"""Bytes that a SMART Health Card may have after unpacking."""
_LONG = 18
"""Digits of the longest numbers that are surely whole ones of 64 bits."""
_HOLDERS = {"Bundle": "entry", "Parameters": "parameter"}
"""Kinds that hold other resources -> the element that they stand in."""
_NO_FHIR = "it is JSON but not FHIR: it has no resourceType"


@dataclass(slots=True)
class Found:
    """A resource as it stands in a file. `position` is "entry 3" or "line 3", from 1."""

    position: str
    resource: dict[str, Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a file that is no usable resource, as far as it can be told.

    `patient` is "" if any patient of the file may be meant. `name` is what it is called, where that is known.
    """

    position: str
    reason: str
    kind: str = ""
    reference: str = ""
    patient: str = ""
    name: str = ""


@dataclass(slots=True)
class Document:
    """What a file holds.

    Attributes:
        renamed: "Type/id" as written -> as it is called here, for ids that are none of FHIR.
        notes: what else is to be said of the file.
    """

    found: list[Found] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """Return full URL -> "Type/id" for all resources that have both."""
        return self.renamed | {f.url: reference_of(f.resource) for f in self.found if f.url}


def reference_of(resource: Mapping[str, Any]) -> str:
    """Return "Type/id", or "Type" without an id."""
    kind, identity = resource.get("resourceType"), resource.get("id")
    return f"{kind}/{identity}" if identity else str(kind or "")


def read_json(data: bytes) -> Document:
    """Read a document.

    Raises:
        UnreadableRecord: not JSON, or JSON that is not FHIR; the message is a bare reason.
    """
    if not data.strip():
        raise UnreadableRecord("it is empty")
    try:
        parsed = _parsed(data.removeprefix(_MARK))
    except orjson.JSONDecodeError as error:
        first, _, second = data.strip().partition(b"\n")
        if first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{"):
            return read_lines(data, 1)
        raise UnreadableRecord(_not_json(data, error)) from None
    document = Document()
    if isinstance(parsed, list) and any(isinstance(p, dict) and "resourceType" in p for p in parsed):
        for number, resource in enumerate(parsed, 1):
            _add(document, f"entry {number}", resource, "")
    elif isinstance(parsed, dict) and isinstance(parsed.get("resourceType"), str):
        _add(document, "" if parsed["resourceType"] in _HOLDERS else "entry 1", parsed, "")
    elif isinstance(parsed, dict) and isinstance(parsed.get("verifiableCredential"), list):
        for number, card in enumerate(parsed["verifiableCredential"], 1):
            _add(document, f"card {number}", _bundle_of(card), "")
        document.notes.append(UNVERIFIED)
    else:
        raise UnreadableRecord(_NO_FHIR)
    return document


def read_lines(data: bytes, first: int) -> Document:
    """Read NDJSON whose first line has the number `first`."""
    document = Document()
    for number, line in enumerate(data.split(b"\n"), first):
        line = line.removeprefix(_MARK)
        if not line.strip():
            continue
        try:
            parsed = _parsed(line)
        except orjson.JSONDecodeError as error:
            document.lost.append(_broken_line(number, line, error))
            continue
        except UnreadableRecord as trouble:
            document.lost.append(_broken_line(number, line, str(trouble)))
            continue
        _add(document, f"line {number}", parsed, "")
    return document


def _parsed(data: bytes) -> Any:
    """Read JSON, also where it is not quite JSON.

    Raises:
        orjson.JSONDecodeError: it is none at all.
        UnreadableRecord: it is nested too deeply.
    """
    try:
        parsed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return _lenient(data)
        except ValueError:
            raise error from None
    return _lenient(data) if _has_doubles(data, parsed) else parsed


def _has_doubles(data: bytes, parsed: object) -> bool:
    """Tell whether there are more names in JSON than in what was made of it."""
    try:
        number = orjson.dumps(parsed).count(b'":')
    except orjson.JSONEncodeError:
        return False
    written = data.count(b'":')
    return (written if written >= number else written + len(_SPACED_NAME.findall(data))) > number


def _lenient(data: bytes) -> Any:
    """Read JSON that has NaN, infinite numbers, a name twice, control characters, or is not UTF-8.

    A number that is none becomes the text of it, the value of a name that stands twice `TWICE`; `validation` tells.
    """
    try:
        parsed = json.loads(
            _characters(data),
            strict=False,
            parse_constant=str,
            parse_float=_finite,
            parse_int=lambda digits: int(digits) if len(digits) <= _LONG else _finite(digits),
            object_pairs_hook=_once_each,
        )
        return orjson.loads(json.dumps(parsed, ensure_ascii=False).encode(errors="replace"))
    except RecursionError:
        raise UnreadableRecord("it is nested too deeply") from None


def _characters(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            if value != found[name]:
                found[name] = TWICE
    return found


def _not_json(data: bytes, error: orjson.JSONDecodeError) -> str:
    if error.pos >= len(data.decode(errors="replace").rstrip()) - 1:
        return "the JSON ends too early (truncated)"
    return f"it is not JSON (line {error.lineno}, column {error.colno})"


def _broken_line(number: int, line: bytes, error: orjson.JSONDecodeError | str) -> Lost:
    kind, patient = _KIND_IN_TEXT.search(line), _PATIENT_IN_TEXT.search(line)
    return Lost(
        f"line {number}",
        error if isinstance(error, str) else "it is not JSON",
        kind=kind[1].decode() if kind else "",
        patient=patient[1].decode() if patient else "",
    )


def _bundle_of(card: object) -> object:
    """Return the Bundle in a SMART Health Card, a JWS whose payload is deflated (smarthealth.cards, 2021)."""
    try:
        _, payload, _ = str(card).split(".")
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        claims = orjson.loads(zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _CARD))
        return claims["vc"]["credentialSubject"]["fhirBundle"]
    except (ValueError, TypeError, KeyError, binascii.Error, zlib.error):
        return None


def _add(document: Document, position: str, resource: object, url: str) -> None:
    if not isinstance(resource, dict):
        document.lost.append(Lost(position, "it is not a JSON object"))
    elif name := _HOLDERS.get(str(resource.get("resourceType"))):
        _add_each(document, position, resource, name)
    else:
        _identify(document, resource, url)
        document.found.append(Found(position, resource, url))


def _add_each(document: Document, position: str, holder: dict[str, Any], name: str) -> None:
    """Add what a Bundle, Parameters or a parameter holds."""
    entries = holder.get(name) or []
    if not isinstance(entries, list):
        document.lost.append(Lost(position or name, f"{name} is not a list"))
        return
    for number, entry in enumerate(entries, 1):
        own = ", ".join(filter(None, (position, f"{name} {number}")))
        if name == "entry" and not (isinstance(entry, dict) and "resource" in entry):
            document.lost.append(Lost(own, "it has no resource"))
        elif isinstance(entry, dict):
            _add_entry(document, own, entry)


def _add_entry(document: Document, position: str, entry: dict[str, Any]) -> None:
    if "part" in entry:
        _add_each(document, position, entry, "part")
    search = entry.get("search")
    if "resource" not in entry or (isinstance(search, dict) and search.get("mode") == "outcome"):
        return
    url = entry.get("fullUrl")
    _add(document, position, entry["resource"], url if isinstance(url, str) else "")


def _identify(document: Document, resource: dict[str, Any], url: str) -> None:
    """See to it that a resource has an id of FHIR."""
    written = resource.get("id")
    if is_id(written):
        return
    in_url = _ID_IN_URL.fullmatch(url)
    if "id" not in resource and in_url:
        resource["id"] = in_url[1]
        return
    with suppress(orjson.JSONEncodeError):  # nested too deeply: it is refused for that
        said = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
        resource["id"] = "made-" + hashlib.sha256(said).hexdigest()[:16]
        if isinstance(written, str) and written:
            kind = resource.get("resourceType")
            document.renamed[f"{kind}/{written}"] = f"{kind}/{resource['id']}"
