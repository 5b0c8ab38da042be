"""The access token of a session: renewed shortly before its end, and once where it is refused.

Many requests, threads and replicas may want the next token at the same time; one asks for it, since a refresh token
may be good for one use only, and the others take what that one kept.
"""

import asyncio
from dataclasses import replace

import httpx

from portal.access import sessions
from portal.caller import NotAllowed
from portal.launch.holding import LEASE, Held, held, renewing
from portal.launch.trouble import Refused, Unreachable
from portal.portal import Portal
from tools.sources.live.trouble import Denied

EARLY = 30
"""Seconds before its end at which a token is renewed."""
_JUST_NOW = 10
"""Seconds for which it is not tried again: after a failure, and when a new token is refused, too."""
_PAUSE = 0.1
_OVER = "the session has ended"


class SessionToken:
    """The `Authorization` of a session.

    Args:
        portal: the running portal.
        session: its key.
    """

    def __init__(self, portal: Portal, session: str) -> None:
        self._portal, self._session = portal, session
        self._held: Held | None = None
        self._failed = 0.0
        self._lock = asyncio.Lock()

    async def token(self, client: httpx.AsyncClient, refused: str = "") -> str:
        """Return the access token; another one than `refused` if one can be had.

        Raises:
            Denied: the session has ended, or its token cannot be renewed now.
        """
        async with self._lock:
            if self._held is None or not self._serves(self._held, refused):
                self._held = await self._another(client, refused)
            return self._held.tokens.access

    def _serves(self, kept: Held, refused: str) -> bool:
        """Tell whether a token will do as it is."""
        now = self._portal.clock().timestamp()
        if kept.tokens.access == refused:
            return not kept.tokens.refresh or now - kept.renewed < _JUST_NOW
        early = EARLY if kept.tokens.refresh and now - self._failed > _JUST_NOW else 0
        return now < kept.tokens.ends - early

    async def _another(self, client: httpx.AsyncClient, refused: str) -> Held:
        try:
            for _ in range(int(LEASE / _PAUSE)):
                kept = await asyncio.to_thread(held, self._portal, self._session)
                if self._serves(kept, refused):
                    return kept
                with renewing(self._portal, self._session) as ours:
                    if ours:
                        return await self._renewed(client, refused)
                await asyncio.sleep(_PAUSE)
        except NotAllowed:
            raise Denied(_OVER) from None
        raise Denied("its token could not be renewed in time")

    async def _renewed(self, client: httpx.AsyncClient, refused: str) -> Held:
        kept = await asyncio.to_thread(held, self._portal, self._session)
        if self._serves(kept, refused):  # another one renewed it between the look and the lease
            return kept
        now = self._portal.clock().timestamp()
        try:
            if not kept.tokens.refresh:
                raise Refused("there is no refresh token")
            given = await kept.counter(self._portal).next(client, kept.tokens, now)
        except Refused:
            await asyncio.to_thread(sessions.end, self._portal, self._session)
            raise Denied(_OVER) from None
        except Unreachable as trouble:
            self._failed = now
            if now < kept.tokens.ends and kept.tokens.access != refused:
                return kept
            raise Denied(f"its token could not be renewed: {trouble}") from None
        new = replace(kept, tokens=given, renewed=now)
        await asyncio.to_thread(sessions.update, self._portal, self._session, new.to_json())
        return new
