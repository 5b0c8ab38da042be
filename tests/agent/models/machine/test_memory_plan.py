"""Which precision of which MedGemma fits which GPU, and what it takes; sizes in GB of 10^9 bytes."""

from dataclasses import dataclass

import pytest

from agent.models.machine.memory import (
    CARDS,
    PRECISIONS,
    Plan,
    Shape,
    best_fitting,
    best_precision,
    known_shape,
    plan,
)
from agent.models.names import MEDGEMMA
from agent.models.options import ModelOptions, Precision
from tests.agent.models.machine.machines import GB

CONTEXT = ModelOptions().context
M27, T27, M4 = MEDGEMMA["medgemma-27b"], MEDGEMMA["medgemma-27b-text"], MEDGEMMA["medgemma-4b"]


@dataclass(frozen=True)
class Case:
    model: str
    precision: Precision
    weights: float
    fits: str
    """Of 16, 24, 48, 80 and 141 GB."""


CASES = [
    Case(M27, "bf16", 54.9, "no  no  no  yes yes"),
    Case(M27, "8bit", 28.9, "no  no  yes yes yes"),
    Case(M27, "4bit", 16.3, "no  yes yes yes yes"),
    Case(T27, "bf16", 54.0, "no  no  no  yes yes"),
    Case(T27, "8bit", 28.4, "no  no  yes yes yes"),
    Case(T27, "4bit", 16.0, "no  yes yes yes yes"),
    Case(M4, "bf16", 8.6, "yes yes yes yes yes"),
    Case(M4, "8bit", 5.0, "yes yes yes yes yes"),
    Case(M4, "4bit", 3.2, "yes yes yes yes yes"),
]


def shape(model: str) -> Shape:
    known = known_shape(model)
    assert known
    return known


def fits(planned: Plan) -> str:
    return " ".join("yes" if planned.fits([card * GB]) else "no " for card in CARDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.model} {case.precision}")
def test_what_fits(case: Case) -> None:
    planned = plan(shape(case.model), case.precision, CONTEXT)
    assert round(planned.weights / GB, 1) == case.weights
    assert fits(planned).split() == case.fits.split()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.model} {case.precision}")
def test_a_context_of_32k_fits_where_8k_does(case: Case) -> None:
    assert fits(plan(shape(case.model), case.precision, 32_768)).split() == case.fits.split()


CACHES = [
    # model, tokens, full layers keep all, sliding layers 1024; a token of a layer: 8192 bytes (27B), 4096 (4B)
    (M27, 1024, 62 * 1024 * 8192),
    (M27, 8192, (10 * 8192 + 52 * 1024) * 8192),
    (M27, 32_768, (10 * 32_768 + 52 * 1024) * 8192),
    (M4, 1024, 34 * 1024 * 4096),
    (M4, 8192, (5 * 8192 + 29 * 1024) * 4096),
]


@pytest.mark.parametrize(("model", "context", "expected"), CACHES)
def test_sliding_layers_keep_their_window_only(model: str, context: int, expected: int) -> None:
    assert plan(shape(model), "bf16", context).cache == expected


BEST = [
    # GB on each GPU, best precision of the 27B, of the 4B
    ((4,), None, None),
    ((6,), None, "4bit"),
    ((8,), None, "8bit"),
    ((16,), None, "bf16"),
    ((24,), "4bit", "bf16"),
    ((32,), "4bit", "bf16"),
    ((48,), "8bit", "bf16"),
    ((80,), "bf16", "bf16"),
    ((141,), "bf16", "bf16"),
    ((16, 16), "4bit", "bf16"),
    ((24, 24), "8bit", "bf16"),
    ((24, 24, 24, 24), "bf16", "bf16"),
    ((2, 80), "bf16", "bf16"),
    ((0.5, 24), "4bit", "bf16"),
    ((), None, None),
]


@pytest.mark.parametrize(("cards", "large", "small"), BEST)
def test_the_best_precision_for_gpus_together(
    cards: tuple[float, ...], large: str | None, small: str | None
) -> None:
    free = [int(card * GB) for card in cards]
    assert best_precision("medgemma-27b", free) == large
    assert best_precision("medgemma-4b", free, CONTEXT) == small


def test_several_gpus_need_head_room_each_and_never_share_a_layer() -> None:
    planned = plan(shape(M27), "bf16", CONTEXT)
    one = planned.total
    assert planned.fits([one])
    assert not planned.fits([one - 1])
    assert not planned.fits([one // 2, one // 2 + 1])
    more = 800_000_000 + planned.layer
    assert planned.fits([one // 2, one - one // 2 + more])
    assert planned.layer == planned.weights // 62


def test_a_wish_for_one_precision_is_kept() -> None:
    assert best_fitting(shape(M4), [16 * GB], CONTEXT, ("4bit",)) == "4bit"


def test_the_parts_add_up() -> None:
    for precision in PRECISIONS:
        planned = plan(shape(M27), precision, CONTEXT)
        assert planned.total == planned.weights + planned.cache + planned.head_room
        assert 1 * GB < planned.head_room < 5 * GB
