"""The R4B models of fhir.resources -> r4.json, the elements of every type of FHIR R4.

Run `python -m tools.sources.make_r4 > tools/sources/r4.json` when the models change; a test compares the two. An
element is written as its type, with "*" if it may repeat, "!" if it is required, and "@name" if it is one of the
elements of the choice "name".
"""

import sys
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import orjson
from fhir.resources.R4B import fhirtypes, get_fhir_model_class
from fhir.resources.R4B.resource import Resource

_PRIMITIVES = {bool: "boolean"}
_ABSTRACT = ("Resource", "DomainResource")
_NOT_ELEMENTS = ("fhir_comments", "resource_type")


def main() -> None:
    """Write the table to standard output."""
    sys.stdout.buffer.write(written())


def written() -> bytes:
    """Return the table as JSON, a line for each type."""
    made = table()
    kinds = orjson.dumps(made["resources"])
    types = [
        orjson.dumps({name: elements}, option=orjson.OPT_SORT_KEYS)[1:-1]
        for name, elements in sorted(made["types"].items())
    ]
    return b'{"resources":' + kinds + b',\n"types":{\n' + b",\n".join(types) + b"\n}}\n"


def table() -> dict[str, Any]:
    """Return {"resources": names of the kinds, "types": type -> element -> how it is written}."""
    models = [get_fhir_model_class(name) for name in _names()]
    kinds = sorted(
        model.get_resource_type()
        for model in models
        if issubclass(model, Resource) and model.__name__ not in _ABSTRACT
    )
    types: dict[str, dict[str, str]] = {}
    waiting = [get_fhir_model_class(kind) for kind in kinds]
    while waiting:
        model = waiting.pop()
        name = model.__name__
        if name in types:
            continue
        types[name] = {}
        for key, field in model.model_fields.items():
            if key in _NOT_ELEMENTS or key.endswith("__ext"):
                continue
            types[name][field.alias or key], inner = _element(field)
            if inner:
                waiting.append(inner)
    return {"resources": kinds, "types": types}


def _names() -> list[str]:
    known = {name.removesuffix("Type") for name in dir(fhirtypes) if name.endswith("Type")}
    return sorted(name for name in known if _is_model(name))


def _is_model(name: str) -> bool:
    try:
        get_fhir_model_class(name)
    except (LookupError, ValueError):
        return False
    return True


def _element(field: Any) -> tuple[str, Any]:
    more = field.json_schema_extra or {}
    name, many, inner = _type(field.annotation)
    required = field.is_required() or more.get("element_required") or more.get("one_of_many_required")
    choice = f"@{more['one_of_many']}" if more.get("one_of_many") else ""
    return f"{name}{'*' if many else ''}{'!' if required else ''}{choice}", inner


def _type(annotation: Any) -> tuple[str, bool, Any]:
    many = False
    while (origin := get_origin(annotation)) is not None:
        if origin is Annotated:
            _, mark, *_ = get_args(annotation)
            return _lower(type(mark).__name__), many, None
        many = many or origin is list
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    if hasattr(annotation, "get_model_klass"):
        model = annotation.get_model_klass()
        return model.__name__, many, None if model.__name__ == "Resource" else model
    return _PRIMITIVES.get(annotation) or _lower(getattr(annotation, "__name__", "")), many, None


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


if __name__ == "__main__":
    main()
