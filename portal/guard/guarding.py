"""The layers around the whole app, outermost first.

What each keeps out is in its file. The log sees everything; headers are on every answer; a page may read why it was
refused where its origin is allowed; only what passed all of it is read, timed and answered.
"""

from fastapi import FastAPI

from portal.guard.bodies import Bodies
from portal.guard.describing import describe
from portal.guard.forgery import Forgery
from portal.guard.headers import SafeHeaders
from portal.guard.hosts import Hosts
from portal.guard.log import AccessLog
from portal.guard.origins import Origins
from portal.guard.rates import Rates
from portal.guard.times import Times
from portal.portal import Portal


def attach(app: FastAPI, portal: Portal) -> None:
    """Put the layers around the app; to be attached last, so that they are around all of it."""
    settings = portal.settings
    for layer in (Bodies, Times, Rates, Forgery, Origins, Hosts, SafeHeaders):
        app.add_middleware(layer, settings=settings)
    app.add_middleware(AccessLog)
    describe(app, portal)
