"""Every hostile text through the other doors, chat completions, MCP and cards of CDS Hooks: text, of Ada alone."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from portal.access import tokens
from portal.caller import Caller
from portal.portal import Portal
from tests.builders import bundle
from tests.portal.hooks.test_hooks_text import LINKED, PARSER, kinds
from tests.portal.hostile.hostile_cases_for_tests import ALL, Case
from tests.portal.hostile.hostile_models_for_tests import Orders, obedient
from tests.portal.hostile.hostile_places_for_tests import DIAGNOSES, EVE, LATEST, PLACES, record
from tests.portal.hostile.hostile_portal_for_tests import a_hostile_portal, client_of, silent_on_eve
from tests.portal.hostile.hostile_watch_for_tests import watched
from tests.portal.portal_for_tests import NOON
from tools.sources import open_location

FIRST = list({case.name: case for case in reversed(ALL) if not case.served}.values())
"""A case of each text."""
LIVE = re.compile(r"\]\(|!\[|<[A-Za-z/!?]|https?://|www\.")
WORDS = {
    "paragraph",
    "bullet_list",
    "list_item",
    "text",
    "softbreak",
    "inline",
    "strong",
    "ordered_list",
    "hardbreak",
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Portal, Orders]]:
    folder, orders = tmp_path_factory.mktemp("doors"), Orders()
    (folder / "records").mkdir()
    held = [*EVE, *(row for case in FIRST for row in record(case.number, _everywhere, case.text))]
    (folder / "records" / "all.json").write_text(json.dumps(bundle(*held)))
    source = open_location(str(folder / "records"), cache=folder / "cache", workers=0)
    portal = a_hostile_portal(folder, source, **obedient(orders))
    with client_of(portal) as client:
        yield client, portal, orders


def _everywhere(parts: dict[str, Any], text: str) -> None:
    for name in ("condition", "allergy", "medication", "unit", "note", "organization"):
        PLACES[name].put(parts, text)


@pytest.mark.parametrize("case", FIRST, ids=lambda case: case.name)
def test_the_other_doors(case: Case, doors: tuple[TestClient, Portal, Orders]) -> None:
    client, portal, orders = doors
    orders.begin(case.text, case.claims, PLACES["condition"].calls)
    whose = Caller(subject="token:round", patient=f"Patient/{case.patient}")
    client.headers["Authorization"] = (
        f"Bearer {tokens.issue(portal.database, whose, NOON, timedelta(hours=1))}"
    )
    with watched():
        for question in (DIAGNOSES, f"{LATEST} {case.text}"[:900]):
            chatted(client, case, question)
            spoken(client, case, "ask", {"question": question})
        spoken(client, case, "find", {"kind": "condition"})
        spoken(client, case, "find", {"kind": "condition", "patient": "Patient/eve"})
        spoken(client, case, "read", {"reference": "Observation/eve-a1c"})
    del client.headers["Authorization"]


def chatted(client: TestClient, case: Case, question: str) -> None:
    """Ask as a chat front end does."""
    asked = {"model": "fhir-record-assistant", "messages": [{"role": "user", "content": question}]}
    told = client.post("/v1/chat/completions", json=asked)
    silent_on_eve(told.text)
    if told.status_code == 502:  # the model planned to read Eve: the run ends
        message = told.json()["error"]["message"]
        assert message == f"[failed] Patient/eve is another patient than Patient/{case.patient}."
        return
    assert told.status_code == 200, told.text
    assert told.json()["fhir_assistant"]["patient"] == f"Patient/{case.patient}"
    text = told.json()["choices"][0]["message"]["content"]
    assert not LIVE.search(text), text
    assert {"link", "image", "html_inline", "html_block"}.isdisjoint(kinds(text)), text
    streamed = client.post("/v1/chat/completions", json={**asked, "stream": True})
    lines = [line for line in streamed.text.split("\n") if line and not line.startswith(":")]
    assert lines[-1] == "data: [DONE]"
    assert [json.loads(line.removeprefix("data: "))["object"] for line in lines[:-1]]
    silent_on_eve(streamed.text)


def spoken(client: TestClient, case: Case, tool: str, arguments: dict[str, Any]) -> None:
    """Call a tool as an MCP client does."""
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    accept = {"Accept": "application/json, text/event-stream"}
    told = client.post("/mcp", json=call, headers=accept)
    assert told.status_code == 200, told.text
    silent_on_eve(told.text)
    messages = [line.removeprefix("data: ") for line in told.text.split("\r\n") if line.startswith("data: {")]
    (result,) = [message["result"] for message in map(json.loads, messages) if "method" not in message]
    text = result["content"][0]["text"]
    assert not re.search(r"\]\(|!\[|<[A-Za-z/!?]", text), text
    planned_eve = text == f"Patient/eve is another patient than Patient/{case.patient}."
    refused = "patient" in arguments or planned_eve
    assert bool(result.get("isError")) == refused, text
    if tool == "ask" and not refused:
        assert result["structuredContent"]["patient"] == f"Patient/{case.patient}"


def test_a_card_links_nowhere(doors: tuple[TestClient, Portal, Orders]) -> None:
    client = doors[0]
    for case in FIRST:
        call = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
                "context": {"patientId": case.patient, "userId": "Practitioner/7"}}  # fmt: skip
        with watched():
            told = client.post("/cds-services/record-summary", json=call)
        assert told.status_code == 200, told.text
        silent_on_eve(told.text)
        assert told.json()["cards"]
        for card in told.json()["cards"]:
            assert kinds(card["detail"]) <= WORDS
            assert not LINKED.search(
                "".join(t.content for i in PARSER.parse(card["detail"]) for t in i.children or [])
            )
            assert "evil.example/" not in card["summary"]
