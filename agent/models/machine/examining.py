"""A model string -> all that an operator should know about it on this machine, for people and programs.

Left out: how it is printed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.models.failures import ModelFailure
from agent.models.machine.hardware import Machine, this_machine, trouble
from agent.models.machine.judging import CANDIDATES, Judgement, judge, judge_named
from agent.models.machine.memory import CARDS, Plan, plan
from agent.models.machine.shapes import Shape
from agent.models.machine.sizes import GB
from agent.models.machine.steps import ask, page, short
from agent.models.machine.verdicts import precisions_of, shape_of
from agent.models.machine.weights import State, Weights, told, weights_of
from agent.models.names import ModelName, understand
from agent.models.options import ModelOptions

LONGER = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What there is of one model's weights.

    Attributes:
        model: as `--model` takes it.
        where: hub id or path.
        state: "there", "incomplete" or "absent".
        told: the same in words, with what to do where they are absent.
    """

    model: str
    where: str
    state: State
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What one model takes in one precision.

    Attributes:
        model: as `--model` takes it.
        plan: at the context that was asked for.
        longer: bytes in total at a longer one.
        fits: whether it fits one GPU, by its memory in GB.
        here: "yes", "no" or "no GPU".
    """

    model: str
    plan: Plan
    longer: int
    fits: Mapping[int, bool]
    here: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found.

    Attributes:
        asked: the model string.
        runs: whether what was asked for can run; "none" and "auto" always can.
        machine: what there is.
        trouble: why no GPU can be used, "" if one can.
        judgement: what the model string comes to.
        weights: what there is of each model; none for an endpoint.
        memory: for each model and precision.
        context: tokens that the memory is for.
        longer: tokens of the longer context.
    """

    asked: str
    runs: bool
    machine: Machine
    trouble: str
    judgement: Judgement
    weights: tuple[Present, ...]
    memory: tuple[Memory, ...]
    context: int
    longer: int = LONGER


def examine(model: str, options: ModelOptions, machine: Machine | None = None) -> Examination:
    """Return what there is to know about a model string on a machine.

    Args:
        model: as `--model`.
        options: how it is to be run.
        machine: this one, unless another is given.

    Raises:
        BadArgument: the string names nothing.
    """
    name, machine = understand(model), machine or this_machine()
    judgement = _judged(name, options, machine)
    rows = () if name.kind == "endpoint" else tuple(_rows(name, machine))
    return Examination(
        asked=model,
        runs=name.kind in ("none", "auto") or judgement.model != "none",
        machine=machine,
        trouble=trouble(machine),
        judgement=judgement,
        weights=tuple(_present(*row) for row in rows),
        memory=tuple(row for one, _, shape in rows if shape for row in _memory(one, shape, options, machine)),
        context=options.context,
    )


def _judged(name: ModelName, options: ModelOptions, machine: Machine) -> Judgement:
    if name.kind == "none":
        why = "The built-in planner and writer answer: no model is needed."
        return Judgement(model="none", precision=options.precision, why=why, steps=(ask("none"),))
    if name.kind == "auto":
        return judge(machine, options)
    if name.kind == "endpoint":
        from agent.models.machine.server import judge_server

        return judge_server(name, options, machine.packages)
    return judge_named(machine, name, options)


def _rows(name: ModelName, machine: Machine) -> Iterator[tuple[ModelName, Weights, Shape | None]]:
    """Yield each model to tell of, what of it is here, and its shape where that is known."""
    named = [name] if name.kind in ("hub", "folder", "gguf") and name not in CANDIDATES else []
    for one in (*CANDIDATES, *named):
        weights = weights_of(one, machine.hub)
        try:
            yield one, weights, shape_of(machine, one, weights)
        except ModelFailure:  # the judgement says why
            yield one, weights, None


def _present(name: ModelName, weights: Weights, shape: Shape | None) -> Present:
    text = told(weights, 2 * shape.parameters if shape else 0)
    if weights.state == "absent":
        terms = f"accept the terms at {page(name)}, then " if page(name) else ""
        text += f": {terms}hf download {name.where}"
    return Present(model=short(name), where=name.where, state=weights.state, told=text)


def _memory(name: ModelName, shape: Shape, options: ModelOptions, machine: Machine) -> Iterator[Memory]:
    for precision in precisions_of(name, ModelOptions()):
        here = plan(shape, precision, options.context)
        yield Memory(
            model=short(name),
            plan=here,
            longer=plan(shape, precision, LONGER).total,
            fits={card: here.fits([card * GB]) for card in CARDS},
            here=("yes" if here.fits(machine.free) else "no") if machine.gpus else "no GPU",
        )
