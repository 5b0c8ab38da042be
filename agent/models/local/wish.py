"""The arguments of one call to a chat model -> what is wished for, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.calls.errors import BadArgument

LONGEST = 1024
"""Tokens of an answer, where the call does not say."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one call wishes for.

    Attributes:
        longest: tokens of the answer, the thought not counted.
        stops: strings that end the answer.
        schema: JSON schema that the answer is constrained to.
        thinking: a thought comes before the answer.
    """

    longest: int
    stops: tuple[str, ...]
    schema: Mapping[str, Any] | None
    thinking: bool = False


def wish_of(arguments: Mapping[str, Any], stops: Sequence[str] | None) -> Wish:
    """Return what a call wishes for; arguments of other chat models are not taken for nothing.

    Args:
        arguments: `max_tokens`, `response_format`, `thinking`; None is as if it were not there.
        stops: strings that end the answer.

    Raises:
        BadArgument: an argument is unknown or has the wrong form.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    longest = given.pop("max_tokens", LONGEST)
    form = given.pop("response_format", None)
    thinking = bool(given.pop("thinking", False))
    for name, value in given.items():
        raise BadArgument(name, value, "one of max_tokens, stop, response_format, thinking", "max_tokens")
    if not isinstance(longest, int) or longest < 1:
        raise BadArgument("max_tokens", longest, "a whole number above 0", "320")
    return Wish(longest, tuple(stops or ()), None if form is None else _schema(form), thinking)


def _schema(form: object) -> Mapping[str, Any]:
    if isinstance(form, Mapping) and form.get("type") == "json_schema":
        schema = form.get("json_schema", {}).get("schema")
        if isinstance(schema, Mapping):
            return schema
    example = '{"type": "json_schema", "json_schema": {"name": "plan", "schema": {"type": "object"}}}'
    raise BadArgument("response_format", form, "OpenAI's form of a JSON schema", example)
