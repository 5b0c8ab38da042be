"""A record that stays open: after a while it says what the server says by then, and asks no more than it must."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agent.assistant import Assistant
from tests.builders import Resource, observation
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, LATEST, LIMITS, MANY
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, Server, serving
from tests.whole_questions import NOW
from tools.calls.errors import UnreadableRecord
from tools.sources.live import LiveRecords

OLD, NEW = {"lastUpdated": "2021-01-01T00:00:00Z"}, {"lastUpdated": "2021-02-01T00:00:00Z"}
STALE, KEPT = replace(LIMITS, fresh=0, failed=0, page=500), replace(LIMITS, page=500)


def stamped(resources: list[Resource]) -> list[Resource]:
    return [{**resource, "meta": OLD} for resource in resources]


def added(server: Server) -> None:
    server.resources.append(observation("a6", value=9.9, when="2021-03-01", meta=NEW))


def added_in_the_same_moment(server: Server) -> None:
    server.resources.append(observation("a6", value=9.9, when="2021-03-01", meta=OLD))


def changed(server: Server) -> None:
    server.resources = [
        observation("a5", value=9.9, when="2021-03-01", meta=NEW) if r["id"] == "a5" else r
        for r in server.resources
    ]


def deleted(server: Server) -> None:
    server.resources = [r for r in server.resources if r["id"] != "a5"]


def deleted_and_added(server: Server) -> None:
    deleted(server)
    added(server)


def nothing(server: Server) -> None:
    pass


def refuses_last_updated(to: Answering, asked: Asked) -> bool | None:
    return to.whole(400, "{}") if "_lastUpdated" in asked.terms else None


def ignores_last_updated(to: Answering, asked: Asked) -> bool:
    terms = {name: value for name, value in asked.terms.items() if name != "_lastUpdated"}
    return to.json(to.bundle(replace(asked, terms=terms), to.server.matching(asked.path, terms)))


def behaves(to: Answering, asked: Asked) -> None:
    return None


@dataclass(frozen=True)
class Case:
    """What happens on the server between two questions, and what the second finds.

    Attributes:
        values: of "What was the latest HbA1c?".
        reads: how often rows were asked for, in both questions together.
    """

    id: str
    happens: Callable[[Server], None]
    values: tuple[Any, ...]
    reads: int
    does: Behaviour = behaves
    limits: Any = STALE
    stored: Callable[[list[Resource]], list[Resource]] = stamped


CASES = [
    Case("nothing changes", nothing, (6.5,), 1),
    Case("one more", added, (9.9,), 2),
    Case("one more in the same moment", added_in_the_same_moment, (9.9,), 2),
    Case("one changes", changed, (9.9,), 2),
    Case("one goes", deleted, (6.4,), 2),
    Case("one goes, another comes", deleted_and_added, (9.9,), 2),
    Case("no stamps", nothing, (6.5,), 2, stored=list),
    Case("_lastUpdated is refused", changed, (9.9,), 2, refuses_last_updated),
    Case("_lastUpdated is ignored", changed, (9.9,), 2, ignores_last_updated),
    Case("it was read just now", added, (6.5,), 1, limits=KEPT),
    Case("the second time it fails", nothing, (), 2, bad.reading(bad.status(403), range(1, 9)), stored=list),
    Case("the first time it fails", nothing, (6.5,), 4, bad.reading(bad.status(500), range(3))),
    Case("the first time it fails, just now", nothing, (), 3, bad.reading(bad.status(500), range(3)), KEPT),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_record_that_stays_open(case: Case) -> None:
    with serving(case.stored([*ADA, *EVE]), Observation=case.does) as server:
        assistant = Assistant(LiveRecords(server.base, limits=case.limits), model="none")
        assistant.ask("p1", MANY, now=NOW)
        case.happens(server)
        answer = assistant.ask("p1", LATEST, now=NOW)
        reads = [a for a in server.asked if a.path == "Observation" and not a.counts]
    assert answer.values == case.values, answer.answer
    assert ("could not be read" in answer.answer) == (not case.values)
    assert len(reads) == case.reads


def test_what_was_wrong_is_still_said_when_it_is_kept() -> None:
    with serving(stamped([*ADA, {**observation("bad"), "code": {}}])) as server:
        assistant = Assistant(LiveRecords(server.base, limits=STALE), model="none")
        answers = [assistant.ask("p1", LATEST, now=NOW) for _ in range(3)]
    assert len({answer.answer for answer in answers}) == 1
    assert "1 could not be read: it has no name that can be read" in answers[0].answer


def test_a_server_that_fails_is_not_answered_for() -> None:
    with serving(stamped(ADA)) as server:
        assistant = Assistant(LiveRecords(server.base, limits=STALE), model="none")
        assistant.ask("p1", LATEST, now=NOW)
        server.behaviours = {"Patient": bad.status(500)}
        with pytest.raises(UnreadableRecord):
            assistant.ask("p1", LATEST, now=NOW)
