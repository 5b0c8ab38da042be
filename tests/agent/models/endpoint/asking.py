"""How the tests open an endpoint and ask it."""

from langchain_core.messages import HumanMessage, SystemMessage

from agent.models.endpoint import open_endpoint
from agent.models.endpoint.patience import Patience
from agent.models.failures import ModelFailure
from agent.models.model import Model, Said
from agent.models.names import ModelName
from agent.models.options import ModelOptions

QUESTION = [SystemMessage("Answer shortly."), HumanMessage("How is Ada Moser's HbA1c?")]
SECRET = "sk-very-secret"
SCHEMA = {"type": "object", "properties": {"tool": {"type": "string"}}, "required": ["tool"]}
AT_ONCE = Patience(waits=(0.0, 0.0, 0.0))


def opened(
    url: str,
    *,
    name: str = "medgemma",
    key: str | None = SECRET,
    patience: Patience = AT_ONCE,
    **options: object,
) -> Model:
    settings = ModelOptions(**{"timeout": 5.0, **options})
    return open_endpoint(ModelName("endpoint", name, url), settings, key=key, patience=patience)


def ask(model: Model, **more: object) -> Said:
    return model.say(QUESTION, **{"longest": 40, **more})


def sentence(model: Model, **more: object) -> tuple[str, str]:
    """Return why a model fails, and what it says about it."""
    try:
        said = ask(model, **more)
    except ModelFailure as failure:
        return failure.why, str(failure)
    raise AssertionError(f"it answered: {said}")
