"""A model's shape, a precision and a context -> the memory that one conversation takes on GPUs, and what fits.

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

Left out: images (0.2 GB for one), batches of questions, which take what is left, and an endpoint, whose server
plans its own memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.models.machine.shapes import Shape
from agent.models.options import Precision

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
