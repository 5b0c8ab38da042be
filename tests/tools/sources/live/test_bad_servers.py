"""Whatever a server does: the rows of one patient, all of them, or "could not be read"; no word of anybody else."""

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from agent.assistant import Assistant
from tests.builders import observation
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import (
    ADA,
    EVE,
    HASTY,
    LATEST,
    LIMITS,
    MANY,
    OF_EVE,
    STRANGER,
    named,
    without,
)
from tests.tools.sources.live.serving import Behaviour, Server, serving
from tests.whole_questions import NOW
from tools.sources.live import Limits, LiveRecords

CROWD = [observation(f"eve-{n}", subject="p2") for n in range(100)]


@dataclass(frozen=True)
class Case:
    """What the server does to searches for observations, and what becomes of the five that Ada has.

    Attributes:
        read: how many of the five are read, the latest ones.
        problem: what is said of the others; "" if nothing is.
    """

    id: str
    does: Behaviour
    read: int = 5
    problem: str = ""
    limits: Limits = LIMITS


def lost(id: str, does: Behaviour, problem: str, limits: Limits = LIMITS) -> Case:
    """Nothing is read, and this is said."""
    return Case(id, does, 0, f"could not be read: {problem}", limits)


DEEP = observation("deep", extension=json.loads('[{"extension":' * 300 + "[]" + "}]" * 300))
NO_SUBJECT = observation("a9", subject="")
DENIED = "the server denied it"
PAGES = [
    Case("a page at a time", lambda to, asked: None),
    Case("links relative to the base", bad.next_link(lambda url, _: url.partition("/fhir/")[2])),
    Case("links relative to the host", bad.next_link(lambda url, _: "/fhir/" + url.partition("/fhir/")[2])),
    Case("a row on two pages", bad.reading(bad.rows(lambda rows: [*rows[:2], rows[1], *rows[2:]], total=5))),
    lost(
        "a row on two pages, another on none",
        bad.reading(bad.rows(lambda rows: [*rows[:2], rows[1], *rows[2:4]], total=5)),
        "the server counted 5, its pages hold 4",
    ),
    lost(
        "pages that are not linked",
        bad.reading(bad.changed(bad.last_page)),
        "the server counted 5, its pages hold 2",
    ),
    lost(
        "pages that are neither linked nor counted",
        bad.reading(bad.changed(bad.last_page_uncounted)),
        "the server counted 5 and gave 2",
    ),
    lost(
        "a further page that is gone",
        bad.reading(bad.status(410), range(1, 9)),
        "a further page was not served: the server has no such thing (410)",
    ),
    lost(
        "a further page that is refused",
        bad.reading(bad.status(400), range(1, 9)),
        "a further page was not served: the server does not serve this search (400)",
    ),
    lost(
        "a further page that fails",
        bad.reading(bad.status(500), range(2, 9)),
        "the server answered 500, 3 times",
    ),
    lost("a further page that is denied", bad.reading(bad.status(401), range(1, 9)), f"{DENIED} (401)"),
    lost(
        "a further page that is something else",
        bad.reading(bad.changed(lambda page, to, asked: page.update(resourceType="List")), range(1, 9)),
        "a further page is no Bundle",
    ),
]
ELSEWHERE = "a link of the server leads elsewhere and was not followed"
LINKS = [
    lost("to another port", bad.next_link(lambda url, other: f"{other}/Observation"), ELSEWHERE),
    lost(
        "to another host",
        bad.next_link(lambda url, other: other.replace("127.0.0.1", "localhost") + "/Observation"),
        ELSEWHERE,
    ),
    lost("to another scheme", bad.next_link(lambda url, other: url.replace("http:", "https:")), ELSEWHERE),
    lost("with a user", bad.next_link(lambda url, other: url.replace("//", "//ada@")), ELSEWHERE),
    lost("without a scheme", bad.next_link(lambda url, other: other.removeprefix("http:")), ELSEWHERE),
    lost("out of the base", bad.next_link(lambda url, other: url.replace("/fhir/", "/admin/")), ELSEWHERE),
    lost("up from the base", bad.next_link(lambda url, other: "../admin"), ELSEWHERE),
    lost("up in disguise", bad.next_link(lambda url, other: "%2e%2e/admin"), ELSEWHERE),
    lost(
        "that is none",
        bad.next_link(lambda url, other: "http://127.0.0.1:oh"),
        "a link of the server is no address",
    ),
    lost(
        "in a circle",
        bad.reading(
            bad.changed(
                lambda page, to, asked: page.update(link=[{"relation": "next", "url": "Observation?x"}])
            )
        ),
        "its pages lead in a circle",
    ),
    lost(
        "without end",
        bad.reading(bad.changed(bad.endless)),
        "it has more than 9 pages, more than are read",
    ),
]
OTHERS = [
    Case("everybody's rows, openly", bad.ignores_the_patient),
    Case("everybody's rows, in secret", bad.ignores_the_patient_in_secret),
    Case("a strict refusal of the patient", bad.refuses_the_patient),
    Case("a polite refusal of the patient", bad.refuses_politely),
    Case("strangers among the rows", bad.rows(lambda rows: [*OF_EVE, *rows])),
    Case("an invalid row of a stranger", bad.rows(lambda rows: [{**OF_EVE[0], "status": 1}, *rows])),
    lost(
        "everybody's rows, too many of them",
        lambda to, asked: (
            to.whole(400, "{}") if "patient" in asked.terms else to.json(to.bundle(asked, [*CROWD, *ADA]))
        ),
        "it has 108 rows, more than are read",
    ),
    Case(
        "a subject by this server's address",
        lambda to, asked: bad.rows(named(f"{to.server.base}/Patient/p1", "a5"))(to, asked),
    ),
    Case("a subject in one of its versions", bad.rows(named("Patient/p1/_history/3", "a5"))),
    Case(
        "a subject of another server",
        bad.rows(named("https://other.example/fhir/Patient/p1", "a1")),
        4,
        "1 could not be read: it names its patient by an address of another server",
    ),
    Case("no subject", bad.rows(without("subject", "a1")), 4, "1 could not be read: it names no patient"),
]
ROWS = [
    Case("a row without id", bad.rows(without("id", "a1")), 4, "1 could not be read: id is missing"),
    Case(
        "a row too deep",
        bad.rows(lambda rows: [*rows, DEEP]),
        5,
        "1 could not be read: it is nested too deeply",
    ),
    lost(
        "no resource in a row",
        bad.reading(bad.changed(lambda page, to, asked: page["entry"].append({}))),
        "a row of the server's answer holds no resource",
    ),
    lost(
        "rows that are no list",
        bad.reading(bad.changed(lambda page, to, asked: page.update(entry={}))),
        "a row of the server's answer holds no resource",
    ),
    lost(
        "an error among the rows",
        bad.reading(bad.changed(bad.outcome("error", "processing"))),
        "the server reported an error among its rows",
    ),
    lost(
        "a mild word that rows are missing",
        bad.reading(bad.changed(bad.outcome("warning", "incomplete"))),
        "the server says that rows are missing",
    ),
    lost(
        "a mild word that rows are withheld",
        bad.reading(bad.changed(bad.outcome("information", "suppressed"))),
        "the server withheld rows",
    ),
    Case("a word without weight", bad.reading(bad.changed(bad.outcome("information", "informational")))),
    lost(
        "an OperationOutcome instead of rows",
        lambda to, asked: to.json(bad.said("error", "exception")),
        "the server answered a search with something else than a Bundle",
    ),
]
REFUSALS = [
    lost("401", bad.status(401), f"{DENIED} (401)"),
    lost("403", bad.status(403), f"{DENIED} (403)"),
    lost("404", bad.status(404), "the server does not serve this kind"),
    lost("501", bad.status(501), "the server does not serve this search (501)"),
    lost("418", bad.status(418), "the server answered 418"),
    Case("429, in no time", bad.reading(bad.status(429, Retry_After="0"), range(2))),
    Case("429, at a time of day", bad.reading(bad.later(429), range(1))),
    lost("429, for an hour", bad.status(429, Retry_After="3600"), "the server asks to wait 3600 s"),
    Case("503, that passes", bad.reading(bad.status(503), range(2))),
    lost("500, that stays", bad.status(500), "the server answered 500, 3 times"),
]
ANSWERS = [
    Case("a broken body, once", bad.reading(bad.hangs_up, range(1))),
    lost("broken bodies", bad.hangs_up, "the connection failed, 3 times"),
    lost("damaged gzip", bad.DAMAGED, "the answer was damaged, 3 times"),
    Case("a body in gzip", bad.packed),
    lost("half a body in gzip", bad.HALF, "the answer was damaged, 3 times"),
    lost("packed as nobody asked", bad.BROTLI, "the answer was damaged, 3 times"),
    lost("a gzip bomb", bad.BOMB, "an answer is larger than 0.191 MB"),
    lost("a gigabyte", bad.floods, "an answer is larger than 0.191 MB"),
    lost("drips", bad.drips, "no whole answer came within 1 s", HASTY),
    lost("silence", bad.keeps_silent, "no whole answer came within 1 s", HASTY),
    lost("a redirect", bad.redirects, "the server sends elsewhere (302), which is not followed"),
    lost("a page for people", bad.HTML, "the answer is no JSON, 3 times"),
    lost("a list", bad.LIST, "the answer is no FHIR resource"),
    lost("JSON without bottom", bad.NESTED, "the answer is no JSON, 3 times"),
    lost("nothing", bad.status(200, ""), "the answer is no JSON, 3 times"),
]
CASES = [*PAGES, *LINKS, *OTHERS, *ROWS, *REFUSALS, *ANSWERS]


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_server(case: Case, elsewhere: Server) -> None:
    with serving([*ADA, *EVE], Observation=case.does) as server:
        server.elsewhere = elsewhere.base
        records = LiveRecords(server.base, limits=case.limits)
        assistant = Assistant(records, model="none")
        record = assistant.record("Patient/p1", NOW)
        read = [entry.reference for entry in record.entries("Observation")]
        latest, many = (assistant.ask("Patient/p1", question, now=NOW) for question in (LATEST, MANY))
        records.close()
    assert [name for name in read if name != "Observation/deep"] == [
        f"Observation/a{n}" for n in range(1, 6)
    ][5 - case.read :]
    assert case.problem in "; ".join(record.problems.get("Observation", ("",)))
    assert bool(record.problems.get("Observation")) == bool(case.problem)
    assert latest.values == ((6.5,) if case.read else ()), latest.answer
    assert many.values == ((case.read,) if case.read else ()), many.answer
    for answer in (latest, many):
        assert ("could not be read" in answer.answer) == bool(case.problem), answer.answer
        assert [word for word in STRANGER if word in answer.model_dump_json()] == []
    assert [word for word in STRANGER if word in str(record.problems)] == []
    assert elsewhere.asked == []
    assert server.flooded < 20_000_000
    assert [asked.path for asked in server.asked if asked.path.startswith("/")] == []


def test_a_bomb_is_not_unpacked() -> None:
    with serving(ADA, Observation=bad.BOMB) as server:
        records = LiveRecords(server.base, limits=LIMITS)
        tracemalloc.start()
        records.open("Patient/p1", NOW).entries("Observation")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        records.close()
    assert most < 5_000_000
