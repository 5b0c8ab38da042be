"""Launches that have begun and wait for the user to come back: each for a few minutes, once, in one browser.

The state in the address and the secret in the browser's cookie are kept as hashes, the rest sealed.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from sqlalchemy import Column, Float, LargeBinary, String, Table, delete, insert, select

from portal.access.sealing import BrokenSeal, seal, unseal
from portal.database import metadata
from portal.launch.discovery import Configuration
from portal.launch.trouble import LaunchFailure
from portal.portal import Portal

LASTS = 600
"""Seconds for signing in."""
UNKNOWN = "This sign-in is over, or did not begin in this browser."

attempts = Table(
    "launch_attempts",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("ends", Float, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A launch that has begun.

    Attributes:
        iss: the FHIR base URL.
        told: the record system's configuration.
        asked: the scopes that were asked for.
        verifier: proves at the token endpoint that the code was asked for by us (RFC 7636).
        nonce: stands in the statement of who the user is.
    """

    iss: str
    told: Configuration
    asked: str
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def challenge(self) -> str:
        """What the authorization endpoint learns of the verifier."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def new(iss: str, told: Configuration, asked: str) -> Attempt:
    """Return a launch that begins."""
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    return Attempt(iss=iss, told=told, asked=asked, verifier=verifier, nonce=nonce)


def keep(portal: Portal, attempt: Attempt) -> tuple[str, str]:
    """Keep a launch; return its state and the browser's secret."""
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    now, row = portal.clock().timestamp(), hashed(state)
    plain = json.dumps(asdict(attempt)).encode()
    sealed = seal(portal.settings.secret, plain, _row(row))
    with portal.database.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.ends < now))
        connection.execute(
            insert(attempts).values(state=row, browser=hashed(browser), ends=now + LASTS, sealed=sealed)
        )
    return state, browser


def take(portal: Portal, state: str, browser: str) -> Attempt:
    """Return a launch that waits; it does not wait any more.

    Raises:
        LaunchFailure: none waits, or it began in another browser.
    """
    ours = (attempts.c.state == hashed(state)) & (attempts.c.browser == hashed(browser))
    with portal.database.writing() as connection:
        row = connection.execute(select(attempts.c.sealed, attempts.c.ends).where(ours)).first()
        taken = connection.execute(delete(attempts).where(ours)).rowcount == 1
    if row is None or not taken or row.ends < portal.clock().timestamp():
        raise LaunchFailure(UNKNOWN)
    try:
        told = json.loads(unseal(portal.settings.secret, row.sealed, _row(hashed(state))))
    except BrokenSeal:
        raise LaunchFailure(UNKNOWN) from None
    return Attempt(**{**told, "told": _configuration(told["told"])})


def _row(state: str) -> str:
    return f"launch {state}"


def hashed(secret: str) -> str:
    """Return what is kept of a secret that is only compared."""
    return sha256(secret.encode()).hexdigest()


def _configuration(told: dict[str, object]) -> Configuration:
    return Configuration(**{**told, "capabilities": tuple(told["capabilities"])})  # type: ignore[arg-type]
