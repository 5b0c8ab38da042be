"""A FHIR R4 server -> a `RecordSource`: only reads, only one patient's rows, never an error taken for "no data"."""

from tools.sources.live.authorization import Authorization, from_environment
from tools.sources.live.limits import Limits
from tools.sources.live.source import LiveRecords

__all__ = ["Authorization", "Limits", "LiveRecords", "from_environment"]
