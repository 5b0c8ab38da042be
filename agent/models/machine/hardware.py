"""This machine -> its GPUs, memory, disk, packages and hub, and what keeps a GPU from being used, in words.

Left out: how fast anything is, and limits that a container sets to memory.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from agent.models.machine.gpus import Gpu, find_gpus
from agent.models.machine.hub import Hub, hub_of
from agent.models.machine.packages import Packages, Torch, installed

_DRIVERS = {11: 450, 12: 525, 13: 580}
"""The oldest driver for each CUDA: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html"""
_BLACKWELL, _BLACKWELL_CUDA = (10, 0), (12, 8)
_GET_TORCH = "see https://pytorch.org/get-started/locally/"


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What a machine has; sizes in bytes, 0 where the system does not tell.

    Attributes:
        gpus: those a model may use.
        hidden: how many GPUs CUDA_VISIBLE_DEVICES hides.
        silent: why GPUs could not be described, "" if they could.
        ram: memory of the processor.
        ram_free: what of it can be had now.
        disk_free: free where the hub's downloads go.
        hub: the downloads.
        look: finds the packages for models; asked once, when they matter.
    """

    gpus: tuple[Gpu, ...] = ()
    hidden: int = 0
    silent: str = ""
    ram: int = 0
    ram_free: int = 0
    disk_free: int = 0
    hub: Hub
    look: Callable[[], Packages] = Packages

    @cached_property
    def packages(self) -> Packages:
        """The packages for models that are installed."""
        return self.look()

    @property
    def free(self) -> tuple[int, ...]:
        """Bytes that are free on each GPU."""
        return tuple(gpu.free for gpu in self.gpus)


def this_machine(environment: Mapping[str, str] = os.environ) -> Machine:
    """Return what this machine has; takes milliseconds where no GPU is."""
    hub, look = hub_of(environment), cache(installed)
    ram, ram_free = _memory()
    found = find_gpus(environment, lambda: look().torch, ram)
    return Machine(
        gpus=found.gpus,
        hidden=found.hidden,
        silent=found.trouble,
        ram=ram,
        ram_free=ram_free,
        disk_free=_disk(hub.cache),
        hub=hub,
        look=look,
    )


def trouble(machine: Machine) -> str:
    """Return why no GPU of a machine can be used, "" if one can; half a sentence, with what to do."""
    if machine.silent:
        return machine.silent
    if not machine.gpus:
        return "CUDA_VISIBLE_DEVICES hides every GPU" if machine.hidden else "no GPU was found"
    torch = machine.packages.torch
    return _trouble_of_torch(torch, machine.gpus[0]) if torch else ""


def _trouble_of_torch(torch: Torch, gpu: Gpu) -> str:
    what = f"torch {torch.version}"
    if not (torch.rocm if gpu.maker == "AMD" else torch.cuda):
        return f"{what} is a {torch.build} build beside an {gpu.name}: install one for the GPU, {_GET_TORCH}"
    if gpu.maker == "AMD":
        return ""
    cuda = _numbers(torch.cuda)
    needed = _DRIVERS.get(cuda[0], 0)
    if gpu.driver and _numbers(gpu.driver)[0] < needed:
        return (
            f"the driver {gpu.driver} of {gpu.name} is too old for {what} ({torch.build}), which needs "
            f"{needed} or newer: update the driver, or install a torch for an older CUDA, {_GET_TORCH}"
        )
    if gpu.capability and gpu.capability >= _BLACKWELL and cuda < _BLACKWELL_CUDA:
        return f"{what} ({torch.build}) is too old for {gpu.name}: install one for CUDA 12.8 or newer, {_GET_TORCH}"
    return ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit()) or (0,)


def _memory() -> tuple[int, int]:
    """Return the processor's memory and what is free of it; 0 where the system does not tell."""
    told: dict[str, int] = {}
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        for line in meminfo.read_text(encoding="utf-8").splitlines():
            name, _, amount = line.partition(":")
            told[name] = int(amount.split()[0]) * 1024
        return told.get("MemTotal", 0), told.get("MemAvailable", 0)
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        ram = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return ram, ram
    return 0, 0


def _disk(folder: Path) -> int:
    """Return what is free where a folder is or would be made."""
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), None)
    return shutil.disk_usage(there).free if there else 0
