"""A model's name -> what of its weights is on this machine, and the memory that one conversation with it takes.

Complete is what can be loaded: the configuration, a tokenizer and every safetensors file that the index names, each
as long as its own head says; weights in other forms can run code and are not loaded. Nobody is asked. What decides
about memory is stored for the MedGemma models (configurations.toml); of any other model it is counted from its own
config.json on the meta device, where tensors have a shape and no content, or told by the head of its .gguf file.

Weights: bf16 takes 2 bytes a parameter. bitsandbytes quantises the linear layers alone, without the output layer:
8-bit takes 1 byte and a float32 for each output, 4-bit with nested quantisation half a byte, a byte for each block
of 64 and a float32 for each 256 of these; embeddings, norms and the output layer stay in bf16
(https://huggingface.co/docs/transformers/quantization/bitsandbytes). A processor works in float32.

Cache: keys and values in bf16; layers with full attention keep the whole context, sliding ones their window.

Head-room:
  - 0.8 GB on each GPU for the CUDA context, kernels and libraries; PyTorch alone was seen to take 781 MiB
    (https://github.com/pytorch/pytorch/issues/34323), less where kernels are loaded when they are first used;
  - what comes and goes while the prompt is read, READ_AT_ONCE tokens at a time: keys and values of those tokens in
    the sliding layers, three rows of the MLP or the keys and values of all heads, four of the hidden width, two
    masks of one byte and their bf16 copy; within a tenth of the tensors alive in a forward pass (a test measures
    them);
  - beginnings of prompts that are kept to be used again, KEPT tokens in all layers;
  - quantised only, the largest layer once more in bf16, as it is multiplied;
  - a tenth of cache and passing tensors, for blocks of the allocator that stay partly empty, which is enough where
    torch may grow them in place (`agent.models.local` has it do so);
  - on several GPUs, one layer for each but the first: a layer is never cut in two.

Measured on one H100 of 80 GB, MedGemma 27B's text model with random weights in bf16, torch kept to what is planned:
it runs at 8 192 tokens in 58.2 GB (58.5 planned) and at 32 768 in 61.3 (61.3). 8-bit and 4-bit were not measured.

Left out: whether the content of weights is sound, images (0.2 GB for one), and an endpoint, whose server plans its own
memory.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from agent.models.failures import ModelFailure
from agent.models.machine.hardware import COUNTING, Hub, Machine, this_machine
from agent.models.names import ModelName, understand
from agent.models.options import ModelOptions, Precision

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

State = Literal["there", "incomplete", "absent"]
GB = 10**9
CARDS = (16, 24, 48, 80, 141)
"""Memory of common GPUs in GB of 10^9 bytes: each that is sold under this number has at least that."""
PRECISIONS: tuple[Precision, ...] = ("bf16", "8bit", "4bit")
"""The best first."""
READ_AT_ONCE = 2048
"""Tokens of a prompt that a local model reads at once: without a limit, sliding layers hold all of it."""
KEPT = 2048
"""Tokens of beginnings of prompts that a local model keeps, together."""
_RUNTIME = 800_000_000
_SLACK = 0.1
_BLOCK, _BLOCKS = 64, 256
_INDEX, _SINGLE = "model.safetensors.index.json", "model.safetensors"
_SETTINGS = ("config.json", "tokenizer_config.json")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")
_TEMPLATES = ("chat_template.jinja", "chat_template.json")
_LENGTH = 8
"""Bytes before the head of a safetensors file, which tell how long the head is."""
_SLIDING_RUN = 6
"""Gemma 3: of six layers in turn, the last one has full attention; a .gguf file does not say it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What there is of a model on this machine.

    Attributes:
        state: "there" if it can be loaded.
        folder: where its configuration lies or would lie; of a .gguf file the file; None if nothing is there.
        whole: files of weights that are complete.
        files: files of weights altogether, 0 if not known.
        size: bytes of weights that are there.
        missing: names of what is missing besides weights.
        chat: whether it knows conversations, so far as can be told.
        pictures: whether it reads pictures, so far as can be told.
        shape: what the head of a .gguf file tells, if it can be read.
    """

    state: State
    folder: Path | None = None
    whole: int = 0
    files: int = 0
    size: int = 0
    missing: tuple[str, ...] = ()
    chat: bool = True
    pictures: bool = False
    shape: Shape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a model takes; sizes in bytes.

    Attributes:
        precision: of the weights.
        context: tokens of prompt and answer together.
        weights: of the whole model.
        cache: keys and values of the whole context.
        passing: what comes and goes or is kept to be used again, and the slack.
        layer: weights of one layer.
    """

    precision: Precision
    context: int
    weights: int
    cache: int
    passing: int
    layer: int

    @property
    def head_room(self) -> int:
        """What is kept free on one GPU besides weights and cache."""
        return _RUNTIME + self.passing

    @property
    def total(self) -> int:
        """What it takes on one GPU."""
        return self.weights + self.cache + self.head_room

    @property
    def processor(self) -> int:
        """What it takes where the processor does it all, in float32."""
        return 2 * (self.total - _RUNTIME)

    def fits(self, free: Sequence[int]) -> bool:
        """Tell whether it fits GPUs with so many free bytes; their sum counts, as layers are spread."""
        usable = [space - _RUNTIME for space in free if space > _RUNTIME]
        needed = self.total - _RUNTIME + self.layer * max(len(usable) - 1, 0)
        return needed <= sum(usable)


def weights_of(name: ModelName, hub: Hub) -> Weights:
    """Return what there is of a hub's model, a folder or a .gguf file."""
    if name.kind == "gguf":
        return _of_gguf(Path(name.where).expanduser())
    if name.kind == "folder":
        return _of_folder(Path(name.where).expanduser())
    return _of_hub(hub.folder(name.where))


def told(weights: Weights, size: int) -> str:
    """Return what there is in words, after "the weights are"; `size` bytes altogether, 0 if not known."""
    there = gigabytes(weights.size)
    if weights.state == "there":
        return f"complete, {there}"
    if weights.state == "absent":
        return "not on this machine"
    lacking = list(weights.missing)
    if weights.files == 0 or weights.whole < weights.files:
        files = f"{weights.whole} of {weights.files} files" if weights.files else "no whole file"
        lacking.insert(0, f"{files}, {there} of {gigabytes(size)}" if size else f"{files}, {there}")
    if weights.missing:
        lacking[-1] += " is missing" if len(weights.missing) == 1 else " are missing"
    return "incomplete: " + " and ".join(lacking)


def damage(folder: Path) -> str:
    """Return what is wrong with the checkpoint in a folder, in words that go into a sentence; "" if nothing is."""
    for name in _SETTINGS:
        if not _json(folder / name):
            there = (folder / name).is_file()
            return f"{name} is no JSON object with settings" if there else f"{name} is missing"
    names = _weight_files(folder) or [_SINGLE]
    return next((wrong for name in names if (wrong := _damaged(folder / name))), "")


def shape_of(machine: Machine, name: ModelName, weights: Weights) -> Shape | None:
    """Return a model's shape; None where it cannot be known here: no configuration, or no torch to count it.

    Raises:
        ModelFailure: its configuration is not one of a model that can be run.
    """
    known = known_shape(name.where) or weights.shape
    if known or name.kind == "gguf" or weights.folder is None or "config.json" in weights.missing:
        return known
    if machine.packages.lacking(COUNTING):
        return None
    try:
        return own_shape(weights.folder)
    except (OSError, ValueError, AttributeError) as error:
        said = " ".join(str(error).split())[:200].rstrip(".")
        sentence = f"{name.name} cannot run here: its config.json is none of a language model ({said})."
        raise ModelFailure("no chat model", sentence) from error


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


def count(config: "PreTrainedConfig") -> Shape:
    """Return the shape of the model that a configuration describes, built on the meta device."""
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

    kind = AutoModelForImageTextToText if hasattr(config, "vision_config") else AutoModelForCausalLM
    with torch.device("meta"):
        model = kind.from_config(config)  # type: ignore[no-untyped-call]
    model.tie_weights()
    kept = {id(model.get_output_embeddings())}
    linear = [part for part in model.modules() if isinstance(part, torch.nn.Linear) and id(part) not in kept]
    sizes = [part.weight.numel() for part in linear]
    text = config.get_text_config()
    kinds = getattr(text, "layer_types", None) or ["full_attention"] * text.num_hidden_layers
    sliding = kinds.count("sliding_attention")
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    return Shape(
        linear=sum(sizes),
        other=sum(part.numel() for part in model.parameters()) - sum(sizes),
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


def gguf_shape(file: Path) -> Shape | None:
    """Return the shape of the model in a .gguf file, None if it is no such file, or not whole; takes seconds.

    transformers turns its weights into bf16, so that nothing is counted as quantised.

    Raises:
        ImportError: gguf is not installed.
    """
    from gguf import GGUFReader

    try:
        reader = GGUFReader(file)
        kind = reader.fields["general.architecture"].contents()
        told = {name.removeprefix(f"{kind}."): field for name, field in reader.fields.items()}
        layers, hidden, heads, inner = (
            int(told[name].contents())
            for name in ("block_count", "embedding_length", "attention.head_count", "feed_forward_length")
        )
    except (ValueError, LookupError, OverflowError):
        return None

    def number(name: str, otherwise: int) -> int:
        return int(told[name].contents()) if name in told else otherwise

    head = number("attention.key_length", hidden // heads)
    sliding = layers - layers // _SLIDING_RUN if kind == "gemma3" else 0
    return Shape(
        linear=0,
        other=sum(int(tensor.n_elements) for tensor in reader.tensors),
        rows=0,
        largest=0,
        layers=layers,
        full=layers - sliding,
        sliding=sliding,
        window=number("attention.sliding_window", 0),
        cached=2 * head * number("attention.head_count_kv", heads),
        hidden=hidden,
        inner=inner,
        heads=heads * head,
    )


def plan(shape: Shape, precision: Precision, context: int) -> Plan:
    """Return what a model takes in a precision, which is not "auto", at a context in tokens."""
    weights = _weights(shape, precision)
    cache = _cache(shape, context)
    passing = _passing(shape, context) + (0 if precision == "bf16" else 2 * shape.largest)
    slack = round(_SLACK * (cache + passing))
    return Plan(
        precision=precision,
        context=context,
        weights=weights,
        cache=cache,
        passing=passing + slack + 2 * shape.cached * shape.layers * KEPT,
        layer=weights // max(shape.layers, 1),
    )


def best_fitting(
    shape: Shape, free: Sequence[int], context: int, precisions: Sequence[Precision] = PRECISIONS
) -> Precision | None:
    """Return the first precision that fits GPUs with so many free bytes, None if none does."""
    return next((one for one in precisions if plan(shape, one, context).fits(free)), None)


def precisions_of(name: ModelName, options: ModelOptions) -> tuple[Precision, ...]:
    """Return the precisions to try on GPUs, the best first."""
    if name.kind == "gguf":
        return ("bf16",)
    return PRECISIONS if options.precision == "auto" else (options.precision,)


def best_precision(
    model: str | Shape, gpu_bytes: int | Sequence[int], context: int = ModelOptions().context
) -> Precision | None:
    """Return the best precision of a model that fits GPUs with so many free bytes; None if none does.

    Args:
        model: a model string, or the shape of a model. One that is no MedGemma is counted from its own
            configuration, which takes seconds.
        gpu_bytes: of one GPU, or of each.
        context: tokens of prompt and answer together.

    Raises:
        BadArgument: the string names no model.
        ModelFailure: its configuration is not here, or is no use.
    """
    free = (gpu_bytes,) if isinstance(gpu_bytes, int) else tuple(gpu_bytes)
    if isinstance(model, Shape):
        return best_fitting(model, free, context)
    name, machine = understand(model), this_machine()
    shape = shape_of(machine, name, weights_of(name, machine.hub))
    if shape is None:
        raise ModelFailure(
            "no weights", f"{name.name}: its configuration, or torch to count it, is not here."
        )
    return best_fitting(shape, free, context, precisions_of(name, ModelOptions()))


def gigabytes(size: int) -> str:
    """Return a size in words.

    >>> gigabytes(54_864_813_280)
    '54.9 GB'
    """
    return f"{size / GB:.1f} GB"


def _of_gguf(file: Path) -> Weights:
    try:
        shape = gguf_shape(file)
    except ImportError:  # whoever runs it is told to install gguf
        return Weights(state="there", folder=file, whole=1, files=1, size=file.stat().st_size)
    state: State = "there" if shape else "incomplete"
    size = file.stat().st_size
    return Weights(state=state, folder=file, whole=int(bool(shape)), files=1, size=size, shape=shape)


def _of_hub(download: Path) -> Weights:
    if not download.is_dir():
        return Weights(state="absent")
    begun = list(download.glob("blobs/*.incomplete"))
    reference = download / "refs" / "main"
    snapshot = download / "snapshots" / (reference.read_text("utf-8").strip() if reference.is_file() else "-")
    found = _of_folder(snapshot) if snapshot.is_dir() else Weights(state="absent")
    if found.state == "there" or (found.state == "absent" and not begun):
        return found
    begun_size = sum(file.stat().st_size for file in begun)
    return replace(found, state="incomplete", size=found.size + begun_size)


def _of_folder(folder: Path) -> Weights:
    names = _weight_files(folder)
    there = [folder / name for name in names if (folder / name).is_file()]
    whole = [file for file in there if not _damaged(file)]
    missing = tuple(_missing(folder))
    state: State = "there" if names and len(whole) == len(names) and not missing else "incomplete"
    return Weights(
        state=state,
        folder=folder,
        whole=len(whole),
        files=len(names),
        size=sum(file.stat().st_size for file in there),
        missing=missing,
        chat=state == "incomplete" or _has_template(folder),
        pictures="vision_config" in _json(folder / "config.json"),
    )


def _weight_files(folder: Path) -> list[str]:
    """Return the names of all files of weights; none if nothing tells them."""
    if places := _json(folder / _INDEX).get("weight_map"):
        return sorted(set(places.values()))
    return [_SINGLE] if (folder / _SINGLE).is_file() else []


def _missing(folder: Path) -> Iterator[str]:
    yield from (name for name in _SETTINGS if not _json(folder / name))
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        yield _TOKENIZERS[0]


def _has_template(folder: Path) -> bool:
    if any((folder / name).is_file() for name in _TEMPLATES):
        return True
    return bool(_json(folder / "tokenizer_config.json").get("chat_template"))


def _damaged(file: Path) -> str:
    """Return what is wrong with a file of weights, whose head tells how long it has to be; "" if nothing is."""
    if not file.is_file():
        return f"{file.name} is missing"
    size = file.stat().st_size
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(_LENGTH), "little")
        try:
            head = json.loads(opened.read(length) if length < size else b"")
            ends = [part["data_offsets"][1] for name, part in head.items() if name != "__metadata__"]
        except (ValueError, KeyError):
            return f"{file.name} is no safetensors file"
    whole = _LENGTH + length + max(ends, default=0)
    return "" if size >= whole else f"{file.name} ends after {size:,} of {whole:,} bytes"


def _json(file: Path) -> Mapping[str, Any]:
    """Return the object in a file; {} if it is not there or not whole."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _weights(shape: Shape, precision: Precision) -> int:
    if precision == "8bit":
        return shape.linear + 4 * shape.rows + 2 * shape.other
    if precision == "4bit":
        blocks = shape.linear // _BLOCK
        return shape.linear // 2 + blocks + 4 * blocks // _BLOCKS + 2 * shape.other
    return 2 * shape.parameters


def _cache(shape: Shape, context: int) -> int:
    return 2 * shape.cached * (shape.full * context + shape.sliding * min(context, shape.window))


def _passing(shape: Shape, context: int) -> int:
    """Return the most that is alive besides weights and cache while a prompt as long as the context is read."""
    read = min(context, READ_AT_ONCE)
    beyond = min(context, shape.window + read) - min(context, shape.window)
    in_mlp = 3 * shape.inner * read
    in_attention = shape.heads * (2 * context + 3 * read)
    rows = max(in_mlp, in_attention) + 4 * shape.hidden * read
    return 2 * (shape.cached * shape.sliding * beyond + rows) + 4 * read * context


@cache
def _stored() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("configurations.toml").read_text(encoding="utf-8"))
