"""What the plan says of a prompt that is read, against the tensors alive in forward passes on the meta device.

The attention kernel is left out: on a GPU it needs no more than its output and a bf16 copy of its mask.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from transformers import AutoModelForImageTextToText, DynamicCache

from agent.models.machine import memory
from agent.models.machine.memory import KEPT, READ_AT_ONCE, known_shape, plan
from tests.agent.models.machine.machines import configuration

CASES = [
    ("google/medgemma-27b-it", 2_048),
    ("google/medgemma-27b-it", 8_192),
    ("google/medgemma-4b-it", 8_192),
    ("google/medgemma-4b-it", 32_768),
]


class Alive(TorchDispatchMode):
    """Counts the bytes of the tensors that are alive, and the most there ever were."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.now = self.most = 0
        weights = [*model.parameters(), *model.buffers()]
        self.known = {tensor.untyped_storage()._cdata for tensor in weights}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                self._count(tensor.untyped_storage())
        return made

    def _count(self, storage: torch.UntypedStorage) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key not in self.known:
            self.known.add(key)
            self.now += size
            self.most = max(self.most, self.now)
            weakref.finalize(storage, self._drop, key, size)

    def _drop(self, key: int, size: int) -> None:
        self.known.discard(key)
        self.now -= size


def attention(
    query: torch.Tensor, *_: object, attn_mask: torch.Tensor | None = None, **__: object
) -> torch.Tensor:
    copied = None if attn_mask is None else torch.empty_like(attn_mask, dtype=query.dtype)
    made = torch.empty_like(query)
    del copied
    return made


@contextmanager
def reading(model: torch.nn.Module) -> Iterator[Alive]:
    alive = Alive(model)
    with torch.no_grad(), torch.device("meta"), alive:
        yield alive


@pytest.mark.slow
@pytest.mark.parametrize(("name", "context"), CASES)
def test_the_plan_of_reading_a_prompt(name: str, context: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", attention)
    config = configuration(name)
    with torch.device("meta"):
        model = AutoModelForImageTextToText.from_config(config, dtype=torch.bfloat16).eval()
    with reading(model) as alive:
        cache = DynamicCache(config=config.get_text_config())
        for begin in range(0, context, READ_AT_ONCE):
            ids = torch.zeros(1, min(READ_AT_ONCE, context - begin), dtype=torch.long)
            seen = torch.ones(1, begin + ids.shape[1], dtype=torch.long)
            model(ids, token_type_ids=ids, attention_mask=seen, past_key_values=cache, logits_to_keep=1)
    shape = known_shape(name)
    assert shape
    planned = plan(shape, "bf16", context)
    kept = 2 * shape.cached * shape.layers * KEPT
    without_slack = (planned.cache + planned.passing - kept) / (1 + memory._SLACK)
    assert alive.most == pytest.approx(without_slack, rel=0.1)
    assert alive.most < planned.cache + planned.passing - kept
