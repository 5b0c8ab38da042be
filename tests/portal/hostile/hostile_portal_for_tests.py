"""A portal over the hostile records, its client, and what every event and answer of it must be."""

import json
import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from agent.assistant import Assistant
from agent.check.citations import cited
from agent.check.recorded import flat, safe
from portal.app import make
from portal.portal import Portal, opened
from portal.settings import Limits, Settings
from tests.portal.hostile.hostile_cases_for_tests import ALWAYS, Case
from tests.portal.hostile.hostile_places_for_tests import TELLING
from tests.portal.portal_for_tests import NOON
from tools.wording.text import plain_name

FRAME = re.compile(
    r"id: (\d+)\nevent: ([a-z]+)\ndata: ([^\r\n]+)|event: ([a-z]+)\ndata: ([^\r\n]+)\nid: (\d+)"
)
NAMES = {
    "scope",
    "plan",
    "tool",
    "facts",
    "writing",
    "thinking",
    "text",
    "check",
    "ask",
    "trouble",
    "answer",
    "error",
}
_QUOTED = re.compile("“[^”]*”")
_IN_VAIN = re.compile(r"Not recorded: [^(]*\(\d+ [^)]* searched\)")


def a_hostile_portal(folder: Path, source: Any, **who: Any) -> Portal:
    """A portal over a source, without a limit on how much is asked."""
    assistant = Assistant(source, model="none", conversations=folder / "conversations.db", **who)
    settings = Settings(
        today="2021-07-01",
        hosts=("testserver",),
        database=f"sqlite:///{folder / 'portal.db'}",
        limits=Limits(a_minute=0),
    )
    return opened(settings, assistant, lambda: NOON)


class Asking:
    """A conversation about the patient of a case."""

    def __init__(self, client: TestClient, case: Case) -> None:
        self.client, self.case = client, case
        begun = client.post("/api/conversations", json={"patient": f"Patient/{case.patient}"})
        assert begun.status_code == 201, begun.text
        self.id = begun.json()["id"]
        self.last = ""

    def ask(self, text: str, how: str = "question") -> dict[str, Any] | None:
        """The checked answer, None where the question is refused as such."""
        path = f"/api/conversations/{self.id}/questions"
        told = self.client.post(path, json={how: text}, headers={"Accept": "text/event-stream"})
        if told.status_code == 422:
            assert set(told.json()) == {"detail"}
            return None
        events = frames(told.text)
        name, last = events[-1]
        silent_on_eve(told.text)
        assert [data["patient"] for name, data in events if name == "scope"] in (
            [],
            [f"Patient/{self.case.patient}"],
        )
        if name == "error":
            assert last == {"detail": f"Patient/eve is another patient than Patient/{self.case.patient}."}
            return None
        assert name == "answer", last
        self.last = last["id"]
        self.checked(last)
        return last

    def checked(self, answer: dict[str, Any]) -> None:
        """Hold an answer against the patient and the record."""
        number = f"-{self.case.number}"
        assert answer["patient"] == f"Patient/{self.case.patient}"
        assessment = answer["assessment"]["text"] if answer["assessment"] else ""
        given = (
            *answer["evidence"],
            *(c["reference"] for c in answer["citations"]),
            *cited(answer["answer"]),
            *cited(assessment),
        )
        assert [reference for reference in given if not reference.endswith(number)] == []
        assert answer["grounded"], answer["unsupported"]
        assert [c for c in answer["answer"] + assessment if c < " " and c != "\n"] == []
        said = own_words(answer["answer"], self.case)
        assert [claim for claim in (*self.case.claims, *ALWAYS) if claim.casefold() in said] == [], answer[
            "answer"
        ]
        concluded = assessment.casefold()
        assert [claim for claim in (*self.case.claims, *ALWAYS) if claim.casefold() in concluded] == []
        assert [line for line in _as_recorded(self.case.text) if line in concluded] == []


def frames(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: one after the other, well formed, the last one last."""
    assert text.endswith("\n\n")
    found = [FRAME.fullmatch(block) for block in text[:-2].split("\n\n") if not block.startswith(":")]
    assert None not in found, text[:500]
    told = [(int(m[1] or m[6]), m[2] or m[4], json.loads(m[3] or m[5])) for m in found if m]
    assert [id for id, _, _ in told] == list(range(1, len(told) + 1))
    assert {name for _, name, _ in told} <= NAMES
    assert [name for _, name, _ in told[:-1] if name in ("answer", "error")] == []
    return [(name, data) for _, name, data in told]


def own_words(answer: str, case: Case) -> str:
    """What an answer says itself: without what it quotes, what was asked for in vain, and the text as recorded."""
    shown = _IN_VAIN.sub(" … ", answer).casefold()
    for line in _as_recorded(case.text):
        shown = shown.replace(line, " … ")
        begun = [shown[: found.start()] for found in re.finditer("…", shown)]
        for before in begun:  # a long name is cut
            length = next((n for n in range(len(line), 3, -1) if before.endswith(line[:n])), 0)
            if length:
                shown = shown.replace(before[-length:] + "…", " … ")
    return _QUOTED.sub(" … ", shown)


def _as_recorded(text: str) -> list[str]:
    """The text in the forms in which a sentence may hold it."""
    forms = {safe(text), safe(plain_name(text)), flat(text), *map(flat, text.splitlines())}
    return sorted({form.casefold() for form in forms if len(form) > 3}, key=len, reverse=True)


def silent_on_eve(text: str) -> None:
    """Nothing tells of Eve."""
    assert [word for word in TELLING if word in text] == []


def client_of(portal: Portal) -> TestClient:
    return TestClient(make(portal), raise_server_exceptions=False)
