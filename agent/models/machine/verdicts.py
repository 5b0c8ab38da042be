"""One model and a machine -> whether it runs there, in which precision, and everything that is lacking.

The precisions are those of the loader: bf16 and quantised on GPUs; on a processor float32, unless bf16 is wished for;
a .gguf file becomes bf16.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.models.failures import ModelFailure
from agent.models.machine.gguf_file import gguf_shape
from agent.models.machine.hardware import Machine
from agent.models.machine.memory import PRECISIONS, best_fitting, plan
from agent.models.machine.packages import COUNTING, LOCAL
from agent.models.machine.shapes import Shape, known_shape, own_shape
from agent.models.machine.sizes import gigabytes
from agent.models.machine.steps import WITHOUT, Step, ask, fetch, install, serve, short
from agent.models.machine.weights import Weights, told, weights_of
from agent.models.names import ModelName
from agent.models.options import ModelOptions, Precision

Lack = Literal["", "gpu", "memory", "packages", "weights", "chat", "shape"]
_WORDS: dict[Precision, str] = {"bf16": "bf16", "8bit": "8-bit", "4bit": "4-bit", "auto": "float32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether one model can run on a machine.

    Attributes:
        name: which model.
        lack: what is lacking first, "" if it can run.
        reason: half a sentence: what is lacking, or how it runs.
        precision: the best that fits; as it was wished where none does, and on a processor.
        steps: what to do about everything that is lacking, or with a model that can run.
    """

    name: ModelName
    lack: Lack
    reason: str
    precision: Precision
    steps: tuple[Step, ...] = ()


def shape_of(machine: Machine, name: ModelName, weights: Weights) -> Shape | None:
    """Return a model's shape; None where it cannot be known here: no configuration, or no torch to count it.

    Raises:
        ModelFailure: its configuration is not one of a model that can be run.
    """
    if known := known_shape(name.where):
        return known
    if name.kind == "gguf":
        return gguf_shape(Path(name.where).expanduser()) if weights.state == "there" else None
    if weights.folder is None or "config.json" in weights.missing or machine.packages.lacking(COUNTING):
        return None
    try:
        return own_shape(weights.folder)
    except (OSError, ValueError, AttributeError) as error:
        said = " ".join(str(error).split())[:200].rstrip(".")
        sentence = f"{name.name} cannot run here: its config.json is none of a language model ({said})."
        raise ModelFailure("no chat model", sentence) from error


def precisions_of(name: ModelName, options: ModelOptions) -> tuple[Precision, ...]:
    """Return the precisions to try on GPUs, the best first."""
    if name.kind == "gguf":
        return ("bf16",)
    return PRECISIONS if options.precision == "auto" else (options.precision,)


def look_at(machine: Machine, name: ModelName, options: ModelOptions, blocked: str = "") -> Verdict:
    """Return whether a model can run: on the GPUs, or on the processor where the GPUs are blocked.

    Args:
        machine: where.
        name: of a model of the hub, a folder or a .gguf file.
        options: how it is to be run.
        blocked: why no GPU can be used, "" if one can.

    Raises:
        ModelFailure: its configuration is not one of a model that can be run.
    """
    weights = weights_of(name, machine.hub)
    case = _Case(machine, name, options, weights, shape_of(machine, name, weights))
    return case.on_processor(blocked) if blocked else case.on_gpus()


@dataclass(frozen=True, slots=True)
class _Case:
    machine: Machine
    name: ModelName
    options: ModelOptions
    weights: Weights
    shape: Shape | None

    def on_gpus(self) -> Verdict:
        free, context = self.machine.free, self.options.context
        tried = precisions_of(self.name, self.options)
        if self.shape is None:
            return self._lacking(tried[0]) or self._none("shape", "what memory it takes is not known")
        precision = best_fitting(self.shape, free, context, tried)
        if precision is None:
            return self._none("memory", self._too_large(self.shape, tried[-1]))
        if lacking := self._lacking(precision):
            return lacking
        needed = gigabytes(plan(self.shape, precision, context).total)
        spread = " together, over which its layers are spread" if len(free) > 1 else ""
        reason = (
            f"{self.name.name} in {_WORDS[precision]} takes {needed} of the {gigabytes(sum(free))} that are free on "
            f"{_gpus(self.machine)}{spread}"
        )
        serving = serve(self.name, context, len(free)) if self.name.kind == "hub" else ()
        return Verdict(
            name=self.name,
            lack="",
            reason=reason,
            precision=precision,
            steps=(ask(short(self.name)), *serving),
        )

    def on_processor(self, blocked: str) -> Verdict:
        wish, machine = self.options.precision, self.machine
        if wish in ("8bit", "4bit") and self.name.kind != "gguf":
            return self._none("gpu", f"{_WORDS[wish]} needs a GPU, and {blocked}")
        if self.shape is None:
            return self._lacking("bf16") or self._none("shape", "what memory it takes is not known")
        planned = plan(self.shape, "bf16", self.options.context).processor
        needed = planned // 2 if wish == "bf16" else planned
        if needed > machine.ram_free:
            free = gigabytes(machine.ram_free)
            reason = f"{blocked}, and on the processor it takes {gigabytes(needed)} of memory, of which {free} are free"
            return self._none("gpu", reason)
        if lacking := self._lacking("bf16"):
            return lacking
        reason = (
            f"{self.name.name} in {_WORDS['bf16' if wish == 'bf16' else 'auto']} takes {gigabytes(needed)} of the "
            f"{gigabytes(machine.ram_free)} of memory that are free, and is slow: {blocked}"
        )
        return Verdict(name=self.name, lack="", reason=reason, precision=wish, steps=(ask(short(self.name)),))

    def _none(self, lack: Lack, reason: str, steps: tuple[Step, ...] = WITHOUT) -> Verdict:
        return Verdict(
            name=self.name, lack=lack, reason=reason, precision=self.options.precision, steps=steps
        )

    def _lacking(self, precision: Precision) -> Verdict | None:
        """Return what is lacking though the memory would do, with a step for everything; None if nothing is."""
        found = [*self._lacks(precision)]
        if not found:
            return None
        doing = [step for _, _, steps in found for step in steps]
        reason = "; ".join(reason for _, reason, _ in found)
        return self._none(found[0][0], reason, (*doing, ask(short(self.name))) if doing else WITHOUT)

    def _lacks(self, precision: Precision) -> Iterator[tuple[Lack, str, tuple[Step, ...]]]:
        name, weights = self.name, self.weights
        if missing := self.machine.packages.lacking(self._needed(precision)):
            are = "are" if len(missing) > 1 else "is"
            yield "packages", f"{_listed(missing)} {are} not installed", (install(missing),)
        if weights.state != "there":
            size = 2 * self.shape.parameters if self.shape else 0
            steps = fetch(name, weights, self.machine, size) if name.kind == "hub" else ()
            yield "weights", f"the weights of {name.name} are {told(weights, size)}", steps
        elif not weights.chat:
            yield "chat", f"{name.name} has no chat template, so it is no chat model", ()

    def _needed(self, precision: Precision) -> Iterator[str]:
        yield from LOCAL
        if precision in ("8bit", "4bit"):
            yield "bitsandbytes"
        if self.weights.pictures:
            yield "pillow"
        if self.name.kind == "gguf":
            yield "gguf"

    def _too_large(self, shape: Shape, precision: Precision) -> str:
        machine, context = self.machine, self.options.context
        needed = plan(shape, precision, context)
        total = [gpu.total for gpu in machine.gpus]
        held = f", as other programs hold part of its {gigabytes(sum(total))}" if needed.fits(total) else ""
        return (
            f"{self.name.name} takes {gigabytes(needed.total)} in {_WORDS[precision]} at a context of {context} "
            f"tokens, and {gigabytes(sum(machine.free))} are free on {_gpus(machine)}{held}"
        )


def _gpus(machine: Machine) -> str:
    names = [gpu.name for gpu in machine.gpus]
    return _listed(
        [f"{names.count(name)} x {name}" if names.count(name) > 1 else name for name in dict.fromkeys(names)]
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
