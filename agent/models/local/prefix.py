"""The constant beginning of prompts with one system message -> its keys and values, computed once.

The beginning is what two renderings with different user texts have in common. The cache is transformers' own, made
for the model's configuration (Gemma 3 has layers with a sliding window, whose caches cannot be cut back), so each
call gets a copy. Left out: prompts with pictures.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile

import torch
from transformers import DynamicCache, PreTrainedModel

KEPT = 4
"""Beginnings that are kept; the one that was not needed for longest goes first."""
_WORTH = 16
"""Tokens from which on a beginning is worth the copy."""


@dataclass(frozen=True, slots=True)
class _Beginning:
    ids: list[int]
    cache: DynamicCache


class Prefixes:
    """Keeps the beginnings of prompts. For one thread at a time.

    Args:
        model: reads them.
        render: system message, user text -> tokens of the prompt.
    """

    def __init__(self, model: PreTrainedModel, render: Callable[[str, str], list[int]]) -> None:
        self._model = model
        self._render = render
        self._kept: OrderedDict[str, _Beginning] = OrderedDict()

    def begun(self, system: str, ids: Sequence[int]) -> DynamicCache:
        """Return a cache that holds the beginning of a prompt, an empty one if there is nothing to reuse.

        It holds fewer tokens than the prompt has, and may be written to.

        Args:
            system: the system message of the prompt.
            ids: its tokens.
        """
        known = self._known(system) if system else None
        if known is None or len(ids) <= len(known.ids) or list(ids[: len(known.ids)]) != known.ids:
            return DynamicCache(config=self._model.config)
        return deepcopy(known.cache)

    def forget(self) -> None:
        """Give the memory back."""
        self._kept.clear()

    def _known(self, system: str) -> _Beginning | None:
        if system not in self._kept:
            ids = _common(self._render(system, "a"), self._render(system, "1"))
            if len(ids) < _WORTH:
                return None
            self._kept[system] = _Beginning(ids, self._read(ids))
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(system)
        return self._kept[system]

    @torch.no_grad()
    def _read(self, ids: list[int]) -> DynamicCache:
        cache = DynamicCache(config=self._model.config)
        tokens = torch.tensor([ids], device=self._model.device)
        self._model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return cache


def _common(one: list[int], other: list[int]) -> list[int]:
    return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]
