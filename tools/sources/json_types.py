"""A resource that its model accepts -> the element whose JSON type is not the one FHIR prescribes.

The models of fhir.resources read "5.4" as a number, "yes" as a boolean, 20120101 as a date, '{"text": "x"}'
as an object. FHIR JSON (R4, section 2.6.2) does not, and nothing above this floor should have to.
"""

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "text", dict: "an object"}


def wrongly_typed(value: Mapping[str, Any], model: Any) -> str:
    """Return "code is not an object" for the first element of a wrong JSON type, "" if there is none.

    Args:
        value: FHIR JSON of an object that is valid otherwise.
        model: its class of fhir.resources.
    """
    elements = _elements(model)
    for name, content in value.items():
        if name not in elements or content is None:
            continue
        expected, inner = elements[name]
        for item in content if isinstance(content, list) else (content,):
            if item is None:
                continue
            if not _fits(item, expected):
                return f"{name} {_shown(item)} is not {_NAMES[expected]}"
            problem = wrongly_typed(item, inner) if inner else ""
            if problem:
                return f"{name}.{problem}"
    return ""


def _fits(item: object, expected: type[Any]) -> bool:
    if expected is float or expected is int:
        return isinstance(item, int | float) and not isinstance(item, bool)
    return isinstance(item, expected)


def _shown(item: object) -> str:
    text = repr(item)
    return text if len(text) <= 40 else text[:37] + "..."


@cache
def _elements(model: Any) -> dict[str, tuple[type[Any], type[Any] | None]]:
    """Return each element's JSON type and, for objects of one class, that class."""
    return {field.alias or name: _json_type(field.annotation) for name, field in model.model_fields.items()}


def _json_type(annotation: Any) -> tuple[type[Any], type[Any] | None]:
    while get_origin(annotation) is not None:
        first = [part for part in get_args(annotation) if part is not NoneType][0]
        annotation = first if get_origin(annotation) is not Annotated else get_args(annotation)[0]
    if hasattr(annotation, "get_model_klass"):
        model = annotation.get_model_klass()
        return dict, None if model.__name__ == "Resource" else model
    if annotation in (bool, int):
        return annotation, None
    return (float if getattr(annotation, "__name__", "") == "Decimal" else str), None
