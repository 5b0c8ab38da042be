"""What keeps a GPU from being used, in words; what this machine has."""

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from agent.models.machine.hardware import Gpu, Torch, installed, this_machine, trouble
from tests.agent.models.machine.machines import CPU, CUDA, GB, H100, L4, T4, made_up

ROOT = Path(__file__).parents[4]
SEE = "see https://pytorch.org/get-started/locally/"
OLD = replace(T4, driver="470.82.01")
B200 = replace(H100, name="NVIDIA B200", capability=(10, 0), driver="580.65.06")
MI300 = Gpu(name="AMD Instinct MI300X", total=192 * GB, free=190 * GB, maker="AMD")


@dataclass(frozen=True)
class Case:
    id: str
    gpus: tuple[Gpu, ...]
    torch: Torch | None
    expected: str
    more: Any = ()


CASES = [
    Case("all is well", (H100,), CUDA, ""),
    Case("no torch is a matter of packages", (H100,), None, ""),
    Case("no GPU", (), CUDA, "no GPU was found"),
    Case("a hidden GPU", (), CUDA, "CUDA_VISIBLE_DEVICES hides every GPU", {"hidden": 1}),
    Case(
        "nvidia-smi is silent",
        (),
        CUDA,
        "nvidia-smi does not answer",
        {"silent": "nvidia-smi does not answer"},
    ),
    Case(
        "a CPU build",
        (H100,),
        CPU,
        f"torch 2.8.0+cpu is a CPU build beside an NVIDIA H100 80GB HBM3: install one for the GPU, {SEE}",
    ),
    Case(
        "a build for AMD beside NVIDIA",
        (L4,),
        Torch("2.8.0+rocm6.4", rocm="6.4"),
        f"torch 2.8.0+rocm6.4 is a ROCm 6.4 build beside an NVIDIA L4: install one for the GPU, {SEE}",
    ),
    Case("a build for AMD beside AMD", (MI300,), Torch("2.8.0+rocm6.4", rocm="6.4"), ""),
    Case(
        "an old driver",
        (OLD,),
        CUDA,
        "the driver 470.82.01 of Tesla T4 is too old for torch 2.8.0+cu126 (CUDA 12.6), which needs 525 or "
        f"newer: update the driver, or install a torch for an older CUDA, {SEE}",
    ),
    Case(
        "a driver for CUDA 12 under a torch for CUDA 13",
        (H100,),
        Torch("2.13.0", cuda="13.0"),
        "the driver 550.54.15 of NVIDIA H100 80GB HBM3 is too old for torch 2.13.0 (CUDA 13.0), which needs 580 or "
        f"newer: update the driver, or install a torch for an older CUDA, {SEE}",
    ),
    Case(
        "a torch that is older than the GPU",
        (B200,),
        CUDA,
        f"torch 2.8.0+cu126 (CUDA 12.6) is too old for NVIDIA B200: install one for CUDA 12.8 or newer, {SEE}",
    ),
    Case("a torch that is not", (B200,), Torch("2.8.0+cu128", cuda="12.8"), ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_why_no_gpu_can_be_used(case: Case, tmp_path: Path) -> None:
    assert trouble(made_up(tmp_path, *case.gpus, torch=case.torch, **dict(case.more))) == case.expected


def test_a_token_is_at_hand_in_the_environment_or_in_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def token(**environment: str) -> bool:
        return this_machine({"PATH": "", **environment}).hub.token

    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    assert not token()
    assert token(HF_TOKEN="hf_x")
    assert not token(HF_TOKEN=" ")
    (tmp_path / "token").write_text("hf_x\n")
    assert token()
    (tmp_path / "token").write_text("\n")
    assert not token()


def test_the_build_of_torch_is_read_and_not_imported() -> None:
    import torch

    built = installed().torch
    assert built == Torch(torch.__version__, torch.version.cuda or "", torch.version.hip or "")


def test_a_machine_without_gpu_is_judged_without_anything_heavy(tmp_path: Path) -> None:
    heavy = ("torch", "transformers", "accelerate", "httpx", "httpx2", "openai", "importlib.metadata")
    code = (
        "import sys; from agent.models.machine import judge, this_machine; from agent.models.options import "
        f"ModelOptions; m = this_machine({{'PATH': '', 'HF_HOME': {str(tmp_path)!r}}}); before = set(sys.modules); "
        "print(judge(m, ModelOptions()).model, [n for n in "
        f"{heavy!r} if n in sys.modules and n != 'importlib.metadata' or n in set(sys.modules) - before])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "none []"


def test_this_machine_tells_its_memory_and_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "not" / "yet"))
    machine = this_machine({"PATH": ""})
    assert machine.gpus == ()
    assert machine.ram >= machine.ram_free > 0
    assert machine.disk_free > 0
    assert machine.hub.cache == tmp_path / "not" / "yet"
