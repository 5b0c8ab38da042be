"""A resource -> why it is not valid FHIR R4, in one short sentence; "" if it is valid.

Checked by the R4B models of fhir.resources (types, cardinality, unknown elements, formats). Not checked: that
codes are in their value sets, profiles, and invariants. The models are imported at the first call: they cost
a third of a second.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from tools.sources.json_types import wrongly_typed
from tools.sources.versions import likely_version

_ODD_SHAPE = (TypeError, ValueError, AttributeError, KeyError, AssertionError)
_REWORDED = {
    "list_type": "is not a list",
    "string_type": "is not text",
    "dict_type": "is not an object",
    "bool_parsing": "is not true or false",
    "bool_type": "is not true or false",
    "json_invalid": "is not an object",
    "model_validation_format": "is not an object",
    "url_parsing": "is not a URL",
}


def reason_invalid(resource: Mapping[str, Any]) -> str:
    """Return why the resource is not valid R4, or "".

    E.g. "status is missing", "comment is not an R4 element (looks like STU3)".
    """
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return "resourceType is missing"
    model = _model(kind)
    version = likely_version(resource)
    hint = f" (looks like {version})" if version else ""
    if model is None:
        return f"{kind} is not a resource of FHIR R4{hint}"
    try:
        model.model_validate(resource)
        return wrongly_typed(resource, model)
    except ValidationError as error:
        return _sentence(error) + hint
    except RecursionError:
        return "it is nested too deeply"
    except _ODD_SHAPE as error:
        return f"it has an odd shape: {str(error)[:80]}{hint}"


@cache
def _model(kind: str) -> type[Any] | None:
    from fhir.resources.R4B import get_fhir_model_class
    from fhir.resources.R4B.resource import Resource

    try:
        model: type[Any] = get_fhir_model_class(kind)
    except (LookupError, ValueError):
        return None
    return model if issubclass(model, Resource) else None


def _sentence(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False)
    first = min(found, key=lambda item: item["type"] != "extra_forbidden")
    path = ".".join(str(part) for part in first["loc"] if part != "root") or "it"
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{path} {_complaint(first['type'], first['msg'], first['input'])}{more}"


def _complaint(problem: str, message: str, given: object) -> str:
    if problem == "extra_forbidden":
        return "is not an R4 element"
    if "missing" in problem or "required" in message:
        return "is missing"
    if problem in _REWORDED:
        return _REWORDED[problem]
    if "multiple" in message:
        return "has more than one of the elements of a choice"
    shown = repr(given)[:40]
    if "Date" in message or "date" in problem:
        return f"{shown} is not a date of FHIR"
    if "Decimal" in message:
        return f"{shown} is not a number"
    if problem == "string_pattern_mismatch":
        return f"{shown} is not well formed"
    return f"{shown}: {message[:80]}"
