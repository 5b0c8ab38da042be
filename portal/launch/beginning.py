"""A launch -> where the user's browser is sent to sign in."""

import httpx
from starlette.concurrency import run_in_threadpool

from portal.launch import attempts
from portal.launch.discovery import discover
from portal.launch.registrations import registered
from portal.launch.scopes import asked
from portal.launch.trouble import LaunchFailure
from portal.portal import Portal

_LONGEST = 4096
"""Characters of what a record system says of a launch."""


def redirect_uri(portal: Portal) -> str:
    """Return where a record system sends the user back to."""
    return f"{portal.settings.base}/launch/callback"


async def begin(portal: Portal, client: httpx.AsyncClient, iss: str, launch: str) -> tuple[str, str, str]:
    """Return the address to sign in at, the launch's state, and the secret that the browser keeps.

    Args:
        portal: the running portal.
        client: asks the record system.
        iss: its FHIR base URL, as in the launch.
        launch: what it calls this launch; "" if a person opened the page, who chooses the patient later.

    Raises:
        LaunchFailure: it is not registered, or a launch is not possible or not safe there.
    """
    if len(launch) > _LONGEST:
        raise LaunchFailure("What the record system says of this launch is too long.")
    ours = registered(portal.settings.launches, iss)
    told = await discover(client, ours.issuer, launched=bool(launch))
    scope = asked(ours.scopes, told.capabilities, launched=bool(launch))
    attempt = attempts.new(ours.issuer, told, scope)
    state, browser = await run_in_threadpool(attempts.keep, portal, attempt)
    query = {
        "response_type": "code",
        "client_id": ours.client,
        "redirect_uri": redirect_uri(portal),
        "scope": scope,
        "state": state,
        "aud": iss,
        "code_challenge": attempt.challenge,
        "code_challenge_method": "S256",
        "nonce": attempt.nonce,
        **({"launch": launch} if launch else {}),
    }
    return str(httpx.URL(told.authorize).copy_merge_params(query)), state, browser
