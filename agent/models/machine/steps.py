"""What keeps a model from running -> the commands that an operator types next."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.models.machine.hardware import Machine
from agent.models.machine.packages import LOCAL, PIP
from agent.models.machine.sizes import gigabytes
from agent.models.machine.weights import Weights
from agent.models.names import MEDGEMMA, ModelName

_ASK = 'fhir-assistant ask "What medications is she taking?" --patient "Adelina Maggio" --now 2026-01-01'


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        text: what it is for.
        command: what to type, "" if there is nothing to type.
    """

    text: str
    command: str = ""


def ask(model: str) -> Step:
    """Return how to ask a first question with a model."""
    return Step("Ask a first question", f"{_ASK} --model {model}")


def short(name: ModelName) -> str:
    """Return what to give `--model` for a model."""
    return next((known for known, where in MEDGEMMA.items() if where == name.where), name.where)


def page(name: ModelName) -> str:
    """Return where a model's terms are accepted, "" if it has none that we know of."""
    return f"https://huggingface.co/{name.where}" if name.where in MEDGEMMA.values() else ""


def install(missing: Sequence[str]) -> Step:
    """Return how to install packages."""
    one = len(missing) == 1 and missing[0] not in LOCAL
    command = f"pip install {missing[0]}" if one else PIP
    return Step(f"Install {', '.join(missing)}", command)


def fetch(name: ModelName, weights: Weights, machine: Machine, needed: int) -> tuple[Step, ...]:
    """Return how to get the weights of a model of the hub; `needed` bytes, 0 if not known."""
    steps = []
    if page(name) and weights.state == "absent":
        steps.append(Step(f"Accept the terms at {page(name)}"))
    if not machine.hub.token:
        steps.append(Step("Log in to the hub", "hf auth login"))
    left, free = max(needed - weights.size, 0), machine.disk_free
    verb = "Go on with the download" if weights.state == "incomplete" else "Download the weights"
    size = f" ({gigabytes(left)}; {gigabytes(free)} are free at {machine.hub.cache})" if needed else ""
    if left > free:
        steps.append(
            Step(f"Let HF_HOME name a folder with {gigabytes(left)} free", "export HF_HOME=/large/disk")
        )
    return (*steps, Step(verb + size, f"hf download {name.where}"))


def serve(name: ModelName, context: int, gpus: int) -> tuple[Step, ...]:
    """Return how to run a model of the hub for several users at once."""
    parallel = f" --tensor-parallel-size {gpus}" if gpus > 1 else ""
    command = f"vllm serve {name.where} --max-model-len {context}{parallel}"
    url = f"openai:http://127.0.0.1:8000/v1#{name.where}"
    return (
        Step("For several users at once, serve it", command),
        Step("and name the server", f"--model {url}"),
    )


WITHOUT = (
    ask("none"),
    Step("For MedGemma on another machine, name its server", "--model openai:http://HOST:8000/v1#NAME"),
)
"""What to do where no model can run."""
