"""A cookie opens its session until the session ends; what is kept for it opens nowhere else."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from starlette.responses import Response

from portal.access import cookies, sessions
from portal.access.sealing import BrokenSeal, seal, unseal
from portal.caller import Caller, NotAllowed
from portal.portal import Portal
from portal.settings import Settings
from tests.portal.portal_for_tests import ADELINA, NOON, a_portal

DOCTOR = Caller(subject="user:https://ehr.example.org/Practitioner/7", name="Dr. Poe", patient=ADELINA)
KEPT = b'{"access_token": "of the server"}'
SHIFT = timedelta(hours=8)


def at(portal: Portal, now: datetime) -> Portal:
    return replace(portal, clock=lambda: now)


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return a_portal(tmp_path, secret="x" * 40)


def test_a_cookie_opens_its_session(portal: Portal) -> None:
    cookie = sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    key = sessions.key_of(cookie)
    assert sessions.caller_of(portal, cookie) == replace(DOCTOR, session=key)
    assert sessions.sealed_of(portal, key) == KEPT
    assert sessions.ends(portal, key) == NOON + SHIFT


def test_what_is_renewed_is_kept(portal: Portal) -> None:
    key = sessions.key_of(sessions.open_session(portal, DOCTOR, KEPT, SHIFT))
    sessions.update(portal, key, b"renewed")
    assert sessions.sealed_of(portal, key) == b"renewed"


def test_neither_cookie_nor_secret_is_in_the_database(portal: Portal, tmp_path: Path) -> None:
    cookie = sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    portal.database.close()
    files = b"".join(path.read_bytes() for path in tmp_path.glob("portal.db*"))
    assert DOCTOR.subject.encode() in files
    assert cookie.encode() not in files
    assert b"of the server" not in files


@pytest.mark.parametrize(
    ("hours", "lives"), [(0, True), (1.9, True), (2, False), (8, False)], ids=lambda value: str(value)
)
def test_a_session_that_nobody_uses_ends(portal: Portal, hours: float, lives: bool) -> None:
    cookie = sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    later = at(portal, NOON + timedelta(hours=hours))
    assert (sessions.caller_of(later, cookie) is not None) == lives


def test_a_session_that_is_used_lives_until_its_end(portal: Portal) -> None:
    cookie = sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    for hour in range(1, 8):
        assert sessions.caller_of(at(portal, NOON + timedelta(hours=hour)), cookie)
    assert sessions.caller_of(at(portal, NOON + SHIFT), cookie) is None


def test_a_session_that_was_ended_is_gone(portal: Portal) -> None:
    cookie = sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    key = sessions.key_of(cookie)
    sessions.end(portal, key)
    assert sessions.caller_of(portal, cookie) is None
    for use in (lambda: sessions.sealed_of(portal, key), lambda: sessions.update(portal, key, b"")):
        with pytest.raises(NotAllowed, match=r"^This session has ended: launch again\.$"):
            use()


def test_ended_sessions_are_swept(portal: Portal) -> None:
    sessions.open_session(portal, DOCTOR, KEPT, SHIFT)
    sessions.open_session(at(portal, NOON + SHIFT), DOCTOR, KEPT, SHIFT)
    with portal.database.reading() as connection:
        assert len(connection.execute(select(sessions.sessions)).all()) == 1


def test_what_is_sealed_for_one_session_does_not_open_in_another(portal: Portal) -> None:
    mine, other = (
        sessions.key_of(sessions.open_session(portal, DOCTOR, kept, SHIFT)) for kept in (b"1", b"2")
    )
    with portal.database.writing() as connection:
        taken = connection.execute(
            select(sessions.sessions.c.sealed).where(sessions.sessions.c.key == other)
        ).scalar_one()
        connection.execute(
            update(sessions.sessions).where(sessions.sessions.c.key == mine).values(sealed=taken)
        )
    with pytest.raises(BrokenSeal):
        sessions.sealed_of(portal, mine)


@pytest.mark.parametrize("broken", [b"", b"short", seal("another", b"x", "row"), seal("", b"x", "row")])
def test_a_broken_seal_is_refused(broken: bytes) -> None:
    with pytest.raises(BrokenSeal, match=r"^This session cannot be opened any more: launch again\.$"):
        unseal("secret", broken, "row")


def test_without_a_secret_the_process_has_one() -> None:
    assert unseal("", seal("", b"x", "row"), "row") == b"x"


HTTPS = "https://assistant.example.org"
LINES = [
    ({}, "fra-session=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"),
    ({"url": HTTPS}, "__Host-fra-session=v; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax"),
    (
        {"url": HTTPS, "origins": ("https://ehr.example.org",)},
        "__Host-fra-session=v; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=None; Partitioned",
    ),
    (
        {"origins": ("http://localhost:3000",)},
        "fra-session=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
    ),
]


@pytest.mark.parametrize(("settings", "line"), LINES)
def test_the_cookie_s_line(settings: dict[str, object], line: str) -> None:
    response = Response()
    cookies.put(response, Settings(**settings), "v", timedelta(minutes=1))  # type: ignore[arg-type]
    assert response.headers["set-cookie"] == line


def test_a_cookie_is_taken_away_as_it_was_put() -> None:
    response = Response()
    cookies.take_away(response, Settings(url=HTTPS))
    assert response.headers["set-cookie"] == (
        "__Host-fra-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
    )
