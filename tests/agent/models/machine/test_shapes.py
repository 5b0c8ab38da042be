"""The stored numbers of the MedGemma models, against their configurations on the meta device."""

import json
from pathlib import Path

import pytest

from agent.models.failures import ModelFailure
from agent.models.machine.memory import Shape, best_precision, count, known_shape, own_shape
from agent.models.names import MEDGEMMA
from tests.agent.models.machine.machines import GB, configuration, fill

PARAMETERS = {
    "google/medgemma-27b-it": 27_432_406_640,
    "google/medgemma-27b-text-it": 27_009_002_240,
    "google/medgemma-1.5-4b-it": 4_300_079_472,
    "google/medgemma-4b-it": 4_300_079_472,
}
TINY = {
    "model_type": "gemma3_text",
    "hidden_size": 8,
    "num_hidden_layers": 7,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 4,
    "intermediate_size": 16,
    "sliding_window": 32,
    "vocab_size": 10,
}


def test_every_medgemma_is_known() -> None:
    assert set(MEDGEMMA.values()) == set(PARAMETERS)
    assert known_shape("google/gemma-3-27b-it") is None


@pytest.mark.parametrize("model", PARAMETERS)
def test_the_stored_counts_are_those_of_the_configuration(model: str) -> None:
    counted = count(configuration(model))
    assert counted == known_shape(model)
    assert counted.parameters == PARAMETERS[model]


def test_the_27b_has_27_4_billion_parameters() -> None:
    known = known_shape("google/medgemma-27b-it")
    assert known
    assert known.parameters == pytest.approx(27.4e9, rel=0.01)


def test_linear_layers_are_those_that_would_be_quantised() -> None:
    import torch
    from transformers import AutoModelForImageTextToText
    from transformers.quantizers.base import get_keys_to_not_convert

    config = configuration("google/medgemma-4b-it")
    with torch.device("meta"):
        model = AutoModelForImageTextToText.from_config(config)
    kept = get_keys_to_not_convert(model)
    layers = {name: part for name, part in model.named_modules() if isinstance(part, torch.nn.Linear)}
    quantised = sum(part.weight.numel() for name, part in layers.items() if name not in kept)
    assert quantised == count(config).linear


def test_another_model_is_counted_from_its_own_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(TINY))
    layer = 8 * 8 + 2 * 8 * 4 + 8 * 8 + 3 * 8 * 16  # query, key and value, output, MLP
    assert own_shape(tmp_path) == Shape(
        linear=7 * layer,
        other=10 * 8 + 8 + 7 * (4 * 8 + 2 * 4),  # embeddings, last norm, norms of the layers
        rows=7 * (8 + 4 + 4 + 8 + 16 + 16 + 8),
        largest=8 * 16,
        layers=7,
        full=1,
        sliding=6,
        window=32,
        cached=8,
        hidden=8,
        inner=16,
        heads=8,
    )


def test_a_folder_fits_by_its_own_configuration(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(TINY))
    assert best_precision(str(tmp_path), 16 * GB) == "bf16"
    assert best_precision(str(tmp_path), GB // 2) is None


def test_a_configuration_of_something_else_is_refused(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "clip"}')
    with pytest.raises(ModelFailure, match="its config.json is none of a language model") as raised:
        best_precision(str(tmp_path), 16 * GB)
    assert raised.value.why == "no chat model"
