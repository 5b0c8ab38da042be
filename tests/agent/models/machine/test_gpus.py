"""nvidia-smi as it answers on real machines -> the GPUs that a model may use."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.models.machine.hardware import Found, Gpu, find_gpus
from tests.agent.models.machine.machines import GB, MIB

H100_LINE = "{n}, GPU-{n}ab, NVIDIA H100 80GB HBM3, 81559, 81008, 550.54.15, 9.0, Disabled"
H100 = Gpu(
    name="NVIDIA H100 80GB HBM3",
    total=81_559 * MIB,
    free=81_008 * MIB,
    capability=(9, 0),
    driver="550.54.15",
)


@dataclass(frozen=True)
class Case:
    id: str
    says: str
    expected: Found
    status: int = 0
    environment: dict[str, str] = field(default_factory=dict)


TWO = f"{H100_LINE.format(n=0)}\n{H100_LINE.format(n=1)}"
CASES = [
    Case("one GPU", H100_LINE.format(n=0), Found((H100,))),
    Case("two GPUs", TWO, Found((H100, H100))),
    Case("one of two by index", TWO, Found((H100,), 1), environment={"CUDA_VISIBLE_DEVICES": "1"}),
    Case("one of two by id", TWO, Found((H100,), 1), environment={"CUDA_VISIBLE_DEVICES": "GPU-1"}),
    Case("nothing after an unknown index", TWO, Found((), 2), environment={"CUDA_VISIBLE_DEVICES": "-1,0"}),
    Case("all hidden", TWO, Found((), 2), environment={"CUDA_VISIBLE_DEVICES": ""}),
    Case(
        "memory shared with the processor",
        "0, GPU-0, NVIDIA GB10, [N/A], [N/A], 580.82.09, 12.1, [N/A]",
        Found((Gpu(name="NVIDIA GB10", total=9 * GB, free=9 * GB, capability=(12, 1), driver="580.82.09"),)),
    ),
    Case("no device", "No devices were found", Found(), status=6),
    Case(
        "a driver that is not loaded",
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
        Found(
            trouble="nvidia-smi does not answer: NVIDIA-SMI has failed because it couldn't communicate with the "
            "NVIDIA driver."
        ),
        status=9,
    ),
    Case("a status and no word", "", Found(trouble="nvidia-smi does not answer: exit status 12"), status=12),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_nvidia_smi_says(case: Case, tmp_path: Path) -> None:
    _fake(tmp_path, f"cat <<'END'\n{case.says}\nEND\nexit {case.status}")
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", **case.environment}
    assert find_gpus(environment, lambda: None, 9 * GB) == case.expected


def test_a_driver_too_old_to_tell_the_capability_is_asked_for_the_rest(tmp_path: Path) -> None:
    _fake(
        tmp_path,
        'case "$1" in *compute_cap*) echo "Field \\"compute_cap\\" is not a valid field to query."; exit 2;; esac\n'
        'echo "0, GPU-0, Tesla T4, 15109, 15000, 418.67"',
    )
    found = find_gpus({"PATH": f"{tmp_path}:/usr/bin:/bin"}, lambda: None, 0)
    assert found.gpus == (Gpu(name="Tesla T4", total=15_109 * MIB, free=15_000 * MIB, driver="418.67"),)


def test_without_nvidia_smi_there_is_no_gpu_and_torch_is_left_alone(tmp_path: Path) -> None:
    def never() -> None:
        raise AssertionError("torch was looked for")

    assert find_gpus({"PATH": str(tmp_path)}, never, 0) == Found()


def _fake(folder: Path, script: str) -> None:
    command = folder / "nvidia-smi"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
