"""One question to a record system -> the JSON object it answers with: bounded, and never redirected."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from portal.launch.trouble import Unreachable
from tools.sources.live.body import ACCEPTED, Damaged, TooLarge, whole

JSON = dict[str, Any]
SECONDS = 10.0
"""For one answer, from the first byte asked to the last byte read."""
LONGEST = 256 * 1024
"""Bytes of one answer."""
_PLAIN = {"Accept": "application/json", "Accept-Encoding": ACCEPTED}


@asynccontextmanager
async def connecting() -> AsyncIterator[httpx.AsyncClient]:
    """Give a client for a few questions."""
    async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client:
        yield client


async def get(client: httpx.AsyncClient, url: str, headers: Mapping[str, str] = _PLAIN) -> JSON:
    """Return the JSON object at an address.

    Raises:
        Unreachable: there is none.
    """
    status, told = await _asked(client, "GET", url, None, {**_PLAIN, **headers})
    if status != httpx.codes.OK:
        raise Unreachable(f"it answered {status}")
    return told


async def post(
    client: httpx.AsyncClient, url: str, form: Mapping[str, str], headers: Mapping[str, str] = _PLAIN
) -> tuple[int, JSON]:
    """Return the status and the JSON object that a form is answered with; no JSON is an empty object.

    Raises:
        Unreachable: there is no answer.
    """
    return await _asked(client, "POST", url, dict(form), {**_PLAIN, **headers})


async def _asked(
    client: httpx.AsyncClient, method: str, url: str, form: dict[str, str] | None, headers: dict[str, str]
) -> tuple[int, JSON]:
    try:
        async with (
            asyncio.timeout(SECONDS),
            client.stream(method, url, data=form, headers=headers, follow_redirects=False) as answer,
        ):
            if answer.is_redirect:
                raise Unreachable(f"it sends elsewhere ({answer.status_code}), which is not followed")
            return answer.status_code, _object(await whole(answer, LONGEST))
    except (TimeoutError, httpx.TimeoutException):
        raise Unreachable(f"no whole answer came within {SECONDS:g} s") from None
    except TooLarge:
        raise Unreachable(f"its answer is larger than {LONGEST // 1024} kB") from None
    except (httpx.TransportError, Damaged):
        raise Unreachable("the connection failed") from None


def _object(body: bytes) -> JSON:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}
