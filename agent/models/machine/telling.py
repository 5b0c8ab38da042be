"""What was found about a model on a machine -> sections of text in rows for people, and values for programs.

Left out: how the rows are printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from agent.models.machine.examining import Examination, Memory
from agent.models.machine.gpus import Gpu
from agent.models.machine.memory import CARDS
from agent.models.machine.packages import USES
from agent.models.machine.sizes import GB, gigabytes

Row = tuple[str, ...]
_YES_NO = {True: "yes", False: "no"}
_SUMS = ("model", "precision", "weights", "cache", "head-room", "total")


@dataclass(frozen=True, slots=True)
class Section:
    """A table; without headings its first column names what the second says."""

    title: str
    headings: Row
    rows: Sequence[Row]


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
    machine, judgement = found.machine, found.judgement
    torch = machine.packages.torch
    return {
        "asked": found.asked,
        "runs": found.runs,
        "model": judgement.model,
        "precision": judgement.precision,
        "why": judgement.why,
        "next": [asdict(step) for step in judgement.steps],
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
        "memory": [_plan(row) for row in found.memory],
    }


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
    plan = row.plan
    sums = (plan.weights, plan.cache, plan.head_room, plan.total, row.longer)
    fits = [_YES_NO[one] for one in row.fits.values()]
    return (row.model, plan.precision, *(f"{size / GB:.1f}" for size in sums), *fits, row.here)


def _plan(row: Memory) -> dict[str, object]:
    plan = row.plan
    return {
        "model": row.model,
        "precision": plan.precision,
        "weights": plan.weights,
        "cache": plan.cache,
        "head_room": plan.head_room,
        "total": plan.total,
        "fits": {str(card): fits for card, fits in row.fits.items()},
        "this_machine": row.here,
    }
