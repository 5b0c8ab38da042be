"""What is done to the scores of the next token, and what ends a generation. Each is for one sequence.

Left out: grammars (`agent.models.grammar`).
"""

import threading
import time
from typing import Any

import torch
from transformers import LogitsProcessor, StoppingCriteria

from agent.models.local.vocabulary import Vocabulary

_NEVER = float("-inf")


class Thought(LogitsProcessor):
    """Opens one thought at the very beginning, closes it in time, and lets none be opened after it.

    Args:
        vocabulary: one that can mark thoughts.
        start: tokens of the prompt.
        budget: tokens of the thought, at most.
    """

    def __init__(self, vocabulary: Vocabulary, start: int, budget: int) -> None:
        if vocabulary.begin is None or vocabulary.end is None:
            raise ValueError("this vocabulary cannot mark thoughts")
        self._begin, self._end = vocabulary.begin, vocabulary.end
        self._stops = sorted(vocabulary.stops)
        self._start, self._budget = start, budget

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores with what may not come now ruled out."""
        said = input_ids[0, self._start :]
        if len(said) == 0:
            return _only(self._begin, scores)
        if bool((said == self._end).any()):
            return _without([self._begin, self._end], scores)
        if len(said) > self._budget:
            return _only(self._end, scores)
        # A turn that ended inside a thought would hold no answer.
        return _without([self._begin, *self._stops], scores)


class Drawn(LogitsProcessor):
    """Draws the next token: greedy decoding of what it returns is sampling, with a generator of its own.

    The highest of scores that each got Gumbel noise is a draw from their softmax, so that nobody else's random
    numbers are touched and the same seed gives the same text.

    Args:
        temperature: above 0.
        seed: of the draws.
    """

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._draws = torch.Generator().manual_seed(seed)

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores with noise."""
        noise = torch.empty(scores.shape, dtype=torch.float32).exponential_(generator=self._draws).log()
        return scores.float() / self._temperature - noise.to(scores.device)  # type: ignore[return-value]


class Halt(StoppingCriteria):
    """Ends a generation that nobody waits for, that takes too long, or that has said enough after its thought.

    Args:
        longest: tokens after the thought, at most.
        start: tokens of the prompt.
        end: the token that closes the thought, None if there is to be none.
        seconds: from `begin` on.
    """

    def __init__(self, longest: int, start: int, end: int | None, seconds: float) -> None:
        self._longest, self._start, self._end = longest, start, end
        self._seconds, self._deadline = seconds, float("inf")
        self._asked = threading.Event()
        self.late = False

    def begin(self) -> None:
        """Let the time run."""
        self._deadline = time.monotonic() + self._seconds

    def ask(self) -> None:
        """End it after the step that is under way."""
        self._asked.set()

    def __call__(self, input_ids: torch.LongTensor, scores: Any, **kwargs: Any) -> torch.BoolTensor:
        """Return whether to end now."""
        self.late = self.late or time.monotonic() > self._deadline
        over = self._asked.is_set() or self.late or self._enough(input_ids[0, self._start :])
        return torch.full((input_ids.shape[0],), over, device=input_ids.device)  # type: ignore[return-value]

    def _enough(self, said: torch.Tensor) -> bool:
        if self._end is None:
            return len(said) >= self._longest
        closed = (said == self._end).nonzero()
        return len(closed) > 0 and len(said) - int(closed[0, 0]) - 1 >= self._longest


def _only(token: int, scores: torch.FloatTensor) -> torch.FloatTensor:
    kept = torch.full_like(scores, _NEVER)
    kept[:, token] = 0.0
    return kept  # type: ignore[return-value]


def _without(tokens: list[int], scores: torch.FloatTensor) -> torch.FloatTensor:
    kept = scores.clone()
    kept[:, tokens] = _NEVER
    return kept  # type: ignore[return-value]
