"""A request -> its `Caller`, or 401.

A bearer token comes first: a portal token, an API key or a JWT of the issuer; one that is presented and not known is
refused, whatever else the request carries. Then the cookie of a session. Without either, `LOCAL`, where the portal
listens on this computer alone and nobody has to say who they are.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.requests import HTTPConnection

from portal.access import cookies, sessions, tokens
from portal.access.openid import NotAccepted, issuer
from portal.caller import LOCAL, Caller
from portal.keys import holder
from portal.metrics import Refusal
from portal.portal import Portal

_LONGEST = 16_384
"""Characters of a token."""
_WHO = "Say who you are: Authorization: Bearer KEY."
_UNKNOWN = "This token is not known here, has ended or was revoked."
_ENDED = "This session has ended: launch again."


def calling(request: Request) -> Caller:
    """Return who is asking. It may wait for the database and the issuer: not for an event loop.

    Raises:
        HTTPException: 401, nobody that this portal knows.
        SetupError: the issuer of tokens cannot be reached.
    """
    return recognised(request.app.state.portal, request)


def recognised(portal: Portal, connection: HTTPConnection) -> Caller:
    """Return who is asking, as `calling` does, for apps that are mounted beside the API.

    They stand in `connection.state.caller` as well: the guard counts tokens that were never recognised.
    """
    try:
        caller = _recognised(portal, connection)
    except HTTPException:
        portal.metrics.refused(_shown(portal, connection))
        raise
    connection.state.caller = caller
    return caller


def _recognised(portal: Portal, connection: HTTPConnection) -> Caller:
    presented = bearer(connection)
    if presented is not None:
        caller = _carrying(portal, presented)
        if caller is None:
            raise _unknown(_UNKNOWN, 'Bearer error="invalid_token"')
        return caller
    cookie = cookies.presented(portal.settings, connection.cookies)
    if cookie:
        return _launched(portal, cookie)
    if portal.settings.local and not portal.settings.authenticates:
        return LOCAL
    raise _unknown(_WHO)


def _shown(portal: Portal, connection: HTTPConnection) -> Refusal:
    if bearer(connection) is not None:
        return "token"
    return "session" if cookies.presented(portal.settings, connection.cookies) else "nothing"


def bearer(connection: HTTPConnection) -> str | None:
    """Return the token that a request carries, None if none."""
    scheme, _, value = connection.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def _carrying(portal: Portal, presented: str) -> Caller | None:
    settings = portal.settings
    if not presented or len(presented) > _LONGEST or not presented.isascii():
        return None
    if presented.startswith(tokens.PREFIX):
        return _issued(portal, presented)
    name = holder(settings.keys, presented)
    if name:
        return Caller(subject=f"key:{name}", name=name)
    if settings.issuer and presented.count(".") == 2:
        try:
            return issuer(settings.issuer, settings.audience).caller(presented, portal.clock())
        except NotAccepted:
            return None
    return None


def _issued(portal: Portal, presented: str) -> Caller | None:
    """Return who carries a portal token; one that was issued in a session ends with it."""
    caller = tokens.bearer_of(portal.database, presented, portal.clock())
    if caller and caller.session and sessions.caller_in(portal, caller.session) is None:
        return None
    return caller


def _launched(portal: Portal, cookie: str) -> Caller:
    caller = sessions.caller_of(portal, cookie)
    if caller is None:
        raise _unknown(_ENDED, forgotten={"Set-Cookie": cookies.forgetting(portal.settings)})
    return caller


def _unknown(
    sentence: str, challenge: str = "Bearer", forgotten: Mapping[str, str] | None = None
) -> HTTPException:
    return HTTPException(401, sentence, {"WWW-Authenticate": challenge, **(forgotten or {})})


Asker = Annotated[Caller, Depends(calling)]
