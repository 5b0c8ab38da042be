"""/mcp and /v1 behind the real guard: tokens as the portal issues them, and what they did stands in the trail."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.access import tokens
from portal.app import make
from portal.caller import Caller
from portal.portal import Portal
from tests.portal.doors_for_tests import OTHER, listening
from tests.portal.mcp.mcp_for_tests import over_http
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal

ASKED = {
    "model": "fhir-record-assistant",
    "messages": [{"role": "user", "content": "How old is the patient?"}],
}


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return a_portal(tmp_path)


@pytest.fixture
def url(portal: Portal) -> Iterator[str]:
    with listening(make(portal)) as where:
        yield where


def token_for(portal: Portal, patient: str) -> str:
    carrier = Caller(subject="token:round", patient=patient)
    return tokens.issue(portal.database, carrier, NOON, timedelta(hours=1))


def called(url: str, token: str) -> Any:
    async def calling() -> Any:
        async with over_http(url, token) as client:
            return await client.call_tool("profile", {"about": "name"})

    return asyncio.run(calling())


def test_an_issued_token_opens_both_doors_for_its_patient(url: str, portal: Portal) -> None:
    for patient in (ADELINA, OTHER):
        token = token_for(portal, patient)
        assert called(url, token).structured_content["references"] == [patient]
        answered = httpx.post(
            f"{url}/v1/chat/completions", json=ASKED, headers={"Authorization": f"Bearer {token}"}
        )
        assert answered.json()["fhir_assistant"]["evidence"] == [patient]


def test_a_revoked_token_opens_none(url: str, portal: Portal) -> None:
    token = token_for(portal, ADELINA)
    tokens.revoke(portal.database, token)
    for path, body in (
        ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "ping"}),
        ("/v1/chat/completions", ASKED),
    ):
        answered = httpx.post(f"{url}{path}", json=body, headers={"Authorization": f"Bearer {token}"})
        assert answered.status_code == 401


def test_this_computer_alone_is_bound_to_no_patient(url: str) -> None:
    answered = httpx.post(f"{url}/v1/chat/completions", json=ASKED)
    assert (answered.status_code, answered.json()["error"]["type"]) == (403, "permission_error")
    assert httpx.post(f"{url}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 403


def test_what_a_client_was_shown_stands_in_the_trail(url: str, portal: Portal) -> None:
    told: list[list[str]] = []
    read = portal.trail.read

    def hearing(caller: Any, patient: str, what: Any = (), *more: Any, **named: Any) -> None:
        told.append([caller.subject, patient, *what])
        read(caller, patient, what, *more, **named)

    portal.trail.read = hearing  # type: ignore[method-assign]
    called(url, token_for(portal, ADELINA))
    assert told == [["token:round", ADELINA], ["token:round", ADELINA, ADELINA]]
