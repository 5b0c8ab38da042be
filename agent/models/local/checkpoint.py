"""A folder or .gguf file -> a model that is ready to generate, with its tokenizer or processor.

What decides whether it is a chat model is looked at before the weights are read. Left out: checkpoints with code of
their own, which would be run.
"""

import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from transformers import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING,
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    ProcessorMixin,
)
from transformers.integrations.gguf.reader import read_gguf_metadata

from agent.models.failures import ModelFailure
from agent.models.local.lacking import lacking
from agent.models.local.precision import placed
from agent.models.local.trouble import LESS, first_line, free, out_of_memory
from agent.models.local.vocabulary import Vocabulary, vocabulary_of
from agent.models.local.whole import damage
from agent.models.options import Precision, Thinking

_UNREADABLE = (OSError, ValueError, LookupError, RuntimeError, MemoryError, SafetensorError, struct.error)
"""What transformers, safetensors and gguf raise about files that are no checkpoint, or one cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model that is ready to generate.

    Attributes:
        name: as answers report it.
        model: on its devices, in its precision.
        vocabulary: of its tokenizer.
        processor: takes pictures; None if the model reads text only.
    """

    name: str
    model: PreTrainedModel
    vocabulary: Vocabulary
    processor: ProcessorMixin | None

    @property
    def longest(self) -> int:
        """Tokens that the model was made for, as many as there are if it does not say."""
        return int(getattr(self.model.config.get_text_config(), "max_position_embeddings", sys.maxsize))


@dataclass(frozen=True, slots=True)
class _Place:
    folder: Path
    file: str | None

    @property
    def wanted(self) -> dict[str, Any]:
        """How transformers is told where to look."""
        packed = {} if self.file is None else {"gguf_file": self.file}
        alone = {"local_files_only": True, "trust_remote_code": False}
        return {"pretrained_model_name_or_path": str(self.folder), **alone, **packed}


def load(
    path: Path, name: str, precision: Precision, *, thinking: Thinking, tell: Callable[[str], None]
) -> Checkpoint:
    """Return the model in a folder or .gguf file.

    Args:
        path: the folder, or the file.
        name: as answers report it.
        precision: of the weights; "auto" is bf16 on a GPU and float32 off it.
        thinking: with "on" its vocabulary has to mark thoughts.
        tell: hears what is read.

    Raises:
        ModelFailure: it is not whole, no chat model, does not fit, or a package is missing.
    """
    place = _Place(path, None) if path.is_dir() else _Place(path.parent, path.name)
    with _opening(name):
        _whole(place, name)
        config = AutoConfig.from_pretrained(**place.wanted)
        pictures = _reads_pictures(config, name)
        processor = _processor(place, name) if pictures else None
        tokenizer = processor.tokenizer if processor else AutoTokenizer.from_pretrained(**place.wanted)
        vocabulary = _vocabulary(place, name, config, tokenizer, processor)
        if thinking == "on" and not vocabulary.thinks:
            sentence = f"{name} cannot think: its vocabulary has no <unused94> and <unused95>."
            raise ModelFailure("no chat model", sentence)
        tell(f"Reading the weights of {name}.")
        kind = AutoModelForImageTextToText if pictures else AutoModelForCausalLM
        model = _model(kind, place, name, config, placed(name, precision, gguf=place.file is not None))
    model.generation_config = _greedy(tokenizer, vocabulary, thinking=thinking != "off")
    return Checkpoint(name=name, model=model, vocabulary=vocabulary, processor=processor)


def _whole(place: _Place, name: str) -> None:
    """Look at what can be seen without reading it all, since half of a large file takes minutes to read."""
    if place.file is None:
        if wrong := damage(place.folder):
            raise ModelFailure("no weights", f"The checkpoint {name} is not whole: {wrong}.")
    elif "tokenizer.chat_template" not in read_gguf_metadata(str(place.folder / place.file))[0]:
        raise _no_template(name)


def _reads_pictures(config: PreTrainedConfig, name: str) -> bool:
    pictures = type(config) in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING
    if not pictures and type(config) not in MODEL_FOR_CAUSAL_LM_MAPPING:
        raise ModelFailure("no chat model", f"{name} is a {config.model_type}, which does not write text.")
    return pictures


def _processor(place: _Place, name: str) -> ProcessorMixin:
    if find_spec("PIL") is None:
        raise lacking(name, "pillow")
    return AutoProcessor.from_pretrained(**place.wanted)  # type: ignore[no-any-return, no-untyped-call]


def _vocabulary(
    place: _Place,
    name: str,
    config: PreTrainedConfig,
    tokenizer: PreTrainedTokenizerBase,
    processor: ProcessorMixin | None,
) -> Vocabulary:
    tokenizer.chat_template = tokenizer.chat_template or getattr(processor, "chat_template", None)
    if not tokenizer.chat_template:
        raise _no_template(name)
    ends = [config.get_text_config().eos_token_id, tokenizer.eos_token_id]
    if (place.folder / "generation_config.json").is_file() and place.file is None:
        ends.append(GenerationConfig.from_pretrained(str(place.folder)).eos_token_id)
    return vocabulary_of(tokenizer, _flat(ends))


def _no_template(name: str) -> ModelFailure:
    wish = "take one that is tuned for instructions (often named …-it or …-instruct)"
    return ModelFailure("no chat model", f"{name} has no chat template, so it is no chat model: {wish}.")


def _flat(ends: list[Any]) -> set[int]:
    listed = [end if isinstance(end, list) else [end] for end in ends]
    return {token for tokens in listed for token in tokens if token is not None}


def _model(
    kind: Any, place: _Place, name: str, config: PreTrainedConfig, how: Mapping[str, Any]
) -> PreTrainedModel:
    model, loaded = kind.from_pretrained(**place.wanted, config=config, **how, output_loading_info=True)
    if missing := sorted(loaded["missing_keys"]):
        # transformers would fill them with random numbers.
        raise ModelFailure("no weights", f"The checkpoint {name} is not whole: it lacks {missing[0]}.")
    devices = {str(device) for device in getattr(model, "hf_device_map", {}).values()}
    if len(devices) > 1 and devices & {"cpu", "disk"}:
        raise ModelFailure("memory", f"{name} does not fit into the GPU: {LESS}")
    return model  # type: ignore[no-any-return]


def _greedy(
    tokenizer: PreTrainedTokenizerBase, vocabulary: Vocabulary, *, thinking: bool
) -> GenerationConfig:
    """Return greedy decoding up to the end of the turn, whatever the checkpoint came with."""
    return GenerationConfig(  # type: ignore[no-untyped-call]
        do_sample=False,
        eos_token_id=sorted(vocabulary.stops),
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=min(vocabulary.stops) if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        suppress_tokens=None if thinking or not vocabulary.marks else vocabulary.marks,
    )


@contextmanager
def _opening(name: str) -> Iterator[None]:
    """Turn what goes wrong while a model is opened into one sentence."""
    try:
        yield
    except ImportError as error:
        raise lacking(name, error.name or f"that is meant here: {first_line(error)}") from error
    except _UNREADABLE as error:
        if out_of_memory(error):
            free(error)
            raise ModelFailure("memory", f"{name} does not fit into memory: {LESS}") from None
        raise ModelFailure("no weights", f"{name} cannot be read as a model: {first_line(error)}.") from error
