"""Sessions whose time is over -> ended, once a minute; their connections to the record system close."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from portal.access.sessions import end_expired
from portal.defects import report
from portal.living import Living
from portal.portal import Portal
from portal.trail.trail import NotKept

_EVERY = 60.0


def ending(portal: Portal) -> Living:
    """Return what ends sessions while the app lives."""

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        task = asyncio.create_task(_forever(portal))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return living


async def _forever(portal: Portal) -> None:
    while True:
        try:
            await asyncio.to_thread(end_expired, portal)
        except (SQLAlchemyError, NotKept) as trouble:  # a minute later it is tried again
            report(trouble)
        await asyncio.sleep(_EVERY)
