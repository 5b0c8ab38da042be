"""A question, its gold answer and an answer in words -> the verdict of a model, for what no rule can decide.

Left out: choices and values, which rules decide, and how far the judge can be trusted: see `agreement`.
"""

import re
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from langchain_core.messages import HumanMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.models.model import Model
from agent.prompts.data import as_data, on_a_line
from evaluation.dataset import Case, Value
from evaluation.score import Verdict

_LONGEST = 400
"""Tokens of a verdict with its reason."""
_JSON = re.compile(r"\{.*\}", re.DOTALL)


class _Judged(BaseModel):
    """What the judge says; the reason comes first, so that the verdict follows from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: str = Field(json_schema_extra={"maxLength": 300})
    verdict: Literal["right", "wrong", "abstained"]


class Judge:
    """Asks a model. As `scoring.Judging`.

    Args:
        model: the judge.
    """

    def __init__(self, model: Model) -> None:
        self.name = model.name
        self._model = model

    def __call__(self, case: Case, answer: str) -> tuple[Verdict, str]:
        """Return the verdict and why; undecided if the model gives none.

        Raises:
            ModelFailure: the model said nothing, or could not be asked.
        """
        told = _prompt().substitute(
            question=on_a_line(case.question), gold=on_a_line(_gold(case)), answer=as_data(answer)
        )
        schema = _Judged.model_json_schema()
        return _read(self._model.say([HumanMessage(told)], longest=_LONGEST, schema=schema).text)


@cache
def _prompt() -> Template:
    return Template(files(__package__).joinpath("judge.md").read_text(encoding="utf-8").strip())


def _gold(case: Case) -> str:
    """Return the gold answer in words."""
    if case.gold_text or not case.answer:
        return case.gold_text or "not recorded"
    either = "any one of: " if case.match == "any" and len(case.answer) > 1 else ""
    return f"{either}{'; '.join(map(_worded, case.answer))} {case.unit}".rstrip()


def _worded(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _read(said: str) -> tuple[Verdict, str]:
    """Return the verdict in what a model said: JSON, also in a fence or with words around it."""
    found = _JSON.search(said)
    try:
        judged = _Judged.model_validate_json(found[0] if found else said)
    except ValidationError:
        return "undecided", f"the judge gave no verdict: {on_a_line(said)}"
    return judged.verdict, on_a_line(judged.reason)
