"""/api/…/questions: ask, hear what happens, cancel, look at an answer and its evidence, judge it."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from portal.access import Asker
from portal.api.events import STREAM, STREAMED, describe
from portal.api.shapes import (
    Begun,
    Feedback,
    Id,
    NewQuestion,
    NewReply,
    ShownQuestion,
    refusals,
    shown_question,
)
from portal.caller import Caller
from portal.conversations.evidence import ShownEvidence, evidence_of
from portal.conversations.feed import Event
from portal.conversations.kept import Question
from portal.portal import Portal

_UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(prefix="/api", tags=["questions"])
    kept, answering = portal.kept, portal.answering

    def seen(caller: Caller, id: str) -> Question:
        """A question; that an answer is looked at again stands in the trail."""
        question = kept.question(caller, id)
        if question.answer:
            portal.trail.reread(caller, question.answer["patient"], id)
        return question

    def stream(events: AsyncIterator[Sequence[Event]], id: str) -> Response:
        headers = {**_UNBUFFERED, "Location": f"/api/questions/{id}"}
        return StreamingResponse(_encoded(events), media_type=STREAM, headers=headers)

    @routes.post(
        "/conversations/{id}/questions",
        status_code=201,
        response_model=Begun,
        responses={200: STREAMED, **refusals(401, 404, 409, 422, 503)},
    )
    def ask(id: Id, wanted: NewQuestion | NewReply, caller: Asker, request: Request) -> Response:
        """Ask; with `Accept: text/event-stream` the events follow at once."""
        is_reply = isinstance(wanted, NewReply)
        text = wanted.reply if isinstance(wanted, NewReply) else wanted.question
        asked = answering.ask(caller, id, text, is_reply=is_reply)
        if STREAM in request.headers.get("accept", ""):
            return stream(answering.follow(caller, asked.id), asked.id)
        begun = Begun(id=asked.id, events=f"/api/questions/{asked.id}/events")
        return JSONResponse(begun.model_dump(), 201, headers={"Location": f"/api/questions/{asked.id}"})

    @routes.get(
        "/questions/{id}/events",
        response_class=Response,
        responses={200: STREAMED, **refusals(401, 404, 422, 503)},
    )
    def events(id: Id, caller: Asker, last_event_id: Annotated[int, Header(ge=0, le=2**53)] = 0) -> Response:
        """Hear what happens while a question is answered, from the event after `Last-Event-ID` on."""
        seen(caller, id)
        return stream(answering.follow(caller, id, last_event_id), id)

    @routes.post("/questions/{id}/cancel", status_code=202, responses=refusals(401, 404, 422))
    def cancel(id: Id, caller: Asker) -> None:
        """Stop answering a question; one that is answered stays answered."""
        answering.cancel(caller, id)

    @routes.get("/questions/{id}", responses=refusals(401, 404, 422, 503))
    def look_at(id: Id, caller: Asker) -> ShownQuestion:
        """Return a question, and its answer once there is one."""
        return shown_question(seen(caller, id))

    @routes.get("/questions/{id}/evidence", responses=refusals(401, 404, 422, 503))
    def evidence(id: Id, caller: Asker) -> ShownEvidence:
        """Return what the tools found for an answer, call by call."""
        return evidence_of(seen(caller, id))

    @routes.put("/questions/{id}/feedback", status_code=204, responses=refusals(401, 404, 422))
    def judge(id: Id, given: Feedback, caller: Asker) -> None:
        """Say what you think of an answer; it replaces what you said before."""
        kept.judge(caller, id, given.verdict, given.comment)

    app.include_router(routes)
    describe(app)


async def _encoded(told: AsyncIterator[Sequence[Event]]) -> AsyncIterator[bytes]:
    async for news in told:
        yield b"".join(map(_frame, news)) or KEEPALIVE_COMMENT


def _frame(event: Event) -> bytes:
    data = orjson.dumps(event["data"]).decode()
    return format_sse_event(data_str=data, event=event["event"], id=str(event["id"]))
