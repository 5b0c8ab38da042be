"""A machine, a model and the options -> whether it runs there, in which precision, why, and what to type next.

A model runs where its weights are complete, the packages are installed and a precision fits what is free on the
GPUs together. `--model auto` takes the first MedGemma of which that is true; a model that was named may also run on
the processor. The precisions are those of the loader: bf16 and quantised on GPUs; on a processor float32, unless bf16
is wished for; a .gguf file becomes bf16.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.models.failures import ModelFailure
from agent.models.machine.hardware import LOCAL, PIP, Machine, trouble
from agent.models.machine.memory import (
    Shape,
    Weights,
    best_fitting,
    gigabytes,
    plan,
    precisions_of,
    shape_of,
    told,
    weights_of,
)
from agent.models.names import MEDGEMMA, ModelName
from agent.models.options import ModelOptions, Precision

CANDIDATES = tuple(ModelName("hub", where, where) for where in MEDGEMMA.values())
"""What `--model auto` may take, the best first."""
_ASK = 'fhir-assistant ask "What medications is she taking?" --patient "Adelina Maggio" --now 2026-01-01'
Lack = Literal["", "gpu", "memory", "packages", "weights", "chat", "shape"]
_WORDS: dict[Precision, str] = {"bf16": "bf16", "8bit": "8-bit", "4bit": "4-bit", "auto": "float32"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        text: what it is for.
        command: what to type, "" if there is nothing to type.
    """

    text: str
    command: str = ""


def ask(model: str) -> Step:
    """Return how to ask a first question with a model."""
    return Step("Ask a first question", f"{_ASK} --model {model}")


def short(name: ModelName) -> str:
    """Return what to give `--model` for a model."""
    return next((known for known, where in MEDGEMMA.items() if where == name.where), name.where)


def page(name: ModelName) -> str:
    """Return where a model's terms are accepted, "" if it has none that we know of."""
    return f"https://huggingface.co/{name.where}" if name.where in MEDGEMMA.values() else ""


def install(missing: Sequence[str]) -> Step:
    """Return how to install packages."""
    one = len(missing) == 1 and missing[0] not in LOCAL
    command = f"pip install {missing[0]}" if one else PIP
    return Step(f"Install {', '.join(missing)}", command)


def fetch(name: ModelName, weights: Weights, machine: Machine, needed: int) -> tuple[Step, ...]:
    """Return how to get the weights of a model of the hub; `needed` bytes, 0 if not known."""
    steps = []
    if page(name) and weights.state == "absent":
        steps.append(Step(f"Accept the terms at {page(name)}"))
    if not machine.hub.token:
        steps.append(Step("Log in to the hub", "hf auth login"))
    left, free = max(needed - weights.size, 0), machine.disk_free
    verb = "Go on with the download" if weights.state == "incomplete" else "Download the weights"
    size = f" ({gigabytes(left)}; {gigabytes(free)} are free at {machine.hub.cache})" if needed else ""
    if left > free:
        steps.append(
            Step(f"Let HF_HOME name a folder with {gigabytes(left)} free", "export HF_HOME=/large/disk")
        )
    return (*steps, Step(verb + size, f"hf download {name.where}"))


def serve(name: ModelName, context: int, gpus: int) -> tuple[Step, ...]:
    """Return how to run a model of the hub for several users at once."""
    parallel = f" --tensor-parallel-size {gpus}" if gpus > 1 else ""
    command = f"vllm serve {name.where} --max-model-len {context}{parallel}"
    url = f"openai:http://127.0.0.1:8000/v1#{name.where}"
    return (
        Step("For several users at once, serve it", command),
        Step("and name the server", f"--model {url}"),
    )


WITHOUT = (
    ask("none"),
    Step("For MedGemma on another machine, name its server", "--model openai:http://HOST:8000/v1#NAME"),
)
"""What to do where no model can run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a model string comes to on a machine.

    Attributes:
        model: what to open: a hub id or path, "none" for the built-in planner and writer.
        precision: of its weights; as it was wished where nothing is opened.
        why: one line for the operator.
        steps: what to do next.
        takes: bytes of the memory it runs in, GPUs together or the processor's; 0 where nothing runs here.
    """

    model: str
    precision: Precision
    why: str
    steps: tuple[Step, ...] = ()
    takes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether one model can run on a machine.

    Attributes:
        name: which model.
        lack: what is lacking first, "" if it can run.
        reason: half a sentence: what is lacking, or how it runs.
        precision: the best that fits; as it was wished where none does, and on a processor.
        steps: what to do about everything that is lacking, or with a model that can run.
        takes: bytes, as of a judgement; 0 if it cannot run.
    """

    name: ModelName
    lack: Lack
    reason: str
    precision: Precision
    steps: tuple[Step, ...] = ()
    takes: int = 0


def judge(machine: Machine, options: ModelOptions) -> Judgement:
    """Return what `--model auto` takes on a machine; milliseconds, nothing heavy is imported."""
    if why := trouble(machine):
        return Judgement(model="none", precision=options.precision, why=_without(why), steps=WITHOUT)
    verdicts = []
    for name in CANDIDATES:
        verdicts.append(look_at(machine, name, options))
        if not verdicts[-1].lack:
            return _taken(verdicts)
    best = next((one for one in verdicts if one.lack != "memory"), verdicts[-1])
    why = _without(best.reason) + ("" if best.lack == "memory" else _next(best.steps[:-1]))
    return Judgement(model="none", precision=options.precision, why=why, steps=best.steps)


def judge_named(machine: Machine, name: ModelName, options: ModelOptions) -> Judgement:
    """Return whether a model of the hub, a folder or a .gguf file that was named can run on a machine."""
    try:
        verdict = look_at(machine, name, options, trouble(machine))
    except ModelFailure as failure:
        return Judgement(model="none", precision=options.precision, why=str(failure))
    if verdict.lack:
        reason = re.sub(rf"^{re.escape(name.name)}(?= )", "it", verdict.reason)
        why = f"{name.name} cannot run here: {reason}."
        return Judgement(model="none", precision=options.precision, why=why, steps=verdict.steps)
    return _taken([verdict])


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
        needed = plan(self.shape, precision, context).total
        spread = " together, over which its layers are spread" if len(free) > 1 else ""
        reason = (
            f"{self.name.name} in {_WORDS[precision]} takes {gigabytes(needed)} of the {gigabytes(sum(free))} that "
            f"are free on {_gpus(self.machine)}{spread}"
        )
        serving = serve(self.name, context, len(free)) if self.name.kind == "hub" else ()
        return Verdict(
            name=self.name,
            lack="",
            reason=reason,
            precision=precision,
            steps=(ask(short(self.name)), *serving),
            takes=needed,
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
        return Verdict(
            name=self.name,
            lack="",
            reason=reason,
            precision=wish,
            steps=(ask(short(self.name)),),
            takes=needed,
        )

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
        held = f", as part of its {gigabytes(sum(total))} is taken" if needed.fits(total) else ""
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


def _taken(verdicts: Sequence[Verdict]) -> Judgement:
    """Return the last of the verdicts as taken; those before it say why not."""
    taken = verdicts[-1]
    passed = "".join(
        f"; not {short(one.name)}: {one.reason}" for one in verdicts[:-1] if one.lack != "memory"
    )
    return Judgement(
        model=taken.name.where,
        precision=taken.precision,
        why=f"{taken.reason}{passed}.",
        steps=taken.steps,
        takes=taken.takes,
    )


def _next(steps: Sequence[Step]) -> str:
    """Return what to do first, in one line; the question that ends the steps is left out."""
    todo = [step.command or step.text[:1].lower() + step.text[1:] for step in steps]
    return f" Next: {', then '.join(todo)}" if todo else ""


def _without(reason: str) -> str:
    return f"The built-in planner and writer answer: {reason}."
