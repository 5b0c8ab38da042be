"""`nvidia-smi`, else torch -> the GPUs that a model may use, their memory and driver.

torch is imported only where the system shows a GPU that nvidia-smi does not describe: one of AMD, or a part of an
NVIDIA GPU (MIG). Left out: GPUs of Apple and Intel.
"""

import csv
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.models.machine.packages import Torch

_MIB = 2**20
_SECONDS = 10
_BASE = ("index", "uuid", "name", "memory.total", "memory.free", "driver_version")
_NEWER = ("compute_cap", "mig.mode.current")
_AMD = Path("/dev/kfd")

FindTorch = Callable[[], Torch | None]


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
