"""Numbers and entries -> JSON with stable keys; fields of entries with their default are left out."""

from typing import Any

import orjson
from pydantic import BaseModel


def encoded(told: dict[str, Any]) -> str:
    """Return it as JSON, indented; the same content gives the same text."""
    return orjson.dumps(told, default=_model, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _model(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")
