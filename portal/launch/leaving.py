"""A session -> its end: here in any case, and at the record system where that takes tokens back."""

from starlette.concurrency import run_in_threadpool

from portal.access import sessions
from portal.caller import NotAllowed
from portal.launch.asking import connecting
from portal.launch.holding import held
from portal.launch.trouble import Unreachable
from portal.portal import Portal


async def leave(portal: Portal, session: str) -> bool:
    """End a session; tell whether its tokens are worthless now, or were before."""
    try:
        kept = await run_in_threadpool(held, portal, session)
    except NotAllowed:
        kept = None
    await run_in_threadpool(sessions.end, portal, session)
    if kept is None:
        return True
    try:
        async with connecting() as client:
            return await kept.counter(portal).give_back(client, kept.tokens)
    except (Unreachable, NotAllowed):
        return False
