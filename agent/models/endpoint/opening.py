"""A model string and options -> a model behind an endpoint. Nothing is sent until it is asked."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING

from agent.models.endpoint.address import locate
from agent.models.failures import ModelFailure
from agent.models.model import Model
from agent.models.names import ModelName, reads_pictures
from agent.models.options import ModelOptions

if TYPE_CHECKING:
    from agent.models.endpoint.patience import Patience
    from agent.models.endpoint.wire import Wire

KEYS = ("FHIR_ASSISTANT_MODEL_KEY", "OPENAI_API_KEY")
"""Where the key is looked for, in this order."""
NO_KEY = "none"
_LOOK = 5.0
_PIECES = re.compile(r"[A-Za-z]+|[^A-Za-z ]")


def open_endpoint(
    name: ModelName,
    options: ModelOptions,
    *,
    key: str | None = None,
    patience: "Patience | None" = None,
    environment: Mapping[str, str] = os.environ,
) -> Model:
    """Return the model that a server offers.

    Args:
        name: of kind "endpoint".
        options: `precision` says nothing here: the server has loaded the model.
        key: sent as bearer token; None takes it from the environment.
        patience: how often a call is tried.
        environment: where the key is looked for.

    Raises:
        BadArgument: the base URL leads nowhere.
        ModelFailure: langchain-openai is not installed, or the key cannot be sent.
    """
    address = locate(name.where)
    found = _sendable(key or next((environment[k] for k in KEYS if environment.get(k)), ""))
    try:
        from agent.models.endpoint import chat, trouble, wire
        from agent.models.endpoint import patience as waiting
    except ModuleNotFoundError as missing:
        raise ModelFailure(
            "not installed",
            f"A model behind a server needs {missing.name}, which is not installed: "
            "pip install 'fhir-record-assistant[endpoint]'.",
        ) from None
    client = wire.Wire(address)
    endpoint = trouble.Endpoint(
        address=address,
        name=name.name,
        keyed=bool(found),
        timeout=options.timeout,
        models=_models(client, found or NO_KEY),
    )
    model = chat.EndpointChat(
        endpoint,
        patience or waiting.Patience(),
        options.in_flight,
        thinking=options.thinking,
        model=name.name,
        base_url=address.base,
        api_key=found or NO_KEY,
        temperature=options.temperature,
        seed=options.seed if options.temperature else None,
        max_retries=0,
        streaming=True,
        use_responses_api=False,
        openai_proxy=None,
        http_client=client,
        http_socket_options=(),
    )
    sees = options.pictures == "on" or (options.pictures == "auto" and reads_pictures(name.name))
    return Model(
        name=name.name, chat=model, context=options.context, count=estimate, guard=nullcontext, sees=sees
    )


def estimate(text: str) -> int:
    """Return the tokens of a text, rather too many: one for each four letters of a word, each digit and each sign.

    The tokenizer is with the server, and asking it would cost a call. A third of the characters would do for prose,
    but is half of the truth for dates and codes: Gemma has no token of two digits.

    >>> estimate("It was 6.4 %.")
    7
    """
    return sum(-(-len(piece) // 4) for piece in _PIECES.findall(text))


def _sendable(key: str) -> str:
    """Return a key without blanks around it, such as the end of the line of the file it came from."""
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise ModelFailure("endpoint", f"The key in {KEYS[0]} has characters that no header can carry.")
    return key


def _models(client: "Wire", key: str) -> Callable[[str], list[str] | None]:
    import httpx2

    def at(base: str) -> list[str] | None:
        try:
            with client.stream(
                "GET", f"{base}/models", headers={"Authorization": f"Bearer {key}"}, timeout=_LOOK
            ) as response:
                response.read()
                return [str(model["id"]) for model in response.raise_for_status().json()["data"]]
        except (httpx2.HTTPError, ModelFailure, LookupError, TypeError, ValueError):
            return None

    return at
