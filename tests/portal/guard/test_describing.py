"""The description of the API tells what the guard may answer, of every route, and how to say who one is."""

from pathlib import Path

import pytest

from portal.app import make
from tests.portal.portal_for_tests import a_portal

METHODS = ("get", "put", "post", "delete", "patch")
OFTEN = {"400", "413", "415", "421", "429", "503"}


@pytest.mark.parametrize("url", ["", "https://assistant.example.org"])
def test_every_route_tells_what_the_guard_may_answer(tmp_path: Path, url: str) -> None:
    schema = make(a_portal(tmp_path, url=url)).openapi()
    told = [(m, op) for path in schema["paths"].values() for m, op in path.items() if m in METHODS]
    assert len(told) > 10
    for method, operation in told:
        assert set(operation["responses"]) >= OFTEN
        assert method == "get" or "403" in operation["responses"]
        assert ("security" in operation) == ("401" in operation["responses"])
    schemes = schema["components"]["securitySchemes"]
    assert (schemes["token"]["scheme"], schemes["session"]["name"]) == (
        "bearer",
        "__Host-fra-session" if url else "fra-session",
    )
