"""The options that say which model runs and how, the same in every command -> `Running`."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Annotated, Any, Literal

import typer

from agent.models.names import understand
from agent.models.options import ModelOptions
from tools.calls.errors import BadArgument

FELL_BACK = 3
"""Exit status: answered, but the built-in planner or writer had to stand in for the model."""
_DEFAULTS = ModelOptions()


def _named(model: str) -> str:
    """Refuse a string that names no model."""
    try:
        understand(model)
    except BadArgument as error:
        raise typer.BadParameter(str(error).removeprefix("--model ")) from None
    return model


_MODEL = Annotated[
    str,
    typer.Option(
        "--model", "-m", envvar="FHIR_ASSISTANT_MODEL", callback=_named,
        help="Which model plans what reading is not sure of, and words the answers: none (no model), auto (MedGemma "
        "where this machine can run it; fhir-assistant doctor tells), medgemma-27b, medgemma-27b-text, "
        "medgemma-1.5-4b, medgemma-4b, a hub id, a folder, a .gguf file, or openai:BASE_URL#NAME for a server.",
    ),
]  # fmt: skip
_PLANNER = Annotated[
    Literal["auto", "builtin", "model"],
    typer.Option("--planner", help="Who plans: auto asks the model only where reading is not sure."),
]
PlannerModel = Annotated[
    str,
    typer.Option(
        "--planner-model", envvar="FHIR_ASSISTANT_PLANNER_MODEL", callback=lambda model: model and _named(model),
        show_default="that of --model",
        help="Another model that plans, in the same form; as --model, e.g. openai:http://127.0.0.1:8001/v1#gemma.",
    ),
]  # fmt: skip
_PRECISION = Annotated[
    Literal["auto", "bf16", "8bit", "4bit"],
    typer.Option("--precision", help="Of a local model's weights; auto is the best that fits."),
]
_THINKING = Annotated[
    Literal["auto", "on", "off"],
    typer.Option(
        "--thinking",
        help="Whether the model thinks first, which is slower and never part of an answer: auto is MedGemma 27B where "
        "a plan is unsure or an assessment is asked for.",
    ),
]
_ASSESSMENT = Annotated[
    Literal["on", "off"],
    typer.Option(
        "--assessment", envvar="FHIR_ASSISTANT_ASSESSMENT",
        help="Whether the model may say, apart from the findings, what they mean.",
    ),
]  # fmt: skip
_TEMPERATURE = Annotated[
    float, typer.Option("--temperature", min=0.0, max=2.0, help="0 gives the same answer every time.")
]
_SEED = Annotated[int, typer.Option("--seed", help="Of the sampling, where the temperature is above 0.")]
_CONTEXT = Annotated[
    int, typer.Option("--context", min=2048, help="Tokens of prompt and answer together, e.g. 16384.")
]
_PICTURES = Annotated[
    Literal["auto", "on", "off"],
    typer.Option(
        "--pictures",
        help="Show the model the pictures of the record that a question is about: auto where it is known to read them.",
    ),
]
_TIMEOUT = Annotated[float, typer.Option("--timeout", min=1.0, help="Seconds for one call of the model.")]
_OPTIONS: tuple[tuple[str, Any, object], ...] = (
    ("model", _MODEL, "auto"),
    ("planner", _PLANNER, "auto"),
    ("planner_model", PlannerModel, ""),
    ("precision", _PRECISION, _DEFAULTS.precision),
    ("thinking", _THINKING, _DEFAULTS.thinking),
    ("assessment", _ASSESSMENT, "on" if _DEFAULTS.assessment else "off"),
    ("temperature", _TEMPERATURE, _DEFAULTS.temperature),
    ("seed", _SEED, _DEFAULTS.seed),
    ("context", _CONTEXT, _DEFAULTS.context),
    ("pictures", _PICTURES, _DEFAULTS.pictures),
    ("timeout", _TIMEOUT, _DEFAULTS.timeout),
)


@dataclass(frozen=True, slots=True)
class Running:
    """Which model a command runs, and how.

    Attributes:
        model: as `--model`.
        planner: who plans where there is a model.
        options: how the model is run.
        planner_model: another one that plans, as `--planner-model`; "" for the same.
    """

    model: str
    planner: Literal["auto", "builtin", "model"]
    options: ModelOptions
    planner_model: str = ""


def with_model(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a model; its parameter `running` gets what they say."""
    own = [p for name, p in signature(command, eval_str=True).parameters.items() if name != "running"]
    added = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)
        for name, kind, default in _OPTIONS
    ]

    def called(**given: Any) -> None:
        model = {name: given.pop(name) for name, _, _ in _OPTIONS}
        named = {name: model.pop(name) for name in ("model", "planner", "planner_model")}
        model["assessment"] = model["assessment"] == "on"
        command(**given, running=Running(**named, options=ModelOptions(**model)))

    called.__name__, called.__doc__ = command.__name__, command.__doc__
    called.__signature__ = signature(command).replace(parameters=[*own, *added])  # type: ignore[attr-defined]
    return called
