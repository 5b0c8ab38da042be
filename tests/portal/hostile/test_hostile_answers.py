"""Hostile texts wherever a record, a server or a person can put one: nobody else, no request, no claim of theirs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from tests.builders import bundle
from tests.portal.hostile.hostile_cases_for_tests import ALL, Case
from tests.portal.hostile.hostile_models_for_tests import DRAFTS, EITHER, Orders, built_in, obedient
from tests.portal.hostile.hostile_places_for_tests import EVE, LATEST, PLACES, record
from tests.portal.hostile.hostile_portal_for_tests import Asking, a_hostile_portal, client_of, silent_on_eve
from tests.portal.hostile.hostile_watch_for_tests import watched
from tools.sources import open_location

HELD = [case for case in ALL if not case.served]


@dataclass
class Portals:
    """The same records with and without a model."""

    plain: TestClient
    obeying: TestClient
    orders: Orders


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portals]:
    folder, orders = tmp_path_factory.mktemp("hostile"), Orders()
    kept = folder / "records"
    kept.mkdir()
    (kept / "eve.json").write_text(json.dumps(bundle(*EVE)))
    for case in HELD:
        rows = record(case.number, PLACES[case.place].put, case.text)
        (kept / f"{case.number}.json").write_text(json.dumps(bundle(*rows)))
    source = open_location(str(kept), cache=folder / "cache", workers=0)
    places = [folder / "plain", folder / "obeying"]
    for place in places:
        place.mkdir()
    with (
        client_of(a_hostile_portal(places[0], source, **built_in())) as plain,
        client_of(a_hostile_portal(places[1], source, **obedient(orders))) as obeying,
    ):
        yield Portals(plain, obeying, orders)


def test_there_are_enough_cases() -> None:
    assert len(ALL) >= 120
    assert len({case.name for case in ALL}) >= 40
    assert len({case.id for case in ALL}) == len(ALL)


@pytest.mark.parametrize("case", HELD, ids=lambda case: case.id)
def test_without_a_model(case: Case, portals: Portals) -> None:
    with watched():
        talked(portals.plain, case)
        looked_at(portals.plain, case)


@pytest.mark.parametrize("first", range(DRAFTS))
@pytest.mark.parametrize("case", HELD, ids=lambda case: case.id)
def test_with_a_model_that_obeys(case: Case, first: int, portals: Portals) -> None:
    orders = portals.orders
    orders.begin(case.text, case.claims, PLACES[case.place].calls, first)
    with watched():
        talked(portals.obeying, case)
    assert orders.written or '"calls"' in case.text
    silent_on_eve("\n".join(orders.prompts))


def talked(client: TestClient, case: Case) -> None:
    """Put the text where a person would, and ask what makes it show."""
    asking = Asking(client, case)
    if case.place == "search":
        found = client.get("/api/patients", params={"search": case.text[:200]})
        assert found.status_code == 200
        silent_on_eve(found.text)
    if case.place in ("question", "turn"):
        asking.ask(case.text)
    if case.place == "question":
        asking.ask(f"{LATEST} {case.text}")
    if case.place == "reply":
        asking.ask(EITHER)
        asking.ask(case.text, "reply")
    if case.place == "feedback":
        asking.ask(LATEST)
        judged = client.put(
            f"/api/questions/{asking.last}/feedback", json={"verdict": "wrong", "comment": case.text}
        )
        assert judged.status_code == 204
        assert client.get(f"/api/questions/{asking.last}").json()["feedback"]["comment"] == case.text
    for question in PLACES[case.place].asks:
        asking.ask(question)
    for path in (
        f"conversations/{asking.id}",
        f"questions/{asking.last}",
        f"questions/{asking.last}/evidence",
    ):
        silent_on_eve(client.get(f"/api/{path}").text)


def looked_at(client: TestClient, case: Case) -> None:
    """Look at the record as the page does."""
    number, whose = case.number, f"/api/patients/{case.patient}"
    shown = (
        "",
        "/timeline",
        f"/series?reference=Observation/a1c-{number}",
        *(f"/resources/{row['resourceType']}/{row['id']}" for row in record(number)[3:]),
    )
    for path in shown:
        told = client.get(whose + path)
        assert (told.status_code, told.headers["content-type"]) == (200, "application/json"), (
            path,
            told.text,
        )
        silent_on_eve(told.text)
    for path in ("/resources/Observation/eve-a1c", "/series?reference=Observation/eve-a1c"):
        assert client.get(whose + path).status_code == 404
