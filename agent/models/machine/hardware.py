"""This machine -> its GPUs, memory, disk, packages and hub, and what keeps a GPU from being used, in words.

GPUs are told by `nvidia-smi`; torch is imported only where the system shows a GPU that nvidia-smi does not describe:
one of AMD, or a part of an NVIDIA GPU (MIG). Left out: GPUs of Apple and Intel, how fast anything is, whether packages
work together, and limits that a container sets to memory.
"""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from huggingface_hub import constants

_DRIVERS = {11: 450, 12: 525, 13: 580}
"""The oldest driver for each CUDA: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html"""
_BLACKWELL, _BLACKWELL_CUDA = (10, 0), (12, 8)
_GET_TORCH = "see https://pytorch.org/get-started/locally/"
_MIB = 2**20
_SECONDS = 10
_BASE = ("index", "uuid", "name", "memory.total", "memory.free", "driver_version")
_NEWER = ("compute_cap", "mig.mode.current")
_AMD = Path("/dev/kfd")
USES = {
    "torch": "any model on this machine",
    "transformers": "any model on this machine",
    "accelerate": "any model on this machine",
    "bitsandbytes": "8-bit and 4-bit",
    "llguidance": "any model on this machine",
    "pillow": "images",
    "gguf": ".gguf files",
    "langchain-openai": "openai:BASE_URL#NAME",
}
"""Packages by their name at the registry, and what needs them."""
COUNTING = ("torch", "transformers")
"""Needed to count the parameters of a model that is not known."""
LOCAL = (*COUNTING, "accelerate", "llguidance")
"""Needed to run any model on this machine."""
PIP = "pip install 'fhir-record-assistant[medgemma]'"
"""Installs what a model on this machine needs."""
PIP_ENDPOINT = "pip install 'fhir-record-assistant[endpoint]'"
"""Installs what a model behind a server needs."""
_BUILT = re.compile(r"^(cuda|hip)\b[^=\n]*=\s*'([\d.]+)", re.MULTILINE)

FindTorch = Callable[[], "Torch | None"]


@dataclass(frozen=True, slots=True)
class Torch:
    """A torch that is installed.

    Attributes:
        version: e.g. "2.13.0+cpu".
        cuda: the CUDA it was built for, e.g. "12.6", "" if for none.
        rocm: the ROCm it was built for, "" if for none.
    """

    version: str
    cuda: str = ""
    rocm: str = ""

    @property
    def build(self) -> str:
        """What it was built for, e.g. "CUDA 12.6", "ROCm 6.4" or "CPU"."""
        return f"CUDA {self.cuda}" if self.cuda else f"ROCm {self.rocm}" if self.rocm else "CPU"


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages of `USES` that are installed.

    Attributes:
        versions: by name.
        torch: how torch was built, None if it is not installed.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    torch: Torch | None = None

    def lacking(self, needed: Iterable[str]) -> list[str]:
        """Return those that are not installed."""
        return [name for name in needed if name not in self.versions]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One GPU.

    Attributes:
        name: e.g. "NVIDIA H100 80GB HBM3".
        total: bytes of memory.
        free: bytes that nobody uses now.
        capability: NVIDIA's compute capability, e.g. (9, 0); None if not told.
        driver: version of the driver, "" if not told.
        maker: whose it is.
    """

    name: str
    total: int
    free: int
    capability: tuple[int, int] | None = None
    driver: str = ""
    maker: str = "NVIDIA"


@dataclass(frozen=True, slots=True)
class Found:
    """The GPUs that were found.

    Attributes:
        gpus: those a model may use, in the order of their index.
        hidden: how many more CUDA_VISIBLE_DEVICES hides.
        trouble: why none could be described though one may be there, "" if that is not so.
    """

    gpus: tuple[Gpu, ...] = ()
    hidden: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub's client would find here.

    Attributes:
        cache: folder of the downloads; it need not exist.
        token: whether a token is at hand; the token itself is not kept.
    """

    cache: Path
    token: bool = False

    def folder(self, hub_id: str) -> Path:
        """Return where a model's download lies."""
        return self.cache / f"models--{hub_id.replace('/', '--')}"


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
    hub, look = Hub(Path(constants.HF_HUB_CACHE), _has_token(environment)), cache(installed)
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


def installed() -> Packages:
    """Return what is installed; takes some 10 ms."""
    return Packages({name: found for name in USES if (found := _version(name))}, _torch())


def find_gpus(environment: Mapping[str, str], torch: FindTorch, ram: int) -> Found:
    """Return the GPUs of this machine.

    Args:
        environment: with PATH and CUDA_VISIBLE_DEVICES.
        torch: finds the torch that is installed.
        ram: bytes of the machine's memory, which some GPUs share with the processor.
    """
    command = shutil.which("nvidia-smi", path=environment.get("PATH"))
    if command:
        return _by_nvidia(command, environment, torch, ram)
    return _by_torch("AMD") if _AMD.exists() and (built := torch()) and built.rocm else Found()


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


def _has_token(environment: Mapping[str, str]) -> bool:
    if any(environment.get(name, "").strip() for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")):
        return True
    try:
        return bool(Path(constants.HF_TOKEN_PATH).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return False


def _torch() -> Torch | None:
    """Return the torch that is installed, as its own file of versions says."""
    try:
        here = distribution("torch")
        text = Path(str(here.locate_file("torch/version.py"))).read_text(encoding="utf-8")
    except PackageNotFoundError:
        return None
    except OSError:
        text = ""
    built = dict(_BUILT.findall(text))
    return Torch(here.version, built.get("cuda", ""), built.get("hip", ""))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _by_nvidia(command: str, environment: Mapping[str, str], torch: FindTorch, ram: int) -> Found:
    fields: tuple[str, ...] = (*_BASE, *_NEWER)
    ran = _ask(command, fields)
    if ran.returncode and "not a valid field" in ran.stdout + ran.stderr:
        fields = _BASE
        ran = _ask(command, fields)
    if ran.returncode:
        said = " ".join((ran.stdout + ran.stderr).split()) or f"exit status {ran.returncode}"
        return Found(trouble="" if "No devices were found" in said else f"nvidia-smi does not answer: {said}")
    rows = [
        dict(zip(fields, row, strict=False))
        for row in csv.reader(ran.stdout.splitlines(), skipinitialspace=True)
    ]
    rows = [row for row in rows if len(row) == len(fields)]
    cut = any(row.get("mig.mode.current") == "Enabled" for row in rows)
    if cut and (built := torch()) and built.cuda:
        parts = _by_torch("NVIDIA")
        return replace(
            parts, gpus=tuple(replace(gpu, driver=rows[0]["driver_version"]) for gpu in parts.gpus)
        )
    seen = _visible(rows, environment.get("CUDA_VISIBLE_DEVICES"))
    return Found(tuple(_gpu(row, ram) for row in seen), len(rows) - len(seen))


def _ask(command: str, fields: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    arguments = [command, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(arguments, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 124, "", f"no answer within {_SECONDS} seconds")
    except OSError as error:
        return subprocess.CompletedProcess(arguments, 126, "", error.strerror or "it cannot be run")


def _visible(rows: Sequence[dict[str, str]], wish: str | None) -> list[dict[str, str]]:
    """Return the GPUs that CUDA would show: of a list of indices or ids, those before the first unknown one."""
    if wish is None:
        return list(rows)
    seen: list[dict[str, str]] = []
    for name in (part.strip() for part in wish.split(",")):
        found = [row for row in rows if name and (row["index"] == name or row["uuid"].startswith(name))]
        if len(found) != 1:
            break
        seen += found
    return seen


def _gpu(row: Mapping[str, str], ram: int) -> Gpu:
    total = _bytes(row["memory.total"], ram)
    return Gpu(
        name=row["name"],
        total=total,
        free=_bytes(row["memory.free"], total),
        capability=_capability(row.get("compute_cap", "")),
        driver=row["driver_version"],
    )


def _bytes(text: str, otherwise: int) -> int:
    """MiB as text; what is not told, e.g. "[N/A]", is shared with the processor."""
    return int(text) * _MIB if text.isdigit() else otherwise


def _capability(text: str) -> tuple[int, int] | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None


def _by_torch(maker: str) -> Found:
    import torch

    if not torch.cuda.is_available():
        return Found(trouble=f"torch {torch.__version__} finds no {maker} GPU, though the system shows one")
    return Found(tuple(_gpu_of_torch(n, maker) for n in range(torch.cuda.device_count())))


def _gpu_of_torch(number: int, maker: str) -> Gpu:
    import torch

    free, total = torch.cuda.mem_get_info(number)
    told = torch.cuda.get_device_properties(number)
    capability = (told.major, told.minor) if maker == "NVIDIA" else None
    return Gpu(name=told.name, total=total, free=free, capability=capability, maker=maker)
