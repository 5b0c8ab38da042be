"""Entries -> what an answer costs: tokens, model calls and seconds, in all and by stage.

All answers count, those that failed too. A stage is spread over the answers that went through it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.entries import Entry
from evaluation.metrics.intervals import Spread, spread
from evaluation.result import Result, Stage


@dataclass(frozen=True, slots=True)
class Cost:
    """How each cost is spread; `tokens` are those of prompts and completions together."""

    tokens: Spread
    prompt_tokens: Spread
    completion_tokens: Spread
    model_calls: Spread
    seconds: Spread


def cost(spent: Sequence[Result] | Sequence[Stage]) -> Cost:
    """Return the cost of results, or of one stage of them.

    Raises:
        BadArgument: there are none.
    """
    return Cost(
        spread([each.prompt_tokens + each.completion_tokens for each in spent]),
        spread([each.prompt_tokens for each in spent]),
        spread([each.completion_tokens for each in spent]),
        spread([each.model_calls for each in spent]),
        spread([each.seconds for each in spent]),
    )


def stage_costs(entries: Sequence[Entry]) -> dict[str, Cost]:
    """Return the cost of each stage, in the order in which the stages first occur."""
    stages: dict[str, list[Stage]] = defaultdict(list)
    for entry in entries:
        for name, stage in entry.result.stages.items():
            stages[name].append(stage)
    return {name: cost(spent) for name, spent in stages.items()}
