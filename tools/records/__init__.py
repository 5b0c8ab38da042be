"""Where records come from: any location -> a `RecordSource` that lists, finds and opens patients."""

from tools.records.intake import Progress, ingest
from tools.records.locations import cached_store, open_location
from tools.records.report import IngestReport
from tools.records.source import OpenedRecords, PatientSummary, RecordSource
from tools.records.stored import StoredRecords

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
