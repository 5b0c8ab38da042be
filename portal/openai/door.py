"""/v1/models and /v1/chat/completions. Errors have the form that OpenAI's clients understand."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from agent.answer import Answer
from portal.access import Asker
from portal.api.shapes import refusals
from portal.caller import Caller, NotAllowed
from portal.conversations.asking import Unanswered
from portal.misread import misread
from portal.openai.chat import place
from portal.openai.shapes import MODEL, Completion, Model, Models, Refusal, Wanted
from portal.openai.understanding import UNSERVED, Refused, questions
from portal.openai.wire import completion, refusal, streamed
from portal.portal import Portal
from tools.calls.errors import AssistantError

_EVENTS = "text/event-stream"
_UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_ANSWERED: dict[str, Any] = {
    "description": "The answer; a stream of chunks if `stream` is true.",
    "content": {_EVENTS: {"schema": {"type": "string"}}},
}
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Route(APIRoute):
    """A route whose errors are told as OpenAI tells them."""

    def get_route_handler(self) -> _Handler:
        """Return the handler."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as wrong:
                return _wrong(wrong)
            except HTTPException as refused:
                return _error(refused.status_code, str(refused.detail), headers=refused.headers)
            except Refused as refused:
                return _error(refused.status, str(refused), refused.param, refused.code)
            except AssistantError as reason:
                return _error(await _status(request, reason), str(reason))

        return handled


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the routes."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], route_class=_Route)

    @routes.get("/models", responses=_refusals(401, 403))
    def models(caller: Asker) -> Models:
        """List the model that there is."""
        return Models(data=[Model(created=_now(portal))])

    @routes.get("/models/{model}", responses=_refusals(400, 401, 403, 404))
    def look_at(caller: Asker, model: str = Path(max_length=200, examples=[MODEL])) -> Model:
        """Look at a model."""
        if model != MODEL:
            raise Refused(f"There is one model, {MODEL!r}.", "model", "model_not_found", 404)
        return Model(created=_now(portal))

    @routes.post(
        "/chat/completions",
        response_model=Completion,
        responses={
            200: _ANSWERED,
            **_refusals(400, 401, 403, 404, 409, 502, 503),
            **refusals(422),
        },
    )
    async def complete(wanted: Wanted, caller: Asker) -> Response:
        """Answer the user's last message from the record of the patient to whom the token is bound."""
        asked = questions(wanted)
        answers = (await place(portal, _bound(caller), asked)).answer()
        if wanted.stream:
            options = wanted.stream_options
            events = streamed(answers, _now(portal), bool(options and options.include_usage))
            return StreamingResponse(events, media_type=_EVENTS, headers=_UNBUFFERED)
        answer = [each async for each in answers][-1]
        if not isinstance(answer, Answer):
            raise Unanswered("There is no answer.")
        return JSONResponse(completion(answer, _now(portal)).model_dump(mode="json"))

    app.include_router(routes)


def _bound(caller: Caller) -> Caller:
    if not caller.patient:
        raise NotAllowed("A chat needs a token that is bound to one patient, and yours is not.")
    return caller


def _now(portal: Portal) -> int:
    return int(portal.clock().timestamp())


async def _status(request: Request, reason: AssistantError) -> int:
    """The status that the app gives an error of the project."""
    told = request.app.exception_handlers[AssistantError](request, reason)
    status: int = (await told).status_code
    return status


def _wrong(wrong: RequestValidationError) -> Response:
    """What is wrong with a body: why a parameter is not served or, of all others, where it is not as it should be."""
    where, what = misread(wrong)
    parameter = where.partition(".")[0]
    if parameter in UNSERVED:
        return _error(400, f"{parameter}: {UNSERVED[parameter]}", parameter, "unsupported_parameter")
    return _error(400, f"{where or 'The body'}: {what}.", where or None, "invalid_request")


def _error(
    status: int,
    message: str,
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return JSONResponse(refusal(status, message, param, code), status, headers)


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal} for status in statuses}
