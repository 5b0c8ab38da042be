"""The user, back from signing in -> a session for the one patient of the launch."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import httpx
from starlette.concurrency import run_in_threadpool

from portal.access import sessions
from portal.caller import Caller
from portal.launch import attempts
from portal.launch.attempts import Attempt
from portal.launch.beginning import redirect_uri
from portal.launch.exchange import Counter, Tokens
from portal.launch.holding import Held
from portal.launch.identity import name_of, user_of
from portal.launch.registrations import Registration, registered
from portal.launch.scopes import granted
from portal.launch.trouble import EHR, LaunchFailure, NotAllowedByUser, Refused, Unreachable
from portal.portal import Portal
from portal.trail.events import Outcome

SHIFT = timedelta(hours=12)
"""How long a session lasts at most, while its tokens can be renewed."""
_ID = re.compile(r"(?!\.+$)[A-Za-z0-9.-]{1,64}")
_ERROR = re.compile(r"[a-z_]{1,40}")


async def come_back(
    portal: Portal, client: httpx.AsyncClient, query: Mapping[str, str], browser: str
) -> tuple[str, timedelta]:
    """Return the value of the session's cookie and how long the session lasts at most.

    A sign-in that began here and fails stands in the trail; what anybody may send to this address does not.

    Args:
        portal: the running portal.
        client: asks the record system.
        query: of the address to which the user was sent back.
        browser: the secret that the browser kept.

    Raises:
        LaunchFailure: there is no session, and why.
    """
    attempt = await run_in_threadpool(attempts.take, portal, query.get("state", ""), browser)
    try:
        return await _opened(portal, client, query, attempt)
    except LaunchFailure as failure:
        nobody = Caller(subject=f"launch:{attempt.iss}")
        await run_in_threadpool(portal.trail.signed_in, nobody, "launch", Outcome.REFUSED, failure.what)
        raise


async def _opened(
    portal: Portal, client: httpx.AsyncClient, query: Mapping[str, str], attempt: Attempt
) -> tuple[str, timedelta]:
    ours = registered(portal.settings.launches, attempt.iss)
    code = _code(query, attempt)
    counter = Counter(ours, attempt.told.token, attempt.told.revoke)
    tokens = await _tokens(portal, client, counter, attempt, code)
    caller = await _caller(portal, client, ours, attempt, tokens)
    kept = Held(
        iss=attempt.iss,
        token=attempt.told.token,
        revoke=attempt.told.revoke,
        tokens=replace(tokens, identity=""),
    )
    lasts = SHIFT if tokens.refresh else timedelta(seconds=tokens.ends - portal.clock().timestamp())
    cookie = await run_in_threadpool(sessions.open_session, portal, caller, kept.to_json(), lasts)
    return cookie, lasts


def _code(query: Mapping[str, str], attempt: Attempt) -> str:
    """Return the code, if it comes from where the user was sent."""
    told = "iss" in query or attempt.told.names_itself
    if told and query.get("iss") != attempt.told.issuer:
        raise LaunchFailure("Another system answered than the one that was asked to sign you in.", EHR)
    error = query.get("error")
    if error == "access_denied":
        raise NotAllowedByUser
    if error is not None or not query.get("code"):
        said = f" ({error})" if error and _ERROR.fullmatch(error) else ""
        raise LaunchFailure(f"The record system did not sign you in{said}.")
    return query["code"]


async def _tokens(
    portal: Portal, client: httpx.AsyncClient, counter: Counter, attempt: Attempt, code: str
) -> Tokens:
    grant = {"code": code, "code_verifier": attempt.verifier, "redirect_uri": redirect_uri(portal)}
    try:
        tokens = await counter.first(client, grant, attempt.asked, portal.clock().timestamp())
    except Refused:
        raise LaunchFailure("The record system did not accept the sign-in.", status=502) from None
    except Unreachable as trouble:
        raise LaunchFailure(f"The record system did not finish the sign-in: {trouble}.", status=502) from None
    if not _ID.fullmatch(tokens.patient):
        raise LaunchFailure("The record system did not say which patient this is about.")
    if not granted(tokens.scope).patient():
        raise LaunchFailure(
            "The record system does not let the assistant read the patient.",
            "Open it again and allow it to, or tell whoever runs the record system.",
        )
    return tokens


async def _caller(
    portal: Portal, client: httpx.AsyncClient, ours: Registration, attempt: Attempt, tokens: Tokens
) -> Caller:
    user = await user_of(
        client,
        attempt.told,
        tokens.identity,
        audience=ours.client,
        nonce=attempt.nonce,
        now=int(portal.clock().timestamp()),
        iss=attempt.iss,
    )
    return Caller(
        subject=f"user:{attempt.iss}/{user.id}",
        name=await name_of(client, attempt.iss, user, tokens.access),
        patient=f"Patient/{tokens.patient}",
    )
