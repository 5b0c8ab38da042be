"""A cookie -> its session: who launched, for which patient, and what must be kept secretly for it.

The cookie's value is random and only its SHA-256 is kept: that is the session's key, `Caller.session`. What a launch
must read back (tokens of the FHIR server) is sealed here, bound to its session. A session ends at its end, when
nobody used it for `IDLE`, or when it is ended.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
)
from sqlalchemy import update as changing

from portal.access.sealing import seal, unseal
from portal.caller import Caller, NotAllowed
from portal.database import metadata
from portal.portal import Portal

IDLE = timedelta(hours=2)
"""How long a session lives that nobody uses."""
_NOTED = timedelta(minutes=1)
"""Uses closer together than this are one."""
_ENDED = "This session has ended: launch again."

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("subject", String(1000), nullable=False),
    Column("name", String(400), nullable=False),
    Column("patient", String(200), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False, index=True),
    Column("last_used", Float, nullable=False),
)


def open_session(portal: Portal, caller: Caller, plain: bytes, lifetime: timedelta) -> str:
    """Keep a session and return the value of its cookie; `caller.session` is set when it is read back.

    Args:
        portal: the running portal.
        caller: who launched; with its patient.
        plain: what must be read back, e.g. tokens as JSON; it is sealed here.
        lifetime: after which it ends, used or not.
    """
    cookie = secrets.token_urlsafe(32)
    now = portal.clock()
    row = {
        "key": key_of(cookie),
        "subject": caller.subject,
        "name": caller.name[:400],
        "patient": caller.patient,
        "sealed": seal(portal.settings.secret, plain, key_of(cookie)),
        "created": now.timestamp(),
        "expires": (now + lifetime).timestamp(),
        "last_used": now.timestamp(),
    }
    end_expired(portal)
    with portal.database.writing() as connection:
        connection.execute(insert(sessions).values(row))
    portal.trail.signed_in(replace(caller, session=key_of(cookie)), "launch")
    return cookie


def key_of(cookie: str) -> str:
    """Return the key of the session that a cookie opens; it opens nothing itself."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def caller_of(portal: Portal, cookie: str) -> Caller | None:
    """Return who is asking with a cookie, None if its session has ended or never was."""
    return caller_in(portal, key_of(cookie))


def caller_in(portal: Portal, key: str) -> Caller | None:
    """Return whose session it is, None if it has ended; this is a use of it."""
    row = _living(portal, key)
    if row is None:
        return None
    _used(portal, row)
    return _caller(row)


def sealed_of(portal: Portal, key: str) -> bytes:
    """Return what was kept for a session, unsealed.

    Raises:
        NotAllowed: it has ended, or was sealed with another secret.
    """
    row = _living(portal, key)
    if row is None:
        raise NotAllowed(_ENDED)
    return unseal(portal.settings.secret, row.sealed, key)


def update(portal: Portal, key: str, plain: bytes) -> None:
    """Keep something else for a session, e.g. renewed tokens.

    Raises:
        NotAllowed: it has ended.
    """
    sealed = seal(portal.settings.secret, plain, key)
    living = (sessions.c.key == key) & ~_over(portal.clock())
    with portal.database.writing() as connection:
        if not connection.execute(changing(sessions).where(living).values(sealed=sealed)).rowcount:
            raise NotAllowed(_ENDED)


def end(portal: Portal, key: str) -> None:
    """End a session and forget what was kept for it; of several that end it, one tells the trail."""
    _end(portal, sessions.c.key == key, key, "launch")


def end_expired(portal: Portal) -> None:
    """End the sessions whose time is over, and let go of the records of those that ended anywhere."""
    over = _over(portal.clock())
    with portal.database.reading() as connection:
        keys = connection.execute(select(sessions.c.key).where(over)).scalars().all()
    for key in keys:
        _end(portal, (sessions.c.key == key) & over, key, "launch, its time was over")
    held = portal.desk.sessions()
    with portal.database.reading() as connection:
        known = connection.execute(select(sessions.c.key).where(sessions.c.key.in_(held))).scalars().all()
    for key in held.difference(known):
        portal.desk.forget(key)


def _end(portal: Portal, which: ColumnElement[bool], key: str, how: str) -> None:
    try:
        with portal.database.writing() as connection:
            row = connection.execute(select(sessions).where(which)).one_or_none()
            gone = connection.execute(delete(sessions).where(which)).rowcount == 1
        if row is not None and gone:
            portal.trail.signed_out(_caller(row), how)
    finally:
        portal.desk.forget(key)


def ends(portal: Portal, key: str) -> datetime | None:
    """Return when a session ends at the latest, None if it has."""
    row = _living(portal, key)
    return datetime.fromtimestamp(row.expires, UTC) if row is not None else None


def _living(portal: Portal, key: str) -> Row[tuple[object, ...]] | None:
    living = select(sessions).where(sessions.c.key == key, ~_over(portal.clock()))
    with portal.database.reading() as connection:
        return connection.execute(living).one_or_none()


def _caller(row: Row[Any]) -> Caller:
    return Caller(subject=row.subject, name=row.name, patient=row.patient, session=row.key)


def _used(portal: Portal, row: Row[tuple[object, ...]]) -> None:
    now = portal.clock()
    if now.timestamp() - row.last_used < _NOTED.total_seconds():
        return
    with portal.database.writing() as connection:
        noted = changing(sessions).where(sessions.c.key == row.key).values(last_used=now.timestamp())
        connection.execute(noted)


def _over(now: datetime) -> ColumnElement[bool]:
    """Whether a row's session is over, for the database to decide."""
    return or_(sessions.c.expires <= now.timestamp(), sessions.c.last_used <= (now - IDLE).timestamp())
