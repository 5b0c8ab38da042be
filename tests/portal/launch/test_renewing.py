"""The token of a session: renewed in time, once, by one of many; and what is told when it cannot be."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, insert

from portal.access import sessions
from portal.caller import LOCAL, NotAllowed
from portal.launch.holding import held, renewals
from portal.launch.records import opener
from portal.launch.renewing import SessionToken
from portal.portal import Portal, opened
from tests.portal.launch.launching import HERE, Launching, launching
from tests.portal.launch.record_systems import Clock, RecordSystem, a_record_system
from tests.portal.trail.answers_for_tests import kept
from tests.tools.sources.live.serving import Answering, Asked
from tools.calls.errors import SetupError
from tools.sources.live.trouble import Denied

LATEST = "What was the latest HbA1c?"


@pytest.fixture
def system() -> Iterator[RecordSystem]:
    with a_record_system(Clock()) as running:
        yield running


@pytest.fixture
def here(system: RecordSystem, tmp_path: Path) -> Iterator[Launching]:
    with launching(system, tmp_path) as opened:
        opened.launch()
        yield opened


def token(portal: Portal, session: str, *refused: str) -> str:
    """Ask for a token as requests do."""

    async def asked() -> str:
        async with httpx.AsyncClient() as client:
            return await SessionToken(portal, session).token(client, *refused)

    return asyncio.run(asked())


def renewed(system: RecordSystem) -> int:
    return sum(form.get("grant_type") == "refresh_token" for form in system.forms)


def test_a_token_serves_until_shortly_before_its_end(here: Launching) -> None:
    session = here.caller().session
    first = token(here.portal, session)
    here.system.clock.move(569)
    assert token(here.portal, session) == first
    here.system.clock.move(2)
    second = token(here.portal, session)
    assert (second == first, token(here.portal, session) == second, renewed(here.system)) == (False, True, 1)


def test_a_refresh_token_that_is_replaced_is_kept(here: Launching) -> None:
    session = here.caller().session
    for _ in range(3):
        here.system.clock.move(590)
        token(here.portal, session)
    assert renewed(here.system) == 3
    assert held(here.portal, session).tokens.refresh in here.system.refreshing


def test_a_refresh_token_that_is_not_replaced_stays(here: Launching) -> None:
    session = here.caller().session
    first = held(here.portal, session).tokens
    here.system.renews = {"refresh_token": None, "patient": "p1", "scope": None}
    here.system.clock.move(590)
    token(here.portal, session)
    kept = held(here.portal, session).tokens
    assert (kept.refresh, kept.scope, kept.access == first.access) == (first.refresh, first.scope, False)


def test_a_token_that_is_refused_is_renewed_once_in_mid_page(tmp_path: Path) -> None:
    ended: list[bool] = []

    def ends(to: Answering, asked: Asked) -> object:
        if not ended and not asked.counts:
            ended.append(True)
            system.end_tokens()
        return system.guarded(to, asked)

    with a_record_system(Clock(), {"Observation": ends}) as system, launching(system, tmp_path) as here:
        here.launch()
        assert here.ask(LATEST).values == (6.5,)
        assert (ended, renewed(system)) == ([True], 1)


def test_a_session_ends_when_its_token_is_not_renewed(here: Launching) -> None:
    caller = here.caller()
    here.portal.desk.record(caller, caller.patient)
    here.system.end_tokens()
    here.system.refreshing.clear()
    told = here.ask(LATEST)
    assert (told.values, told.abstained) == ((), True)
    assert "could not be read: the session has ended" in told.answer
    assert sessions.caller_in(here.portal, caller.session) is None
    with pytest.raises(NotAllowed) as raised:
        here.portal.desk.assistant(caller)
    assert str(raised.value) == "This session has ended: launch again."


def test_a_session_ends_when_its_token_is_for_another_patient(here: Launching) -> None:
    caller = here.caller()
    here.system.renews = {"patient": "p2"}
    here.system.clock.move(590)
    with pytest.raises(SetupError) as raised:
        here.portal.desk.record(caller, caller.patient)
    assert str(raised.value) == (
        f"{here.system.base}: the session has ended. Launch again, with leave to read the patient."
    )
    assert sessions.caller_in(here.portal, caller.session) is None


def test_a_token_that_cannot_be_renewed_now_serves_to_its_end(here: Launching) -> None:
    session = here.caller().session
    first = token(here.portal, session)
    here.system.clock.move(580)
    here.system.refuses = [503, 503]
    assert token(here.portal, session) == first
    here.system.clock.move(21)
    with pytest.raises(Denied) as raised:
        token(here.portal, session)
    assert str(raised.value) == "its token could not be renewed: it answered 503"
    assert token(here.portal, session) != first, "it is tried again, and the session lives"


def test_without_a_refresh_token_a_session_lasts_as_long_as_its_token(
    system: RecordSystem, tmp_path: Path
) -> None:
    system.gives = {"refresh_token": None}
    with launching(system, tmp_path) as here:
        here.launch()
        session = here.caller().session
        first = token(here.portal, session)
        assert token(here.portal, session, first) == first, "what is refused is denied, not the session"
        system.clock.move(599)
        assert token(here.portal, session) == first
        system.clock.move(2)
        with pytest.raises(Denied, match="the session has ended"):
            token(here.portal, session)
        assert renewed(system) == 0


def test_a_new_token_that_is_refused_too_is_not_renewed_again(here: Launching) -> None:
    session = here.caller().session
    second = token(here.portal, session, token(here.portal, session))
    assert token(here.portal, session, second) == second
    here.system.clock.move(11)
    assert token(here.portal, session, second) != second


def another_replica(portal: Portal) -> Portal:
    other = opened(portal.settings, portal.desk.assistant(LOCAL), portal.clock)
    other.desk.open_session = opener(other)
    return other


@pytest.mark.real_server
def test_replicas_that_share_a_postgresql_database_agree(
    system: RecordSystem, tmp_path: Path, postgres_url: str
) -> None:
    with launching(system, tmp_path, settings={"database": postgres_url}) as here:
        address = here.sign_in(here.begin())
        assert [here.come_back(address).status_code for _ in range(2)] == [303, 400]
        test_many_that_want_the_next_token_at_once_get_the_same_one(here)
        assert here.ask(LATEST).values == (6.5,)


def test_many_that_want_the_next_token_at_once_get_the_same_one(here: Launching) -> None:
    session = here.caller().session
    first, got = token(here.portal, session), list[str]()
    replicas = [here.portal, another_replica(here.portal)]

    def slowly(to: Answering, asked: Asked) -> object:
        time.sleep(0.3)
        return here.system.token(to, asked)

    here.system.server.behaviours["token"] = slowly
    threads = [
        threading.Thread(target=lambda portal=replicas[n % 2]: got.append(token(portal, session, first)))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    replicas[1].database.close()
    assert (len(got), len(set(got)), renewed(here.system)) == (6, 1, 1)
    assert got[0] in here.system.living


def test_a_replica_that_died_while_renewing_is_replaced(here: Launching) -> None:
    session = here.caller().session
    with here.portal.database.writing() as connection:
        connection.execute(insert(renewals).values(session=session, ends=time.time() + 0.5))
    assert token(here.portal, session, token(here.portal, session)) in here.system.living


def test_a_session_whose_record_system_is_not_registered_any_more_is_over(here: Launching) -> None:
    session = here.caller().session
    bare = replace(here.portal, settings=replace(here.portal.settings, launches=()))
    here.system.clock.move(590)
    with pytest.raises(Denied, match="the session has ended"):
        token(bare, session)
    assert renewed(here.system) == 0


def test_a_session_that_ends_because_nothing_is_renewed_stands_in_the_trail(here: Launching) -> None:
    session = here.caller().session
    here.system.end_tokens()
    here.system.refreshing.clear()
    with pytest.raises(Denied):
        token(here.portal, session, token(here.portal, session))
    assert [event.kind for event in kept(here.portal.database)] == ["signed in", "signed out"]


def open_connections() -> int:
    gc.collect()
    return sum(thread.name == "fhir-server" for thread in threading.enumerate())


def ends_by_time(here: Launching) -> None:
    here.system.clock.move(3 * 3600)
    sessions.end_expired(here.portal)


def ends_by_signing_out(here: Launching) -> None:
    here.browser.post("/launch/end", headers={"origin": HERE})


def ends_in_another_replica(here: Launching) -> None:
    with here.portal.database.writing() as connection:
        connection.execute(delete(sessions.sessions))
    sessions.end_expired(here.portal)


@pytest.mark.parametrize("ends", [ends_by_time, ends_by_signing_out, ends_in_another_replica])
def test_the_connections_of_a_session_end_with_it(here: Launching, ends: Callable[[Launching], None]) -> None:
    before = open_connections()
    assert here.ask(LATEST).values == (6.5,)
    assert open_connections() == before + 1
    ends(here)
    assert (open_connections(), here.portal.desk.sessions()) == (before, set())


def test_a_question_that_is_being_answered_keeps_its_connections(here: Launching) -> None:
    caller, before = here.caller(), open_connections()
    record = here.portal.desk.record(caller, caller.patient)
    here.portal.desk.forget(caller.session)
    assert open_connections() == before + 1
    assert record.entries("Observation")
    del record
    assert open_connections() == before


def test_a_session_whose_time_is_over_ends_once_in_the_trail(here: Launching) -> None:
    here.system.clock.move(3 * 3600)
    for _ in range(2):
        sessions.end_expired(here.portal)
    events = kept(here.portal.database)
    assert [event.kind for event in events] == ["signed in", "signed out"]
    assert "launch, its time was over" in events[-1].resource
