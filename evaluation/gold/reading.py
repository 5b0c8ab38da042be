"""Files of FHIR JSON -> the resources of each patient, as plain dictionaries.

Bundles, single resources and lists (`.json`), Bulk Data exports (`.ndjson`), both also gzipped, in a folder or alone.
Left out: archives, servers, and checking against the specification: what is not JSON is an error.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
_SUFFIXES = (".json", ".json.gz", ".ndjson", ".ndjson.gz")
_LINKS = ("subject", "patient", "beneficiary")


class UnreadableRecords(Exception):
    """A file is missing or is not FHIR JSON."""


def read(location: Path) -> dict[str, list[Resource]]:
    """Return the resources of each patient by the patient's id, in the order of the files.

    What belongs to no patient (organizations, practitioners, locations) is given to every patient of its file.

    Raises:
        UnreadableRecords: nothing is there, or a file is not FHIR JSON; the message names the file.
    """
    patients: dict[str, list[Resource]] = {}
    for path in _files(location):
        for patient, resources in _by_patient(_resources(path)).items():
            patients.setdefault(patient, []).extend(resources)
    if not patients:
        raise UnreadableRecords(f"{location}: expected Bundles (.json) or a Bulk Data export (.ndjson).")
    return patients


def plain_id(reference: str) -> str:
    """Return the id that a reference ends with: "Patient/1" and "urn:uuid:1" are both "1"."""
    return reference.rsplit("/", 1)[-1].removeprefix("urn:uuid:")


def _files(location: Path) -> list[Path]:
    if location.is_dir():
        return sorted(path for path in location.rglob("*") if path.name.endswith(_SUFFIXES))
    if not location.is_file():
        raise UnreadableRecords(f"{location}: no such file or folder.")
    return [location]


def _resources(path: Path) -> Iterator[Resource]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            whole = (
                [json.loads(line) for line in file if line.strip()]
                if ".ndjson" in path.name
                else [json.load(file)]
            )
    except (OSError, ValueError) as error:
        raise UnreadableRecords(f"{path}: {error}.") from None
    for part in whole:
        yield from _unpacked(part)


def _unpacked(part: Any) -> Iterator[Resource]:
    if isinstance(part, list):
        for each in part:
            yield from _unpacked(each)
    elif part.get("resourceType") == "Bundle":
        yield from (entry["resource"] for entry in part.get("entry", ()) if "resource" in entry)
    elif "resourceType" in part:
        yield part


def _by_patient(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    everything = list(resources)
    found: dict[str, list[Resource]] = {}
    shared = []
    for resource in everything:
        owner = _owner(resource)
        if owner:
            found.setdefault(owner, []).append(resource)
        else:
            shared.append(resource)
    owned = {patient: [*mine, *shared] for patient, mine in found.items()}
    return owned


def _owner(resource: Resource) -> str:
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    for link in _LINKS:
        if reference := (resource.get(link) or {}).get("reference"):
            return plain_id(reference)
    return ""
