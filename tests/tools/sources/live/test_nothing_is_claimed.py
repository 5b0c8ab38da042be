"""Where a read failed, nothing is claimed, whatever is asked: no "not recorded", no false, no 0."""

import re
from collections.abc import Iterator

import pytest

from agent.assistant import Assistant
from tests.builders import medication_request
from tests.test_unreadable_records import QUESTIONS as OF_EVERY_KIND
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, HASTY, LIMITS
from tests.tools.sources.live.serving import KIND_NAMES, Behaviour, Server, serving
from tests.whole_questions import NOW, ask
from tools.sources.live import LiveRecords

QUESTIONS = [
    *OF_EVERY_KIND.strip().splitlines(),
    "How much did she pay out of pocket since her last admission?",
]
NOTHING = re.compile("(not|nothing|no .{0,40}) recorded|no such|holds no", re.IGNORECASE)
"""How it is said that there is nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    with serving() as server:
        yield server


REFUSED = [
    ("every kind is denied", bad.status(403)),
    ("every kind fails", bad.status(500)),
    ("no kind is served", bad.status(404)),
    ("no search is understood", bad.status(400)),
    ("every link leads away", bad.reading(bad.changed(bad.leads_away))),
    ("every kind is silent", bad.keeps_silent),
    ("rows are withheld", bad.changed(bad.outcome("information", "suppressed"))),
]


@pytest.mark.parametrize(("what", "does"), REFUSED, ids=[what for what, _ in REFUSED])
def test_nothing_is_claimed_of_what_was_not_read(what: str, does: Behaviour, elsewhere: Server) -> None:
    kinds = {kind: does for kind in KIND_NAMES if kind != "Patient"}
    with serving([*ADA, *EVE], **kinds) as server:
        server.elsewhere = elsewhere.base
        assistant = Assistant(
            LiveRecords(server.base, limits=HASTY if does is bad.keeps_silent else LIMITS), model="none"
        )
        answers = [ask(assistant, question) for question in QUESTIONS]
    for answer in answers:
        assert (answer.values, answer.abstained) == ((), True), (answer.question, answer.answer)
        assert "could not be read" in answer.answer.casefold(), (answer.question, answer.answer)
        assert not NOTHING.search(answer.answer), (answer.question, answer.answer)
        assert answer.grounded, answer.unsupported
    assert elsewhere.asked == []


def test_a_drug_that_is_not_given_is_said() -> None:
    order = medication_request(
        "ref", medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"}
    )
    with serving([*ADA, order], Medication=bad.status(403)) as server:
        assistant = Assistant(LiveRecords(server.base, limits=LIMITS), model="none")
        answer = assistant.ask("Patient/p1", "Is she on warfarin?", now=NOW)
    assert "1 drugs that it names could not be read" in answer.answer, answer.answer
