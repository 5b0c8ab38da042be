"""Where records come from: any location -> a `RecordSource` that lists, finds and opens patients."""

from tools.sources.intake import Progress, ingest
from tools.sources.locations import cached_store, open_location
from tools.sources.report import IngestReport
from tools.sources.source import OpenedRecords, PatientSummary, RecordSource
from tools.sources.stored import StoredRecords

__all__ = [
    "IngestReport",
    "OpenedRecords",
    "PatientSummary",
    "Progress",
    "RecordSource",
    "StoredRecords",
    "cached_store",
    "ingest",
    "open_location",
]
