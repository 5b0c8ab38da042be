"""The ten tools by name: one call -> its evidence. Signatures and JSON schemas are derived from the functions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a plan: `Call("measure", {"concept": "HbA1c", "pick": "last"})`. No patient, no clock."""

    tool: str
    arguments: Mapping[str, object]
