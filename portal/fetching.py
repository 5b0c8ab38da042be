"""An address that was configured -> the JSON object there: no redirect followed, little read, and not for long."""

import json
import time
from typing import Any

import httpx

from portal.names import host_of, is_safe, is_this_computer

_LONGEST = 262_144
"""Bytes that are read."""
_PLAIN = {"Accept": "application/json", "Accept-Encoding": "identity"}


class Unfetched(Exception):
    """There is no such document; the message ends a sentence that begins with whose."""


def fetched(
    address: str, *, seconds: float = 10, transport: httpx.BaseTransport | None = None
) -> dict[str, Any]:
    """Return the object at an address.

    Args:
        address: https, or this computer.
        seconds: for the document as a whole.
        transport: by which it is read; None is the network.

    Raises:
        Unfetched: nothing, or no JSON object, comes in time and size.
    """
    if not is_safe(address):
        raise Unfetched("is not at an https:// address")
    proxied = not is_this_computer(host_of(address))
    try:
        with (
            httpx.Client(transport=transport, timeout=seconds / 2, trust_env=proxied) as client,
            client.stream("GET", address, headers=_PLAIN) as response,
        ):
            return _read(response, time.monotonic() + seconds)
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        raise Unfetched(f"cannot be read ({type(trouble).__name__})") from None


def _read(response: httpx.Response, until: float) -> dict[str, Any]:
    if response.status_code != httpx.codes.OK:
        raise Unfetched(f"cannot be read (status {response.status_code})")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Unfetched("is packed, which was not asked for")
    held = bytearray()
    for piece in response.iter_raw():
        held += piece
        if len(held) > _LONGEST:
            raise Unfetched("is too long")
        if time.monotonic() > until:
            raise Unfetched("comes too slowly")
    try:
        found = json.loads(held)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unfetched("is no JSON object")
    return found
