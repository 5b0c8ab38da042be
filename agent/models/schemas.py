"""JSON schemas of what a model writes, in the words that every server's grammar reads."""

from collections.abc import Sequence
from typing import Any


def closed_object(properties: dict[str, Any], required: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the schema of an object with these properties and no others; all are required unless some are named."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }
