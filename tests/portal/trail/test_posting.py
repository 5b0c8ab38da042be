"""The trail is posted: nothing is lost, nothing waits for it, and only this server hears of it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.database import Database
from portal.trail.outbox import CLAIMED, Outbox
from portal.trail.posting import Posting
from portal.trail.server import TrailServer, trail_server
from portal.trail.trail import Trail
from tests.portal.trail.answers_for_tests import ANSWER, NOON, NURSE, QUESTION, WARD, a_trail
from tests.portal.trail.audit_server import Asked, Said, audit_server
from tests.tools.sources.live.real_server import running
from tests.valid import faults_of
from tools.calls.errors import SetupError
from tools.sources.live.authorization import Bearer

TOKEN = "s3cret-token"
ROOT = Path(__file__).parents[3]
PROGRAM = Path(
    os.environ.get("FHIR_ASSISTANT_TEST_SERVER", ROOT / ".venv" / "fhir-server" / "bin" / "sekmet")
)


@contextmanager
def posting(url: str | Path, server: TrailServer) -> Iterator[tuple[Trail, Outbox]]:
    trail, database = a_trail(url, posts=True)
    outbox = Outbox(database)
    doing = Posting(outbox, server, trail.kept, first=0.05)
    doing.start()
    try:
        yield trail, outbox
    finally:
        doing.close()
        database.close()


def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.02)


def test_what_is_kept_is_created_on_the_server(tmp_path: Path) -> None:
    with (
        audit_server() as server,
        posting(tmp_path, TrailServer(server.base, Bearer(TOKEN))) as (
            trail,
            outbox,
        ),
    ):
        trail.read(NURSE, "Patient/p1", ["Observation/a0"])
        trail.answered(NURSE, QUESTION, ANSWER, NOON, NOON)
        until(lambda: outbox.counts() == (0, 0) and len(server.asked) == 3)
        assert [(asked.method, asked.path) for asked in server.asked] == [
            ("POST", "/fhir/AuditEvent"),
            ("POST", "/fhir/AuditEvent"),
            ("POST", "/fhir/Provenance"),
        ]
        assert {asked.headers["Authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}
        assert {asked.headers["Content-Type"] for asked in server.asked} == {"application/fhir+json"}
        assert [faults_of(asked.resource) for asked in server.asked] == ["", "", ""]


def test_ids_of_files_are_no_references_of_the_server(tmp_path: Path) -> None:
    with audit_server() as server, posting(tmp_path, TrailServer(server.base, None)) as (trail, _):
        trail.read(NURSE, "Patient/p1")
        until(lambda: server.asked)
        what = server.asked[0].resource["entity"][0]["what"]
        assert what == {"type": "Patient", "identifier": {"value": "Patient/p1"}}
        trail.server = lambda caller: server.base
        trail.read(NURSE, "Patient/p1")
        until(lambda: len(server.asked) == 2)
        assert server.asked[1].resource["entity"][0]["what"] == {"type": "Patient", "reference": "Patient/p1"}


@pytest.mark.parametrize("status", [500, 503, 429, 401, 403])
def test_a_server_that_fails_gets_it_later(status: int, tmp_path: Path) -> None:
    def fails_twice(asked: Asked) -> Said:
        return Said(status if asked.turn < 2 else 201)

    with (
        audit_server(fails_twice) as server,
        posting(tmp_path, TrailServer(server.base, None)) as (trail, outbox),
    ):
        for number in range(3):
            trail.listed(WARD, number)
        until(lambda: outbox.counts() == (0, 0))
        assert [told(resource) for resource in server.taken] == ["0", "1", "2"]
        assert len(server.asked) == 5


def test_an_event_that_is_refused_is_set_aside_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses_one(asked: Asked) -> Said:
        return Said(400 if told(asked.resource) == "1" else 201)

    with audit_server(refuses_one) as server:
        with posting(tmp_path, TrailServer(server.base, None)) as (trail, outbox):
            for number in range(4):
                trail.listed(WARD, number)
            until(lambda: outbox.counts() == (0, 1))
            assert [told(resource) for resource in server.taken] == ["0", "2", "3"]
        said = f"Event 2 of the trail is refused (400) by {server.base}: it is set aside."
        own = [record.getMessage() for record in caplog.records if record.name.startswith("portal.")]
        assert own == [said]
        server.behaviour = lambda asked: Said()
        with posting(tmp_path, TrailServer(server.base, None)) as (_, outbox):
            until(lambda: outbox.counts() == (0, 0))
        assert told(server.asked[-1].resource) == "1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with audit_server() as elsewhere:

        def redirects(asked: Asked) -> Said:
            return Said(status, {"Location": f"{elsewhere.base}/AuditEvent"})

        with (
            audit_server(redirects) as server,
            posting(tmp_path, TrailServer(server.base, Bearer(TOKEN))) as (
                trail,
                outbox,
            ),
        ):
            trail.listed(WARD, 1)
            until(lambda: len(server.asked) >= 2)
            assert outbox.counts() == (1, 0)
        assert elsewhere.asked == []
    assert f"it sends to another address ({status}), which is not followed" in caplog.text
    assert TOKEN not in caplog.text


def test_a_slow_server_is_waited_for_by_nobody(tmp_path: Path) -> None:
    def slow(asked: Asked) -> Said:
        time.sleep(0.6 if asked.turn < 1 else 0)
        return Said()

    with (
        audit_server(slow) as server,
        posting(tmp_path, TrailServer(server.base, None, 0.3)) as (trail, outbox),
    ):
        trail.listed(WARD, 0)
        until(lambda: server.asked)
        began = time.monotonic()
        for number in range(1, 6):
            trail.listed(WARD, number)
        assert time.monotonic() - began < 0.3
        until(lambda: outbox.counts() == (0, 0))
        # the first was taken, but too late: it is posted twice rather than never
        assert [told(asked.resource) for asked in server.asked] == ["0", "0", "1", "2", "3", "4", "5"]


def test_a_server_that_is_not_there_loses_nothing(tmp_path: Path) -> None:
    with audit_server() as server:
        base = server.base
    with posting(tmp_path, TrailServer(base, None)) as (trail, outbox):
        trail.listed(WARD, 7)
        time.sleep(0.3)
        assert outbox.counts() == (1, 0)
    with audit_server() as server, posting(tmp_path, TrailServer(server.base, None)) as (_, outbox):
        until(lambda: outbox.counts() == (0, 0))
        assert [told(asked.resource) for asked in server.asked] == ["7"]


def test_retry_after_is_heeded(tmp_path: Path) -> None:
    def busy(asked: Asked) -> Said:
        return Said(503, {"Retry-After": "1"}) if asked.turn == 0 else Said()

    with audit_server(busy) as server, posting(tmp_path, TrailServer(server.base, None)) as (trail, outbox):
        trail.listed(WARD, 1)
        until(lambda: server.asked)
        time.sleep(0.5)
        assert len(server.asked) == 1
        until(lambda: outbox.counts() == (0, 0))


def test_two_processes_never_claim_the_same(tmp_path: Path) -> None:
    _claims(tmp_path)


@pytest.mark.real_server
def test_two_processes_never_claim_the_same_in_postgresql(postgres_url: str) -> None:
    _claims(postgres_url)


def _claims(url: str | Path) -> None:
    trail, database = a_trail(url, posts=True)
    for number in range(30):
        trail.listed(WARD, number)
    second_database = Database(url if isinstance(url, str) else f"sqlite:///{url / 'portal.db'}")
    one, another = Outbox(database), Outbox(second_database)
    first, second = one.claim(1000.0), another.claim(1000.0)
    assert [len(first), len(second), len(one.claim(1000.0))] == [20, 10, 0]
    assert not {event.id for event in first} & {event.id for event in second}
    one.posted(first[0])
    one.refused(first[1])
    one.release(first[2:4])
    assert [event.id for event in another.claim(1000.0)] == [event.id for event in first[2:4]]
    assert len(another.claim(1001.0 + CLAIMED)) == 20
    assert one.counts() == (28, 1)
    database.close()
    second_database.close()


@pytest.mark.real_server
@pytest.mark.skipif(
    not PROGRAM.is_file(), reason="there is no FHIR server to start: `make .venv/fhir-server`"
)
def test_a_real_server_takes_them(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with running(PROGRAM, folder) as base, posting(tmp_path, TrailServer(base, None)) as (trail, outbox):
        trail.read(NURSE, "Patient/p1", ["Observation/a0", "Condition"])
        trail.answered(NURSE, QUESTION, ANSWER, NOON, NOON)
        until(lambda: outbox.counts() == (0, 0))
        for kind, number in (("AuditEvent", 2), ("Provenance", 1)):
            assert httpx.get(f"{base}/{kind}").json()["total"] == number


@pytest.mark.parametrize(
    "base",
    [
        "",
        "audit.example.org",
        "http://audit.example.org/fhir",
        "ftp://127.0.0.1/",
        "https://u:p@audit.example.org",
    ],
)
def test_an_open_line_is_refused(base: str) -> None:
    with pytest.raises(SetupError, match="--trail: expected the base URL of a FHIR server, over https"):
        trail_server(base, {})


def test_the_token_of_the_records_is_not_that_of_the_trail() -> None:
    environment = {"FHIR_ASSISTANT_SERVER_TOKEN": "other", "FHIR_ASSISTANT_TRAIL_TOKEN": TOKEN}
    assert trail_server("https://audit.example.org", environment)._auth == Bearer(TOKEN)
    assert trail_server("https://audit.example.org", {"FHIR_ASSISTANT_SERVER_TOKEN": "other"})._auth is None


def told(resource: dict[str, Any]) -> str:
    """How many patients the list of an event had: the events of these tests are told apart by it."""
    detail: str = resource["entity"][0]["detail"][0]["valueString"]
    return detail
