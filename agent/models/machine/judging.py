"""A machine and the options -> which model runs there, in which precision, and why in one line.

A model runs where its weights are complete, the packages are installed and a precision fits what is free on the
GPUs together. `--model auto` takes the first MedGemma of which that is true; a model that was named may also run on
the processor.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.models.failures import ModelFailure
from agent.models.machine.hardware import Machine, this_machine, trouble
from agent.models.machine.memory import best_fitting
from agent.models.machine.shapes import Shape
from agent.models.machine.steps import WITHOUT, Step, short
from agent.models.machine.verdicts import Verdict, look_at, precisions_of, shape_of
from agent.models.machine.weights import weights_of
from agent.models.names import MEDGEMMA, ModelName, understand
from agent.models.options import ModelOptions, Precision

CANDIDATES = tuple(ModelName("hub", where, where) for where in MEDGEMMA.values())
"""What `--model auto` may take, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a model string comes to on a machine.

    Attributes:
        model: what to open: a hub id or path, "none" for the built-in planner and writer.
        precision: of its weights; as it was wished where nothing is opened.
        why: one line for the operator.
        steps: what to do next.
    """

    model: str
    precision: Precision
    why: str
    steps: tuple[Step, ...] = ()


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
    )


def _next(steps: Sequence[Step]) -> str:
    """Return what to do first, in one line; the question that ends the steps is left out."""
    todo = [step.command or step.text[:1].lower() + step.text[1:] for step in steps]
    return f" Next: {', then '.join(todo)}" if todo else ""


def _without(reason: str) -> str:
    return f"The built-in planner and writer answer: {reason}."
