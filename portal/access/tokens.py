"""A portal token -> who is asking, bound to one patient.

Opaque and random; only its SHA-256 is kept. Pages that embed the element, OpenAI-compatible clients and MCP clients
carry one. It ends at its end, when it is revoked, and with the session of the launch it was issued in.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Boolean, Column, Float, String, Table, delete, insert, select, update

from portal.caller import Caller
from portal.database import Database, metadata

PREFIX = "fra_"
LONGEST = timedelta(days=31)
"""The longest that a token may last."""

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("subject", String(1000), nullable=False),
    Column("name", String(400), nullable=False),
    Column("patient", String(200), nullable=False),
    Column("session", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False, index=True),
    Column("revoked", Boolean, nullable=False),
)


def issue(database: Database, caller: Caller, now: datetime, lifetime: timedelta) -> str:
    """Keep a token of a caller with its patient and return it: this is the only time that it is seen.

    Args:
        database: of the portal.
        caller: what the token's holder will be; an empty subject becomes one of the token's own.
        now: the time.
        lifetime: after which it ends.
    """
    if not caller.patient:
        raise ValueError("a token is bound to a patient")
    token = PREFIX + secrets.token_urlsafe(32)
    row = {
        "digest": _digest(token),
        "subject": caller.subject or f"token:{_digest(token)[:16]}",
        "name": caller.name[:400],
        "patient": caller.patient,
        "session": caller.session,
        "created": now.timestamp(),
        "expires": (now + min(lifetime, LONGEST)).timestamp(),
        "revoked": False,
    }
    with database.writing() as connection:
        connection.execute(delete(tokens).where(tokens.c.expires <= now.timestamp()))
        connection.execute(insert(tokens).values(row))
    return token


def bearer_of(database: Database, token: str, now: datetime) -> Caller | None:
    """Return who carries a token, None if it is none, has ended or was revoked."""
    living = select(tokens).where(
        tokens.c.digest == _digest(token), tokens.c.expires > now.timestamp(), ~tokens.c.revoked
    )
    with database.reading() as connection:
        row = connection.execute(living).one_or_none()
    if row is None:
        return None
    return Caller(subject=row.subject, name=row.name, patient=row.patient, session=row.session)


def revoke(database: Database, token: str) -> None:
    """End a token now."""
    with database.writing() as connection:
        connection.execute(update(tokens).where(tokens.c.digest == _digest(token)).values(revoked=True))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
