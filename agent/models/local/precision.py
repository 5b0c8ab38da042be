"""The precision that is wished for -> how transformers is to load the weights on this machine.

Matrix products in bf16 are a GPU's; a processor is faster, and exact, in float32. The weights of a .gguf file are
unpacked while they are read: transformers keeps those of Gemma 3 packed on no machine.
"""

from importlib.util import find_spec
from typing import Any

import torch
from transformers import BitsAndBytesConfig

from agent.models.failures import ModelFailure
from agent.models.names import ModelName
from agent.models.options import ModelOptions, Precision

_BITS = {"8bit": "8-bit", "4bit": "4-bit"}


def fitting(name: ModelName, options: ModelOptions) -> Precision:
    """Return the precision that was wished for; of "auto", the best that fits the GPUs as they are now.

    Raises:
        ModelFailure: none does.
    """
    if options.precision != "auto" or name.kind == "gguf" or not torch.cuda.is_available():
        return options.precision
    from agent.models.machine.judging import best_precision

    free = [torch.cuda.mem_get_info(gpu)[0] for gpu in range(torch.cuda.device_count())]
    best = best_precision(name.where, free, options.context)
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
    if precision in _BITS:
        if gguf:
            wish = f"for {_BITS[precision]}, name the model of the hub"
            sentence = f"{name} is unpacked to bf16 while it is read; {wish}."
            raise ModelFailure("memory", sentence)
        return {"dtype": torch.bfloat16, "quantization_config": _quantized(name, precision, gpu=gpu), **where}
    exact = not gpu and precision == "auto"
    return {"dtype": torch.float32 if exact else torch.bfloat16, **where}


def _quantized(name: str, precision: Precision, *, gpu: bool) -> BitsAndBytesConfig:
    if not gpu:
        sentence = f"{name} in {_BITS[precision]} needs a GPU, and none is here; type: --precision auto"
        raise ModelFailure("not installed", sentence)
    if find_spec("bitsandbytes") is None:
        sentence = f"{name} in {_BITS[precision]} needs bitsandbytes; type: pip install bitsandbytes"
        raise ModelFailure("not installed", sentence)
    if precision == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)  # type: ignore[no-untyped-call]
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
