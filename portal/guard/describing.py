"""The app's OpenAPI description -> the same, with what the guard may answer and how callers say who they are."""

from typing import Any

from fastapi import FastAPI

from portal.access.cookies import cookie_name
from portal.guard.layer import for_openai
from portal.portal import Portal

_METHODS = ("get", "put", "post", "delete", "patch")
_UNSAFE = ("put", "post", "delete", "patch")
_GUARD = {
    "400": "The Host header is no name.",
    "413": "The body is too long.",
    "415": "The body is no JSON.",
    "421": "The portal was called by a name that is not its own.",
    "429": "Too many requests at once; `Retry-After` says when to ask again.",
    "503": "It took too long, or something that is needed is away.",
}
_FORGED = {"403": "A page of another origin sent it, or the caller may not have this."}
_DETAIL = {
    "type": "object",
    "title": "Detail",
    "required": ["detail"],
    "properties": {"detail": {"type": "string", "title": "Detail"}},
}


def describe(app: FastAPI, portal: Portal) -> None:
    """Have the app's description tell of the guard."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add(plain(), cookie_name(portal.settings))
        return plain()

    app.openapi = described  # type: ignore[method-assign]


def _add(schema: dict[str, Any], cookie: str) -> None:
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {}).setdefault("Detail", _DETAIL)
    components.setdefault("securitySchemes", {}).update(
        {
            "token": {"type": "http", "scheme": "bearer", "description": "An API key, a token or a JWT."},
            "session": {"type": "apiKey", "in": "cookie", "name": cookie, "description": "Of a launch."},
        }
    )
    for path, operations in schema.get("paths", {}).items():
        form = "Refusal" if for_openai(path) else "Detail"
        for method in _METHODS:
            if method in operations:
                _tell(operations[method], method in _UNSAFE, form)


def _tell(operation: dict[str, Any], unsafe: bool, form: str) -> None:
    responses = operation["responses"]
    for status, meaning in (_GUARD | (_FORGED if unsafe else {})).items():
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{form}"}}}
        responses.setdefault(status, {"description": meaning, "content": content})
    if "401" in responses:
        operation.setdefault("security", [{"token": []}, {"session": []}, {}])
