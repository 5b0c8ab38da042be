"""A model's configuration -> the numbers that decide about its memory.

Those of the MedGemma models are stored beside their configurations (configurations.toml), so that nothing heavy is
imported for them; of any other model they are counted from its own config.json on the meta device, where tensors
have a shape and no content.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch.nn import Module
    from transformers import PreTrainedConfig, PreTrainedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What decides about a model's memory; the fields are explained in configurations.toml."""

    linear: int
    other: int
    rows: int
    largest: int
    layers: int
    full: int
    sliding: int
    window: int
    cached: int
    hidden: int
    inner: int
    heads: int

    @property
    def parameters(self) -> int:
        """All parameters, those that are shared counted once."""
        return self.linear + self.other


def known_shape(hub_id: str) -> Shape | None:
    """Return the stored shape of a MedGemma model, None for any other."""
    model = _stored()["models"].get(hub_id)
    return Shape(**model["count"]) if model else None


def own_shape(folder: Path) -> Shape:
    """Return the shape of a model from its folder's config.json, counted on the meta device.

    Takes seconds: imports torch and transformers.

    Raises:
        ImportError: torch or transformers is not installed.
        OSError, ValueError: its configuration cannot be read or is not one that transformers knows.
    """
    from transformers import AutoConfig

    return count(AutoConfig.from_pretrained(folder, local_files_only=True))


def configuration(hub_id: str) -> "PreTrainedConfig":
    """Return the stored configuration of a MedGemma model as transformers has it."""
    from transformers import Gemma3Config, Gemma3TextConfig

    stored = _stored()
    model, parts = stored["models"][hub_id], stored["parts"]
    text = {**parts[model["text"]], "vocab_size": model["vocab_size"]}
    if "vision" not in model:
        return Gemma3TextConfig(**text)
    return Gemma3Config(text_config=text, vision_config=dict(parts[model["vision"]]))


def count(config: "PreTrainedConfig") -> Shape:
    """Return the shape of the model that a configuration describes, built on the meta device."""
    import torch

    with torch.device("meta"):
        model = _empty(config)
    model.tie_weights()
    kept = {id(model.get_output_embeddings())}  # type: ignore[no-untyped-call]
    linear = [part for part in model.modules() if isinstance(part, torch.nn.Linear) and id(part) not in kept]
    sizes = [part.weight.numel() for part in linear]
    text = config.get_text_config()
    kinds = getattr(text, "layer_types", None) or ["full_attention"] * text.num_hidden_layers
    sliding = kinds.count("sliding_attention")
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    return Shape(
        linear=sum(sizes),
        other=_parameters(model) - sum(sizes),
        rows=sum(part.out_features for part in linear),
        largest=max(sizes),
        layers=len(kinds),
        full=len(kinds) - sliding,
        sliding=sliding,
        window=(getattr(text, "sliding_window", None) or 0) if sliding else 0,
        cached=2 * heads * head,
        hidden=text.hidden_size,
        inner=getattr(text, "intermediate_size", None) or 4 * text.hidden_size,
        heads=text.num_attention_heads * head,
    )


def _empty(config: "PreTrainedConfig") -> "PreTrainedModel":
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    kind = AutoModelForImageTextToText if hasattr(config, "vision_config") else AutoModelForCausalLM
    model: PreTrainedModel = kind.from_config(config)  # type: ignore[no-untyped-call]
    return model


def _parameters(model: "Module") -> int:
    """Return how many parameters a model has; `parameters()` gives a shared one once."""
    return sum(part.numel() for part in model.parameters())


@cache
def _stored() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("configurations.toml").read_text(encoding="utf-8"))
