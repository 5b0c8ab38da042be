"""How a model is run: what the operator may choose besides its name."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["auto", "bf16", "8bit", "4bit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """The settings of a model; the defaults give the same answer to the same question.

    Attributes:
        precision: of the weights of a local model; "auto" is the best that fits the machine.
        temperature: 0 is greedy decoding.
        seed: of the sampling, where the temperature is above 0.
        thinking: ask the model to think before it answers; what it thinks is never part of the answer.
        context: tokens of prompt and answer together, at most.
        pictures: show pictures of the record to the model; "auto" where it is known to read them.
        timeout: seconds for one call.
        in_flight: calls at once to an endpoint.
    """

    precision: Precision = "auto"
    temperature: float = 0.0
    seed: int = 0
    thinking: bool = False
    context: int = 8192
    pictures: Literal["auto", "on", "off"] = "auto"
    timeout: float = 120.0
    in_flight: int = 8
