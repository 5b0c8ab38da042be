"""How a model is run: what the operator may choose besides its name."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["auto", "bf16", "8bit", "4bit"]
Thinking = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """The settings of a model; the defaults give the same answer to the same question.

    Attributes:
        precision: of the weights of a local model; "auto" is the best that fits the machine.
        temperature: 0 is greedy decoding.
        seed: of the sampling, where the temperature is above 0.
        thinking: "on" has the model think before each answer, "auto" a MedGemma 27B where that may help: where a plan
            is unsure, and where an assessment is asked for. What it thinks is never part of the answer.
        assessment: the model may say what the findings mean, apart from them.
        context: tokens of prompt and answer together, at most.
        pictures: show pictures of the record to the model; "auto" where it is known to read them.
        timeout: seconds for one call.
        in_flight: calls at once to an endpoint.
    """

    precision: Precision = "auto"
    temperature: float = 0.0
    seed: int = 0
    thinking: Thinking = "auto"
    assessment: bool = True
    context: int = 8192
    pictures: Literal["auto", "on", "off"] = "auto"
    timeout: float = 120.0
    in_flight: int = 8
