"""/launch, /launch/callback, /launch/end: from the record system to a session, and out of it."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc.jwk import KeySet
from starlette.concurrency import run_in_threadpool

from portal.access import cookies, sessions
from portal.launch import browser, pages
from portal.launch.asking import connecting
from portal.launch.beginning import begin
from portal.launch.coming_back import come_back
from portal.launch.ending import ending
from portal.launch.leaving import leave
from portal.launch.records import opener
from portal.launch.trouble import LaunchFailure
from portal.living import Living
from portal.portal import Portal


def attach(app: FastAPI, portal: Portal) -> Living:
    """Add the routes, and open the records of those who come in by them."""
    portal.desk.open_session = opener(portal)
    routes = APIRouter(prefix="/launch", include_in_schema=False)
    settings = portal.settings

    @routes.get("")
    async def launch(iss: str = "", launch: str = "") -> Response:
        if not iss:
            return pages.choose(settings.launches)
        async with connecting() as client:
            to, state, secret = await begin(portal, client, iss, launch)
        answer = RedirectResponse(to, 303, pages.HEADERS)
        browser.know(answer, settings, state, secret)
        return answer

    @routes.get("/callback")
    async def callback(request: Request) -> Response:
        query = dict(request.query_params)
        state = query.get("state", "")
        secret = browser.known(request.cookies, settings, state)
        async with connecting() as client:
            cookie, lasts = await come_back(portal, client, query, secret)
        before = cookies.presented(settings, request.cookies)
        await run_in_threadpool(sessions.end, portal, sessions.key_of(before))
        answer = RedirectResponse("/", 303, pages.HEADERS)
        browser.forget(answer, settings, state)
        cookies.put(answer, settings, cookie, lasts)
        return answer

    @routes.post("/end")
    async def end(request: Request) -> Response:
        cookie = cookies.presented(settings, request.cookies)
        answer = pages.ended(await leave(portal, sessions.key_of(cookie)))
        cookies.take_away(answer, settings)
        return answer

    @routes.get("/jwks.json")
    def jwks() -> Response:
        ours: list[Any] = [each.key for each in settings.launches if each.key]
        return JSONResponse(KeySet(ours).as_dict())

    @routes.get("/page.css")
    def style() -> Response:
        return pages.style()

    app.include_router(routes)
    app.add_exception_handler(LaunchFailure, _failed)
    return ending(portal)


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, LaunchFailure)
    return pages.failed(error)
