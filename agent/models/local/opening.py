"""A model's name -> a checkpoint that is ready to generate: fetched, whole, a chat model, in a precision that fits.

What decides whether it is a chat model is looked at before the weights are read. Matrix products in bf16 are a GPU's;
a processor is faster, and exact, in float32. The weights of a .gguf file are unpacked while they are read:
transformers keeps those of Gemma 3 packed on no machine. Left out: checkpoints with code of their own, which would be
run.
"""

import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING,
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    BitsAndBytesConfig,
    GenerationConfig,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    ProcessorMixin,
)
from transformers.integrations.gguf.reader import read_gguf_metadata
from transformers.utils import logging

from agent.models.failures import ModelFailure, lacking
from agent.models.local.fetching import fetch
from agent.models.local.trouble import LESS, first_line, free, out_of_memory
from agent.models.local.vocabulary import Vocabulary, vocabulary_of
from agent.models.machine.memory import best_precision, damage
from agent.models.names import ModelName
from agent.models.options import ModelOptions, Precision

_BITS = {"8bit": "8-bit", "4bit": "4-bit"}
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


def opened(name: ModelName, options: ModelOptions, tell: Callable[[str], None]) -> Checkpoint:
    """Return the model of the hub, in a folder, or in a .gguf file.

    Args:
        name: of kind "hub", "folder" or "gguf".
        options: how it is run; a precision of "auto" is the best that fits the GPU, and float32 off it.
        tell: hears what is fetched and read.

    Raises:
        ModelFailure: it is not to be had, not whole, no chat model, does not fit, or a package is missing.
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    path = fetch(name.where, tell) if name.kind == "hub" else Path(name.where).expanduser()
    precision = fitting(name, options)
    place = _place(path)
    with _opening(name.name):
        _whole(path, name.name)
        config = AutoConfig.from_pretrained(**place)
        pictures = _reads_pictures(config, name.name)
        processor = AutoProcessor.from_pretrained(**place) if pictures else None  # type: ignore[no-untyped-call]
        tokenizer = processor.tokenizer if processor else AutoTokenizer.from_pretrained(**place)
        tokenizer.chat_template = tokenizer.chat_template or getattr(processor, "chat_template", None)
        if not tokenizer.chat_template:
            raise _no_template(name.name)
        vocabulary = vocabulary_of(tokenizer, _ends(path, config, tokenizer))
        if options.thinking == "on" and not vocabulary.marks:
            sentence = f"{name.name} cannot think: its vocabulary has no <unused94> and <unused95>."
            raise ModelFailure("no chat model", sentence)
        tell(f"Reading the weights of {name.name}.")
        how = placed(name.name, precision, gguf=not path.is_dir())
        model = _model(name.name, pictures=pictures, config=config, **place, **how)
    model.generation_config = _decoding(vocabulary, options)
    return Checkpoint(name=name.name, model=model, vocabulary=vocabulary, processor=processor)


def fitting(name: ModelName, options: ModelOptions) -> Precision:
    """Return the precision that was wished for; of "auto", the best that fits the GPUs as they are now.

    Raises:
        ModelFailure: none does.
    """
    if options.precision != "auto" or name.kind == "gguf" or not torch.cuda.is_available():
        return options.precision
    free_bytes = [torch.cuda.mem_get_info(gpu)[0] for gpu in range(torch.cuda.device_count())]
    best = best_precision(name.where, free_bytes, options.context)
    if best is None:
        sentence = f"{name.name} fits the GPU in no precision; type: fhir-assistant doctor"
        raise ModelFailure("memory", sentence)
    return best


def placed(name: str, precision: Precision, *, gguf: bool) -> dict[str, Any]:
    """Return the arguments of `from_pretrained` that say in what precision, and where.

    Args:
        name: of the model, for sentences.
        precision: "auto" is bf16 on a GPU and float32 off it.
        gguf: the weights come packed.

    Raises:
        ModelFailure: 8-bit or 4-bit without what it needs, or of a .gguf file.
    """
    gpu = torch.accelerator.is_available()
    where: dict[str, Any] = {"device_map": "auto"} if gpu else {}
    if precision not in _BITS:
        exact = not gpu and precision == "auto"
        return {"dtype": torch.float32 if exact else torch.bfloat16, **where}
    if gguf:
        wish = f"for {_BITS[precision]}, name the model of the hub"
        raise ModelFailure("memory", f"{name} is unpacked to bf16 while it is read; {wish}.")
    if not gpu:
        sentence = f"{name} in {_BITS[precision]} needs a GPU, and none is here; type: --precision auto"
        raise ModelFailure("not installed", sentence)
    if find_spec("bitsandbytes") is None:
        sentence = f"{name} in {_BITS[precision]} needs bitsandbytes; type: pip install bitsandbytes"
        raise ModelFailure("not installed", sentence)
    bits = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_8bit=precision == "8bit",
        load_in_4bit=precision == "4bit",
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    return {"dtype": torch.bfloat16, "quantization_config": bits, **where}


def _place(path: Path) -> dict[str, Any]:
    """Return how transformers is told where to look."""
    alone = {"local_files_only": True, "trust_remote_code": False}
    if path.is_dir():
        return {"pretrained_model_name_or_path": str(path), **alone}
    return {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name, **alone}


def _whole(path: Path, name: str) -> None:
    """Look at what can be seen without reading it all, since half of a large file takes minutes to read."""
    if path.is_dir():
        if wrong := damage(path):
            raise ModelFailure("no weights", f"The checkpoint {name} is not whole: {wrong}.")
    elif "tokenizer.chat_template" not in read_gguf_metadata(str(path))[0]:
        raise _no_template(name)


def _reads_pictures(config: PreTrainedConfig, name: str) -> bool:
    pictures = type(config) in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING
    if pictures and find_spec("PIL") is None:
        raise lacking(name, "pillow")
    if not pictures and type(config) not in MODEL_FOR_CAUSAL_LM_MAPPING:
        raise ModelFailure("no chat model", f"{name} is a {config.model_type}, which does not write text.")
    return pictures


def _no_template(name: str) -> ModelFailure:
    wish = "take one that is tuned for instructions (often named …-it or …-instruct)"
    return ModelFailure("no chat model", f"{name} has no chat template, so it is no chat model: {wish}.")


def _ends(path: Path, config: PreTrainedConfig, tokenizer: PreTrainedTokenizerBase) -> set[int]:
    """Return the tokens that end a text, by any of the configurations."""
    ends = [config.get_text_config().eos_token_id, tokenizer.eos_token_id]
    if (path / "generation_config.json").is_file():
        ends.append(GenerationConfig.from_pretrained(str(path)).eos_token_id)
    listed = [end if isinstance(end, list) else [end] for end in ends]
    return {token for tokens in listed for token in tokens if token is not None}


def _model(name: str, *, pictures: bool, **how: Any) -> PreTrainedModel:
    kind: Any = AutoModelForImageTextToText if pictures else AutoModelForCausalLM
    model, loaded = kind.from_pretrained(**how, output_loading_info=True)
    if missing := loaded["missing_keys"]:  # transformers would fill them with random numbers
        raise ModelFailure("no weights", f"The checkpoint {name} is not whole: it lacks {min(missing)}.")
    devices = {str(device) for device in getattr(model, "hf_device_map", {}).values()}
    if len(devices) > 1 and devices & {"cpu", "disk"}:
        raise ModelFailure("memory", f"{name} does not fit into the GPU: {LESS}")
    return model  # type: ignore[no-any-return]


def _decoding(vocabulary: Vocabulary, options: ModelOptions) -> GenerationConfig:
    """Return how it decodes, whatever the checkpoint came with: up to the end of the turn, greedily or drawn."""
    tokenizer = vocabulary.tokenizer
    drawn = {"do_sample": True, "temperature": options.temperature, "top_k": 0, "top_p": 1.0}
    return GenerationConfig(  # type: ignore[no-untyped-call]
        **(drawn if options.temperature > 0 else {"do_sample": False}),
        eos_token_id=sorted(vocabulary.stops),
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=min(vocabulary.stops) if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
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
