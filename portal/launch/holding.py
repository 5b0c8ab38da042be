"""What is kept, sealed, for the session of a launch: its tokens, and where the next ones come from."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sqlalchemy import Column, Float, String, Table, delete, insert
from sqlalchemy.exc import IntegrityError

from portal.access import sessions
from portal.caller import Caller, NotAllowed
from portal.database import metadata
from portal.launch.exchange import Counter, Tokens
from portal.portal import Portal

LEASE = 30
"""Seconds that one process may take for renewing a token; then another one may try."""

renewals = Table(
    "launch_renewals",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("ends", Float, nullable=False),
)
"""Sessions whose tokens a process is renewing now: a refresh token is good for one use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept for a session.

    Attributes:
        iss: the FHIR base URL.
        token: the token endpoint.
        revoke: where tokens are given back; "" for nowhere.
        tokens: as given last.
        renewed: when, in seconds since 1970; 0 if they are the first.
    """

    iss: str
    token: str
    revoke: str
    tokens: Tokens
    renewed: float = 0

    def to_json(self) -> bytes:
        """Return what is sealed."""
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def from_json(kept: bytes) -> "Held":
        """Return what `to_json` told.

        Raises:
            NotAllowed: another version of this program told it.
        """
        try:
            told = json.loads(kept)
            return Held(**{**told, "tokens": Tokens(**told["tokens"])})
        except (ValueError, TypeError, KeyError):
            raise NotAllowed("This session cannot be opened any more: launch again.") from None

    def counter(self, portal: Portal) -> Counter:
        """Return the token endpoint.

        Raises:
            NotAllowed: the operator does not allow the record system any more.
        """
        for each in portal.settings.launches:
            if each.issuer == self.iss:
                return Counter(each, self.token, self.revoke)
        raise NotAllowed("The record system of this session is not registered any more.")


def held(portal: Portal, session: str) -> Held:
    """Return what is kept for a session.

    Raises:
        NotAllowed: it has ended.
    """
    return Held.from_json(sessions.sealed_of(portal, session))


def banner(portal: Portal, caller: Caller) -> bool:
    """Tell whether the page must show who the patient is; only a record system can say that it does so itself."""
    try:
        return not caller.session or held(portal, caller.session).tokens.banner
    except NotAllowed:
        return True


@contextmanager
def renewing(portal: Portal, session: str) -> Iterator[bool]:
    """Tell whether this process may renew the tokens of a session while the block runs; no other one may then."""
    ours = _leased(portal, session)
    try:
        yield ours
    finally:
        if ours:
            with portal.database.writing() as connection:
                connection.execute(delete(renewals).where(renewals.c.session == session))


def _leased(portal: Portal, session: str) -> bool:
    now = time.time()
    try:
        with portal.database.writing() as connection:
            connection.execute(delete(renewals).where(renewals.c.ends < now))
            connection.execute(insert(renewals).values(session=session, ends=now + LEASE))
    except IntegrityError:
        return False
    return True
