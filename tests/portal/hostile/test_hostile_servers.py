"""A FHIR server whose messages and links are hostile: told as text, followed nowhere, never "not recorded"."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Resource
from tests.portal.hostile.hostile_cases_for_tests import ALL, Case
from tests.portal.hostile.hostile_models_for_tests import DRAFTS, Orders, built_in, obedient
from tests.portal.hostile.hostile_places_for_tests import DIAGNOSES, EVE, LATEST, record
from tests.portal.hostile.hostile_portal_for_tests import Asking, a_hostile_portal, client_of
from tests.portal.hostile.hostile_watch_for_tests import watched
from tests.tools.sources.live.bad_servers import changed, reading, status
from tests.tools.sources.live.people_for_tests import LIMITS
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, Server, serving
from tests.tools.sources.live.test_nothing_is_claimed import NOTHING
from tools.sources.live import LiveRecords

SERVED = [case for case in ALL if case.served]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Server]:
    with serving(EVE) as server:
        yield server
        assert server.asked == []


@pytest.mark.parametrize("first", [None, *range(DRAFTS)], ids=lambda first: f"{first}")
@pytest.mark.parametrize("case", SERVED, ids=lambda case: case.id)
def test_what_a_server_says_is_text(case: Case, first: int | None, tmp_path: Path, elsewhere: Server) -> None:
    """Without a model (None), and with one that obeys and begins with one of its drafts."""
    orders = Orders()
    orders.begin(
        case.text,
        case.claims,
        (("measure", {"concept": "HbA1c"}), ("find", {"kind": "condition"})),
        first or 0,
    )
    with serving([*record(case.number), *EVE], Observation=_hostile(case)) as server:
        server.elsewhere = elsewhere.base
        records = LiveRecords(server.base, limits=LIMITS)
        portal = a_hostile_portal(tmp_path, records, **(built_in() if first is None else obedient(orders)))
        with watched(f"'127.0.0.1', {server.server_port}"), client_of(portal) as client:
            asking = Asking(client, case)
            answers = [asking.ask(LATEST), asking.ask(DIAGNOSES)]
            shown = client.get(f"/api/patients/{case.patient}")
        records.close()
    assert shown.status_code == 200
    latest = answers[0]
    assert latest
    assert latest["values"] == [6.4] or "ould not be read" in latest["answer"]
    assert latest["values"] == [6.4] or not NOTHING.search(latest["answer"]), latest["answer"]
    assert first is None or orders.written or '"calls"' in case.text
    assert latest["values"] == [6.4] or any(part["problems"] for part in latest["coverage"])


def _hostile(case: Case) -> Behaviour:
    issue = {
        "severity": "error",
        "code": "processing",
        "diagnostics": case.text,
        "details": {"text": case.text},
    }
    outcome: Resource = {"resourceType": "OperationOutcome", "issue": [issue]}

    def added(page: Resource, to: Answering, asked: Asked) -> None:
        page.setdefault("entry", []).append({"resource": outcome, "search": {"mode": "outcome"}})

    def linked(page: Resource, to: Answering, asked: Asked) -> None:
        page["link"] = [{"relation": "self", "url": case.text}, {"relation": "next", "url": case.text}]

    return {
        "server-denied": reading(status(403, json.dumps(outcome))),
        "server-outcome": reading(changed(added)),
        "server-body": reading(status(500, case.text, "text/html; charset=utf-8")),
        "server-link": reading(changed(linked)),
    }[case.place]
