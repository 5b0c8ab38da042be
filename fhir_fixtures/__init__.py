"""Nineteen synthetic patients that ship with the project: who they are is in README.md beside this file.

The records are gzipped FHIR R4 Bundles, one patient each. How they were made is in `make.py`.
"""

from datetime import date
from importlib.resources import files
from pathlib import Path

REFERENCE_DATE = date(2026, 1, 1)
"""The day on which the records end: the natural clock for questions about them."""


def records() -> Path:
    """Return the folder of the shipped records, `*.json.gz`."""
    return Path(str(files("fhir_fixtures") / "records"))


def pictures() -> Path:
    """Return the folder of the record with pictures, one patient more; `draw.py` made it."""
    return Path(str(files("fhir_fixtures") / "pictures"))


def questions() -> Path:
    """Return the question set about these patients, `ehrqa.jsonl`: how it was made is in `evaluation/standing.py`."""
    return Path(str(files("fhir_fixtures") / "ehrqa.jsonl"))
