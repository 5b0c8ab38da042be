"""A model string -> all that an operator should know about it on this machine: tables for people, values for programs.

Left out: how the rows are printed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from agent.models.failures import ModelFailure
from agent.models.machine.hardware import USES, Gpu, Machine, this_machine, trouble
from agent.models.machine.judging import CANDIDATES, Judgement, Step, ask, judge, judge_named, page, short
from agent.models.machine.memory import (
    CARDS,
    GB,
    Shape,
    State,
    Weights,
    gigabytes,
    plan,
    precisions_of,
    shape_of,
    told,
    weights_of,
)
from agent.models.names import ModelName, understand
from agent.models.options import ModelOptions, Precision

LONGER = 32_768
Row = tuple[str, ...]
_YES_NO = {True: "yes", False: "no"}
_SUMS = ("model", "precision", "weights", "cache", "head-room", "total")


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
    """What one model takes in one precision, in bytes.

    Attributes:
        model: as `--model` takes it.
        precision: of its weights.
        weights: of the whole model.
        cache: keys and values of the context that was asked for.
        head_room: what is kept free besides.
        total: all of these.
        longer: as `total`, at a longer context.
        fits: whether it fits one GPU, by its memory in GB.
        this_machine: "yes", "no" or "no GPU".
    """

    model: str
    precision: Precision
    weights: int
    cache: int
    head_room: int
    total: int
    longer: int
    fits: Mapping[str, bool]
    this_machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one model string comes to.

    Attributes:
        option: that names it, "--model" or "--planner-model".
        asked: the string.
        runs: whether what was asked for can run; "none" and "auto" always can.
        judgement: what it comes to.
    """

    option: str
    asked: str
    runs: bool
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found.

    Attributes:
        model: that of `--model`.
        planner: another one that plans, beside it; None if there is none.
        machine: what there is.
        trouble: why no GPU can be used, "" if one can.
        weights: what there is of each model; none for an endpoint.
        memory: for each model and precision.
        context: tokens that the memory is for.
        longer: tokens of the longer context.
    """

    model: Judged
    planner: Judged | None
    machine: Machine
    trouble: str
    weights: tuple[Present, ...]
    memory: tuple[Memory, ...]
    context: int
    longer: int = LONGER

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The models that were asked for."""
        return (self.model, self.planner) if self.planner else (self.model,)

    @property
    def runs(self) -> bool:
        """Whether all of them can run."""
        return all(each.runs for each in self.judged)


@dataclass(frozen=True, slots=True)
class Section:
    """A table; without headings its first column names what the second says."""

    title: str
    headings: Row
    rows: Sequence[Row]


def examine(
    model: str, options: ModelOptions, machine: Machine | None = None, *, planner: str = ""
) -> Examination:
    """Return what there is to know about model strings on a machine.

    Args:
        model: as `--model`.
        options: how it is to be run.
        machine: this one, unless another is given.
        planner: as `--planner-model`, a model that has to run beside the other; "" is the same one.

    Raises:
        BadArgument: a string names nothing.
    """
    machine = machine or this_machine()
    names = [understand(each) for each in (model, planner) if each]
    first = _judged("--model", model, options, machine)
    rows = () if all(name.kind == "endpoint" for name in names) else tuple(_rows(names, machine))
    return Examination(
        model=first,
        planner=_planner(planner, first, options, machine) if planner else None,
        machine=machine,
        trouble=trouble(machine),
        weights=tuple(_present(*row) for row in rows),
        memory=tuple(
            row for one, _, shape in rows if shape for row in _planned(one, shape, options, machine)
        ),
        context=options.context,
    )


def sections(found: Examination) -> Iterator[Section]:
    """Yield the tables in the order in which they are read."""
    yield Section("This machine", ("", ""), [*_machine(found)])
    yield Section("Packages", ("name", "version", "needed for"), [*_packages(found)])
    if not found.weights:
        return
    rows = [(weights.model, weights.told) for weights in found.weights]
    yield Section("Weights", ("model", "on this machine"), rows)
    title = f"Memory in GB for one conversation of {found.context} tokens, and whether it fits a GPU of so many GB"
    headings = (*_SUMS, f"at {found.longer}", *map(str, CARDS), "this machine")
    yield Section(title, headings, [_memory(row) for row in found.memory])


def values(found: Examination) -> dict[str, object]:
    """Return the same for programs; sizes in bytes."""
    machine, planner = found.machine, found.planner
    torch = machine.packages.torch
    return {
        **_values(found.model),
        "planner_model": _values(planner) if planner else None,
        "machine": {
            "gpus": [asdict(gpu) for gpu in machine.gpus],
            "trouble": found.trouble,
            "ram": machine.ram,
            "ram_free": machine.ram_free,
            "disk_free": machine.disk_free,
            "hub": str(machine.hub.cache),
            "token": machine.hub.token,
        },
        "packages": {name: machine.packages.versions.get(name) for name in USES},
        "torch": torch and {"version": torch.version, "build": torch.build},
        "weights": [asdict(weights) for weights in found.weights],
        "context": found.context,
        "memory": [asdict(row) for row in found.memory],
    }


def _values(judged: Judged) -> dict[str, object]:
    judgement = judged.judgement
    return {
        "asked": judged.asked,
        "runs": judged.runs,
        "model": judgement.model,
        "precision": judgement.precision,
        "why": judgement.why,
        "next": [asdict(step) for step in judgement.steps],
    }


def _planner(planner: str, first: Judged, options: ModelOptions, machine: Machine) -> Judged:
    """Return what `--planner-model` comes to: a model is opened once, another one needs what the first leaves."""
    option = "--planner-model"
    if understand(planner) == understand(first.asked):
        why = "It is the model of --model, which is opened once."
        same = replace(first.judgement, why=why, steps=())
        return replace(first, option=option, asked=planner, judgement=same)
    taken = first.judgement.takes
    judged = _judged(option, planner, options, _with_less(machine, taken))
    judgement = judged.judgement
    beside = f" That is beside {first.judgement.model}, which takes {gigabytes(taken)}." if taken else ""
    why = judgement.why + (beside if understand(planner).kind not in ("none", "endpoint") else "")
    to_do = judgement.steps[:1] if judged.runs else judgement.steps  # it is served as the first one is
    steps = tuple(_for_planning(step, first.asked) for step in to_do)
    return replace(judged, judgement=replace(judgement, why=why, steps=steps))


def _with_less(machine: Machine, taken: int) -> Machine:
    """Return a machine of whose memory so many bytes are taken: of its GPUs, evenly, or of the processor."""
    if trouble(machine):
        return replace(machine, ram_free=max(machine.ram_free - taken, 0))
    left = 1 - taken / sum(machine.free)
    return replace(machine, gpus=tuple(replace(gpu, free=int(gpu.free * left)) for gpu in machine.gpus))


def _for_planning(step: Step, model: str) -> Step:
    """Return a step with a model as one with the model that plans beside another."""
    whole = step.command.startswith("fhir-assistant")
    return Step(
        step.text,
        step.command.replace(
            "--model ", f"--model {model} --planner-model " if whole else "--planner-model "
        ),
    )


def _judged(option: str, model: str, options: ModelOptions, machine: Machine) -> Judged:
    name = understand(model)
    judgement = _judgement(name, options, machine)
    runs = name.kind in ("none", "auto") or judgement.model != "none"
    return Judged(option=option, asked=model, runs=runs, judgement=judgement)


def _judgement(name: ModelName, options: ModelOptions, machine: Machine) -> Judgement:
    if name.kind == "none":
        why = "The built-in planner and writer answer: no model is needed."
        return Judgement(model="none", precision=options.precision, why=why, steps=(ask("none"),))
    if name.kind == "auto":
        return judge(machine, options)
    if name.kind == "endpoint":
        from agent.models.machine.server import judge_server

        return judge_server(name, options, machine.packages)
    return judge_named(machine, name, options)


def _rows(names: Sequence[ModelName], machine: Machine) -> Iterator[tuple[ModelName, Weights, Shape | None]]:
    """Yield each model to tell of, what of it is here, and its shape where that is known."""
    known = {name.where for name in CANDIDATES}
    named = {
        name.where: name
        for name in names
        if name.kind in ("hub", "folder", "gguf") and name.where not in known
    }
    for one in (*CANDIDATES, *named.values()):
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


def _planned(name: ModelName, shape: Shape, options: ModelOptions, machine: Machine) -> Iterator[Memory]:
    for precision in precisions_of(name, ModelOptions()):
        here = plan(shape, precision, options.context)
        yield Memory(
            model=short(name),
            precision=precision,
            weights=here.weights,
            cache=here.cache,
            head_room=here.head_room,
            total=here.total,
            longer=plan(shape, precision, LONGER).total,
            fits={str(card): here.fits([card * GB]) for card in CARDS},
            this_machine=("yes" if here.fits(machine.free) else "no") if machine.gpus else "no GPU",
        )


def _machine(found: Examination) -> Iterator[Row]:
    machine = found.machine
    for gpu in machine.gpus:
        yield "GPU", _gpu(gpu)
    if found.trouble:
        yield "trouble" if machine.gpus else "GPU", found.trouble
    if machine.ram:
        yield "memory", f"{gigabytes(machine.ram)}, {gigabytes(machine.ram_free)} free"
    yield "disk", f"{gigabytes(machine.disk_free)} free at {machine.hub.cache}"
    yield "hub", "a token is there" if machine.hub.token else "no token"


def _gpu(gpu: Gpu) -> str:
    told = [gpu.name, gigabytes(gpu.total), f"{gigabytes(gpu.free)} free"]
    if gpu.capability:
        told.append("compute capability {}.{}".format(*gpu.capability))
    if gpu.driver:
        told.append(f"driver {gpu.driver}")
    return ", ".join(told)


def _packages(found: Examination) -> Iterator[Row]:
    packages = found.machine.packages
    for name, use in USES.items():
        built = f" ({packages.torch.build} build)" if name == "torch" and packages.torch else ""
        yield name, packages.versions.get(name, "not installed") + built, use


def _memory(row: Memory) -> Row:
    sums = (row.weights, row.cache, row.head_room, row.total, row.longer)
    fits = [_YES_NO[one] for one in row.fits.values()]
    return (row.model, row.precision, *(f"{size / GB:.1f}" for size in sums), *fits, row.this_machine)
