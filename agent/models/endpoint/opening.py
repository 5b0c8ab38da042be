"""A model string and options -> a model behind an endpoint. Nothing is sent until it is asked."""

import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING

from agent.models.endpoint.address import locate
from agent.models.endpoint.counting import counter
from agent.models.failures import ModelFailure
from agent.models.model import Model
from agent.models.names import ModelName, reads_pictures
from agent.models.options import ModelOptions
from agent.models.thinking import settled

if TYPE_CHECKING:
    from agent.models.endpoint.patience import Patience
    from agent.models.endpoint.wire import Wire

KEYS = ("FHIR_ASSISTANT_MODEL_KEY", "OPENAI_API_KEY")
"""Where the key is looked for, in this order."""
NO_KEY = "none"
_LOOK = 5.0


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
    count = counter(_tokens(client, address.base, name.name, found or NO_KEY))
    sees = options.pictures == "on" or (options.pictures == "auto" and reads_pictures(name.name))
    return Model(
        name=name.name,
        chat=model,
        context=options.context,
        count=count,
        guard=nullcontext,
        thinking=settled(options.thinking, name.name),
        sees=sees,
    )


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


def _tokens(client: "Wire", base: str, name: str, key: str) -> Callable[[str], int | None]:
    """Return how a server counts the tokens of a text, which is no part of OpenAI's protocol."""
    import httpx2

    def count(text: str) -> int | None:
        asked = {"model": name, "prompt": text, "content": text, "add_special_tokens": False}
        try:
            response = client.post(
                f"{base.removesuffix('/v1')}/tokenize",
                json=asked,
                headers={"Authorization": f"Bearer {key}"},
                timeout=_LOOK,
            )
            return len(response.raise_for_status().json()["tokens"])
        except (httpx2.HTTPError, ModelFailure, LookupError, TypeError, ValueError):
            return None

    return count
