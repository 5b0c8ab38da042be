"""What torch, transformers and the hub raise -> one sentence that says what it was and what to do.

What a library wrote is shown only while a model is opened: later it could quote a prompt.
"""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from jinja2 import TemplateError

from agent.models.failures import ModelFailure

LESS = "--precision 4bit or a shorter --context needs less; fhir-assistant doctor shows what fits"
_MEMORY = re.compile(r"out of memory|can't allocate memory|CUBLAS_STATUS_ALLOC_FAILED", re.IGNORECASE)


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error of torch means that memory ran out, on the GPU or off it."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and bool(_MEMORY.search(str(error)))


@contextmanager
def guard(name: str) -> Iterator[None]:
    """Turn what a model raises while it answers into `ModelFailure`.

    That is: memory that ran out, `RuntimeError` of torch (a GPU that is gone, a kernel that failed), and
    `TemplateError` of the chat template.

    Args:
        name: of the model.

    Raises:
        ModelFailure: one of these came.
    """
    try:
        yield
    except TemplateError as error:
        sentence = f"The chat template of {name} does not take this conversation."
        raise ModelFailure("no chat model", sentence) from error
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            free(error)
            raise ModelFailure("memory", f"{name} ran out of memory: {LESS}") from None
        sentence = f"{name} broke off with a {type(error).__name__}; type: fhir-assistant doctor"
        raise ModelFailure("nonsense", sentence) from error


def free(error: BaseException) -> None:
    """Give back to the GPU what the calls that failed still held, and what torch keeps for later."""
    traceback.clear_frames(error.__traceback__)
    if torch.accelerator.is_available():
        torch.accelerator.memory.empty_cache()


def first_line(error: BaseException) -> str:
    """Return what an error says, one line of it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(".")
