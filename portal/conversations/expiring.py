"""Conversations that nobody touched for long are deleted, once an hour, by whichever process comes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from portal.defects import report
from portal.living import Living
from portal.portal import Portal

_EVERY = 3600.0


def attach(app: FastAPI, portal: Portal) -> Living:
    """Delete what has expired, while the app lives."""

    @asynccontextmanager
    async def living() -> AsyncIterator[None]:
        task = asyncio.create_task(_forever(portal))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return living


def expire(portal: Portal) -> int:
    """Delete what has expired, also what follow-ups refer to; return how many conversations."""
    gone = portal.kept.expired(portal.settings.limits.days)
    for conversation in gone:
        portal.desk.forget_conversation(conversation)
    return len(gone)


async def _forever(portal: Portal) -> None:
    while True:
        try:
            await asyncio.to_thread(expire, portal)
        except SQLAlchemyError as trouble:  # an hour later it is tried again
            report(trouble)
        await asyncio.sleep(_EVERY)
