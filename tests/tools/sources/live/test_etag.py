"""What came with an ETag is asked for again only if it has changed; what a server says has not is as it was."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from agent.assistant import Assistant
from tests.builders import patient
from tests.tools.sources.live.people_for_tests import ADA, EVE, LATEST, MANY
from tests.tools.sources.live.serving import Answering, Asked, Server, serving
from tests.tools.sources.live.test_fresh import STALE, added, nothing
from tests.whole_questions import NOW
from tools.sources.live import LiveRecords
from tools.sources.live.server import Page, Pages


class Marking:
    """Marks every answer with an ETag, and says of what was not changed since that it was not."""

    def __init__(self) -> None:
        self.spared: list[str] = []

    def answer(self, to: Answering, asked: Asked) -> bool:
        found: object = (
            to.bundle(asked, to.server.matching(asked.path, asked.terms))
            if "/" not in asked.path
            else to.server.matching("Patient", {"_id": asked.path.partition("/")[2]})[0]
        )
        etag = f'W/"{hash(str(found))}"'
        if asked.headers.get("If-None-Match") == etag:
            self.spared.append(asked.path)
            return to.whole(304, b"", ETag=etag)
        return to.json(found) if asked.counts else _marked(to, found, etag)


def _marked(to: Answering, found: object, etag: str) -> bool:
    return to.whole(200, json.dumps(found), ETag=etag)


def renamed(server: Server) -> None:
    server.resources[0] = patient(gender="male")
    added(server)


@dataclass(frozen=True)
class Case:
    """What happens between two questions, the values of the second, and the pages that were spared."""

    id: str
    happens: Callable[[Server], None]
    values: tuple[object, ...]
    spared: list[str]


CASES = [
    Case("nothing changes", nothing, (6.5,), ["Patient/p1", "Observation"]),
    Case("one more", added, (9.9,), ["Patient/p1"]),
    Case("the patient, too", renamed, (9.9,), []),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_has_not_changed_is_spared(case: Case) -> None:
    marking = Marking()
    with serving([*ADA, *EVE], Patient=marking.answer, Observation=marking.answer) as server:
        assistant = Assistant(LiveRecords(server.base, limits=STALE), model="none")
        first = assistant.ask("Patient/p1", MANY, now=NOW)
        marking.spared.clear()
        case.happens(server)
        answer = assistant.ask("Patient/p1", LATEST, now=NOW)
    assert (first.values, answer.values) == ((5,), case.values), answer.answer
    assert sorted(set(marking.spared), reverse=True) == case.spared


def test_counts_are_never_kept() -> None:
    marking = Marking()
    with serving(ADA, Observation=marking.answer) as server:
        assistant = Assistant(LiveRecords(server.base, limits=STALE), model="none")
        for _ in range(2):
            assistant.ask("Patient/p1", LATEST, now=NOW)
    assert not any("If-None-Match" in asked.headers for asked in server.asked if asked.counts)


def never_asked(to: Answering, asked: Asked) -> bool:
    return to.whole(304, b"")


def test_nothing_new_where_nothing_was_asked_is_an_error() -> None:
    with serving(ADA, Observation=never_asked) as server:
        answer = Assistant(LiveRecords(server.base, limits=STALE), model="none").ask("p1", LATEST, now=NOW)
    assert "could not be read: the server sends elsewhere (304)" in answer.answer


def test_what_was_no_answer_is_not_kept() -> None:
    """A damaged answer is asked for again as if it had not come."""
    turns = iter(range(9))

    def damaged(to: Answering, asked: Asked) -> bool | None:
        if asked.counts or next(turns):
            return None
        return to.whole(200, "{", ETag='"1"')

    with serving(ADA, Observation=damaged) as server:
        answer = Assistant(LiveRecords(server.base, limits=STALE), model="none").ask("p1", LATEST, now=NOW)
    assert answer.values == (6.5,)
    assert not any("If-None-Match" in asked.headers for asked in server.asked)


PAGES = [
    ("kept", [("a", 4, "1")], ["a"]),
    ("without an ETag", [("a", 4, "")], []),
    ("an ETag without end", [("a", 4, "1" * 257)], []),
    ("too large", [("a", 11, "1")], []),
    ("two", [("a", 5, "1"), ("b", 5, "1")], ["a", "b"]),
    ("the oldest goes", [("a", 5, "1"), ("b", 5, "1"), ("c", 5, "1")], ["b", "c"]),
    ("anew", [("a", 5, "1"), ("b", 5, "1"), ("a", 5, "2")], ["a", "b"]),
    ("anew, without an ETag", [("a", 5, "1"), ("a", 5, "")], []),
    ("anew, and there is room for another", [("a", 9, "1"), ("a", 1, "2"), ("b", 9, "1")], ["a", "b"]),
]


@pytest.mark.parametrize(("what", "put", "there"), PAGES, ids=[row[0] for row in PAGES])
def test_pages_that_are_kept(what: str, put: list[tuple[str, int, str]], there: list[str]) -> None:
    pages = Pages(10)
    for address, size, etag in put:
        pages.keep(address, Page(b"." * size, etag))
    assert [address for address in "abc" if pages.get(address)] == there
