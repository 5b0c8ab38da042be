"""A launch from end to end with real parts: an OAuth server, a FHIR server, a browser's requests, the portal's API."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE, records
from portal.app import make
from portal.launch.registrations import Registration
from tests.portal.portal_for_tests import ADELINA, a_portal
from tests.tools.sources.live.real_server import load, running
from tools.sources import open_location

ROOT = Path(__file__).parents[3]
RECORDS = Path(
    os.environ.get("FHIR_ASSISTANT_TEST_SERVER", ROOT / ".venv" / "fhir-server" / "bin" / "sekmet")
)
LOGIN = ROOT / ".venv/oauth2-mock-server/node_modules/oauth2-mock-server/dist/index.mjs"
NODE = shutil.which("node")
FILE = records() / "Brandy_Larson.json.gz"
HERE = "http://testserver"
QUESTION = "What was the latest body weight?"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_server,
    pytest.mark.skipif(
        not RECORDS.is_file(), reason="there is no FHIR server to start: `make .venv/fhir-server`"
    ),
    pytest.mark.skipif(
        not NODE or not LOGIN.is_file(),
        reason="there is no OAuth server to start: `make .venv/oauth2-mock-server/node_modules/.package-lock.json`",
    ),
]


@contextmanager
def a_login(base: str, patient: str, user: str) -> Iterator[str]:
    """Run the record system in front of a FHIR server; gives its base URL."""
    command = [str(NODE), str(Path(__file__).with_name("login.mjs")), str(LOGIN), base, patient, user]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(20)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """The record system, its one patient, and the practitioner who signs in."""
    with running(RECORDS, tmp_path_factory.mktemp("server")) as base:
        load(base, [FILE])
        reference = open_location(str(FILE)).patients()[0].reference
        found = httpx.get(f"{base}/Practitioner", params={"_count": 1}).json()
        user = f"Practitioner/{found['entry'][0]['resource']['id']}"
        with a_login(base, reference.partition("/")[2], user) as front:
            yield front, reference, user


@pytest.fixture
def browser(system: tuple[str, str, str], tmp_path: Path) -> Iterator[TestClient]:
    ours = Registration(
        issuer=system[0], client="fhir-assistant", key=RSAKey.generate_key(2048, {"kid": "k"})
    )
    portal = replace(a_portal(tmp_path, url=HERE, launches=(ours,)), clock=lambda: datetime.now(UTC))
    with TestClient(make(portal), base_url=HERE) as client:
        yield client


def launch(browser: TestClient, iss: str) -> Any:
    """Do what a browser does, from the record system and back."""
    begun = browser.get("/launch", params={"iss": iss, "launch": "a-launch"}, follow_redirects=False)
    back = httpx.get(begun.headers["location"]).headers["location"]
    assert back.startswith(f"{HERE}/launch/callback?")
    answer = browser.get(back, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer


def post(browser: TestClient, path: str, **body: str) -> Any:
    return browser.post(path, json=body, headers={"origin": HERE})


def ask(browser: TestClient, patient: str) -> Any:
    begun = post(browser, "/api/conversations", patient=patient)
    assert begun.status_code == 201, begun.text
    asked = post(browser, f"/api/conversations/{begun.json()['id']}/questions", question=QUESTION)
    assert asked.status_code == 201, asked.text
    assert "event: answer" in browser.get(asked.json()["events"]).text
    return browser.get(asked.headers["location"]).json()["answer"]


def test_a_launch_from_end_to_end(system: tuple[str, str, str], browser: TestClient) -> None:
    iss, patient, user = system
    assert browser.get("/api/me").status_code == 401
    answer = launch(browser, iss)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = browser.get("/api/me").json()
    assert (me["patient"], me["banner"], me["answers_from"]) == (patient, True, "launch")
    assert me["subject"] == f"user:{iss}/{user}"
    assert me["name"] not in ("", user)
    told = ask(browser, patient)
    wanted = Assistant(open_location(str(FILE)), model="none").ask(patient, QUESTION, now=REFERENCE_DATE)
    assert told["answer"] == wanted.answer
    assert told["citations"]
    assert [c["reference"] for c in told["citations"]] == [c.reference for c in wanted.citations]


def test_nobody_else_can_be_asked_about(system: tuple[str, str, str], browser: TestClient) -> None:
    launch(browser, system[0])
    for other in (ADELINA, "Patient/x"):
        assert post(browser, "/api/conversations", patient=other).status_code == 403
    assert browser.get("/api/conversations", params={"patient": ADELINA}).json() in (
        [],
        {"conversations": []},
    )


def test_tokens_that_end_are_renewed_and_signing_out_ends_all(
    system: tuple[str, str, str], browser: TestClient
) -> None:
    iss, patient, _ = system
    launch(browser, iss)
    assert httpx.get(f"{iss}/end-tokens").status_code == 200
    assert ask(browser, patient)["citations"]
    assert browser.post("/launch/end", headers={"origin": HERE}).status_code == 200
    assert browser.get("/api/me").status_code == 401
