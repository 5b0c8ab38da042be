"""A portal that is killed loses no answer that was told, and takes up what it had begun."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from portal.bench.load import WORDINGS
from portal.bench.serving import Served, served
from tests.portal.portal_for_tests import ADELINA

pytestmark = pytest.mark.slow
NOW = "2026-01-01"
TALKS = 8


class Talking:
    """Conversations that go on until the portal is gone; what they were told is remembered."""

    def __init__(self, here: Served) -> None:
        self.told: dict[str, str] = {}
        self._here = here
        self._threads = [threading.Thread(target=self._talk) for _ in range(TALKS)]
        for thread in self._threads:
            thread.start()

    def until_gone(self) -> None:
        for thread in self._threads:
            thread.join(60)

    def _talk(self) -> None:
        with httpx.Client(base_url=self._here.base, timeout=30) as client:
            try:
                id = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
                for turn in range(10_000):
                    self._ask(client, id, WORDINGS[turn % len(WORDINGS)])
            except httpx.TransportError:
                return  # it is gone

    def _ask(self, client: httpx.Client, id: str, question: str) -> None:
        path, accept = f"/api/conversations/{id}/questions", {"Accept": "text/event-stream"}
        with client.stream("POST", path, json={"question": question}, headers=accept) as response:
            told = [line for line in response.iter_lines() if line.startswith("event:")]
            if told and told[-1] == "event: answer":
                self.told[response.headers["Location"].rpartition("/")[2]] = question


@pytest.mark.parametrize("end", [Served.kill, Served.end], ids=["killed", "asked to end"])
def test_no_answer_is_lost(tmp_path: Path, end: Callable[[Served], None]) -> None:
    database = tmp_path / "portal.db"
    with served(database, NOW) as here:
        talking = Talking(here)
        until = time.monotonic() + 60
        while len(talking.told) < 2 * TALKS and time.monotonic() < until:
            time.sleep(0.01)
        end(here)
        talking.until_gone()
    assert len(talking.told) >= 2 * TALKS
    with served(database, NOW) as here:
        for id, question in talking.told.items():
            kept = httpx.get(f"{here.base}/api/questions/{id}").json()
            assert (kept["status"], kept["question"]) == ("finished", question)
            assert kept["answer"]["id"] == id


def test_what_was_begun_is_taken_up(tmp_path: Path) -> None:
    database = tmp_path / "portal.db"
    with served(database, NOW) as here:
        with httpx.Client(base_url=here.base) as client:
            conversation = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
            asked = client.post(
                f"/api/conversations/{conversation}/questions", json={"question": "How old is she?"}
            )
        id = asked.json()["id"]
        here.kill()
    with sqlite3.connect(database) as tables:  # as if it had been killed before the answer was kept
        tables.execute(
            "UPDATE questions SET status='running', answer=NULL, lease=0, events='[]' WHERE id=?", (id,)
        )
    with served(database, NOW) as here:
        told = httpx.get(f"{here.base}/api/questions/{id}/events", timeout=60).text
    assert "event: answer\n" in told
    assert "\nid: 1001\n" in told
