"""`openai:BASE_URL#NAME` -> whether a server answers there and offers that model: one look at its `/models`.

Left out: whether it answers a question.
"""

import base64
import json
import os
from collections.abc import Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from agent.models.endpoint.address import Address, caution, locate
from agent.models.endpoint.opening import KEYS
from agent.models.machine.hardware import PIP_ENDPOINT, Packages
from agent.models.machine.judging import Judgement, Step, ask
from agent.models.names import ModelName
from agent.models.options import ModelOptions

_SECONDS = 3.0
_MOST = 4 * 2**20
_SHOWN = 8


class _NoServer(Exception):
    """What is at the address is not a server that can be used; says why in half a sentence."""


class _Staying(HTTPRedirectHandler):
    """Follows no redirect: the key is for the host that was named."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def judge_server(
    name: ModelName, options: ModelOptions, packages: Packages, environment: Mapping[str, str] = os.environ
) -> Judgement:
    """Return whether a server offers a model; asks it, and waits three seconds for it.

    Raises:
        BadArgument: the base URL leads nowhere.
    """
    address = locate(name.where)
    model = f"openai:{address.shown}#{name.name}"
    install = (
        [Step("Install langchain-openai", PIP_ENDPOINT)] if packages.lacking(["langchain-openai"]) else []
    )
    try:
        offered = _offered(address, next((environment[key] for key in KEYS if environment.get(key)), ""))
    except _NoServer as trouble:
        start = Step("Start it, e.g.", f"vllm serve {name.name} --max-model-len {options.context}")
        steps = (*install, start, Step("Look again", f"fhir-assistant doctor --model {model}"))
        return _none(options, f"{address.shown} {trouble}.", steps)
    if name.name not in offered:
        why = f"{address.shown} answers, but has no model {name.name!r}; it has {_listed(offered)}."
        choices = [Step("Name one of them", f"--model openai:{address.shown}#{one}") for one in offered[:1]]
        return _none(options, why, (*install, *choices))
    if install:
        return _none(
            options, f"{address.shown} has {name.name}, but langchain-openai is not installed.", install
        )
    why = f"{address.shown} answers and has {name.name}. {caution(name.where)}".strip()
    return Judgement(model=model, precision=options.precision, why=why, steps=(ask(model),))


def _none(options: ModelOptions, why: str, steps: Sequence[Step]) -> Judgement:
    return Judgement(model="none", precision=options.precision, why=why, steps=tuple(steps))


def _offered(address: Address, key: str) -> list[str]:
    """Return the names of the models that a server offers."""
    parts = urlsplit(address.base)
    user, _, host = parts.netloc.rpartition("@")
    headers = {"Accept": "application/json"}
    if user:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(user).encode()).decode()
    elif key:
        headers["Authorization"] = f"Bearer {key}"
    request = Request(f"{parts.scheme}://{host}{parts.path.rstrip('/')}/models", headers=headers)
    return _names(_answer(_opener(address), request, bool(key)))


def _opener(address: Address) -> OpenerDirector:
    return build_opener(_Staying, *([ProxyHandler({})] if address.local else []))


def _answer(opener: OpenerDirector, request: Request, keyed: bool) -> Any:
    try:
        with opener.open(request, timeout=_SECONDS) as response:
            return json.loads(response.read(_MOST))
    except HTTPError as error:
        with error:
            raise _NoServer(_said_by_status(error.code, keyed)) from None
    except URLError as error:
        raise _NoServer(f"cannot be reached: {_cause(error.reason)}") from None
    except TimeoutError:
        raise _NoServer(f"does not answer within {_SECONDS:.0f} seconds") from None
    except (OSError, HTTPException) as error:
        raise _NoServer(f"breaks off: {_cause(error)}") from None
    except ValueError:
        raise _NoServer("answers, but not as an OpenAI-compatible server does") from None


def _said_by_status(status: int, keyed: bool) -> str:
    if status in (401, 403):
        return f"refuses the key in {' or '.join(KEYS)}" if keyed else f"asks for a key in {KEYS[0]}"
    if status == 404:
        return "answers 404 for its models: a base URL mostly ends in /v1"
    if 300 <= status < 400:
        return f"answers {status} and sends on to another address: name that one"
    return f"answers {status} for its models"


def _cause(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return f"no answer within {_SECONDS:.0f} seconds"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def _names(answer: Any) -> list[str]:
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise _NoServer("answers, but not as an OpenAI-compatible server does")
    return [str(one["id"]) for one in listed if isinstance(one, dict) and "id" in one]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "none"
