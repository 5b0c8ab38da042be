"""`fhir-assistant doctor`: the whole of what an operator reads, and the exit status."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agent.models.machine import telling
from tests.agent.cli.calling import ROOT, call
from tests.agent.models.machine.machines import CPU, H100, L4, download, made_up

PACKAGES = """\
Packages
name              version                        needed for
torch             2.8.0+cu126 (CUDA 12.6 build)  any model on this machine
transformers      1.0                            any model on this machine
accelerate        1.0                            any model on this machine
bitsandbytes      1.0                            8-bit and 4-bit
llguidance        1.0                            any model on this machine
pillow            1.0                            images
gguf              1.0                            .gguf files
langchain-openai  1.0                            openai:BASE_URL#NAME
"""
H100_TEXT = """\
This machine
GPU     NVIDIA H100 80GB HBM3, 85.5 GB, 84.9 GB free, compute capability 9.0, driver 550.54.15
memory  32.0 GB, 32.0 GB free
disk    500.0 GB free at {hub}
hub     no token

{packages}
Weights
model              on this machine
medgemma-27b       complete, 0.0 GB
medgemma-27b-text  not on this machine: accept the terms at https://huggingface.co/google/medgemma-27b-text-it, then \
hf download google/medgemma-27b-text-it
medgemma-1.5-4b    not on this machine: accept the terms at https://huggingface.co/google/medgemma-1.5-4b-it, then \
hf download google/medgemma-1.5-4b-it
medgemma-4b        incomplete: 1 of 2 files, 0.0 GB of 8.6 GB

Memory in GB for one conversation of 8192 tokens, and whether it fits a GPU of so many GB
model              precision  weights  cache  head-room  total  at 32768  16   24   48   80   141  this machine
medgemma-27b       bf16       54.9     1.1    3.4        59.3   62.1      no   no   no   yes  yes  yes
medgemma-27b       8bit       28.9     1.1    3.6        33.6   36.4      no   no   yes  yes  yes  yes
medgemma-27b       4bit       16.3     1.1    3.6        21.0   23.8      no   yes  yes  yes  yes  yes
medgemma-27b-text  bf16       54.0     1.1    3.4        58.5   61.3      no   no   no   yes  yes  yes
medgemma-27b-text  8bit       28.4     1.1    3.6        33.2   36.0      no   no   yes  yes  yes  yes
medgemma-27b-text  4bit       16.0     1.1    3.6        20.8   23.6      no   yes  yes  yes  yes  yes
medgemma-1.5-4b    bf16       8.6      0.3    1.6        10.5   11.5      yes  yes  yes  yes  yes  yes
medgemma-1.5-4b    8bit       5.0      0.3    1.7        7.0    7.9       yes  yes  yes  yes  yes  yes
medgemma-1.5-4b    4bit       3.2      0.3    1.7        5.2    6.2       yes  yes  yes  yes  yes  yes
medgemma-4b        bf16       8.6      0.3    1.6        10.5   11.5      yes  yes  yes  yes  yes  yes
medgemma-4b        8bit       5.0      0.3    1.7        7.0    7.9       yes  yes  yes  yes  yes  yes
medgemma-4b        4bit       3.2      0.3    1.7        5.2    6.2       yes  yes  yes  yes  yes  yes

--model auto
google/medgemma-27b-it in bf16 takes 59.3 GB of the 84.9 GB that are free on NVIDIA H100 80GB HBM3.

Next
Ask a first question:
    fhir-assistant ask "What medications is she taking?" --patient "Adelina Maggio" --now 2026-01-01 --model \
medgemma-27b
For several users at once, serve it:
    vllm serve google/medgemma-27b-it --max-model-len 8192
and name the server:
    --model openai:http://127.0.0.1:8000/v1#google/medgemma-27b-it
"""


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    return tmp_path / "hub"


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FHIR_ASSISTANT_MODEL", raising=False)
    monkeypatch.delenv("FHIR_ASSISTANT_PLANNER_MODEL", raising=False)


def on(machine: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "this_machine", lambda: machine)


def test_what_an_operator_with_an_h100_reads(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    download(hub, "google/medgemma-27b-it")
    download(hub, "google/medgemma-4b-it", there=1)
    on(made_up(hub, H100), monkeypatch)
    ran = call("doctor")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == H100_TEXT.format(hub=hub, packages=PACKAGES)


def test_a_gpu_that_cannot_be_used_is_told_beside_it(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(made_up(hub, L4, torch=CPU), monkeypatch)
    ran = call("doctor")
    assert ran.status == 0
    assert ran.out.splitlines()[1:3] == [
        "GPU      NVIDIA L4, 24.2 GB, 23.8 GB free, compute capability 8.9, driver 550.54.15",
        "trouble  torch 2.8.0+cpu is a CPU build beside an NVIDIA L4: install one for the GPU, "
        "see https://pytorch.org/get-started/locally/",
    ]


STATUSES = [
    (["--model", "auto"], 0, "The built-in planner and writer answer: no GPU was found."),
    (["--model", "none"], 0, "The built-in planner and writer answer: no model is needed."),
    (
        ["--model", "medgemma-4b"],
        1,
        "google/medgemma-4b-it cannot run here: the weights of google/medgemma-4b-it are not on this machine.",
    ),
    (
        ["--model", "openai:http://127.0.0.1:9/v1#x"],
        1,
        "http://127.0.0.1:9/v1 cannot be reached: Connection refused.",
    ),
]


@pytest.mark.parametrize(("arguments", "status", "why"), STATUSES, ids=lambda value: str(value))
def test_the_status_says_whether_it_can_run(
    arguments: list[str], status: int, why: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(made_up(hub), monkeypatch)
    ran = call("doctor", *arguments)
    assert (ran.status, ran.err) == (status, "")
    lines = ran.out.splitlines()
    assert lines[lines.index(f"--model {arguments[1]}") + 1] == why


def test_a_string_that_names_nothing_is_a_wrong_call() -> None:
    ran = call("doctor", "--model", "gpt 4")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("Error: --model 'gpt 4': expected none, auto, medgemma-27b,")


PLANNERS = [
    (
        "medgemma-4b",
        0,
        "google/medgemma-4b-it in bf16 takes 10.5 GB of the 25.6 GB that are free on NVIDIA H100 80GB HBM3. "
        "That is beside google/medgemma-27b-it, which takes 59.3 GB.",
        "--model medgemma-27b --planner-model medgemma-4b",
    ),
    (
        "google/medgemma-27b-it",
        0,
        "It is the model of --model, which is opened once.",
        "--model medgemma-27b",
    ),
    ("none", 0, "The built-in planner and writer answer: no model is needed.", "--planner-model none"),
    (
        "medgemma-27b-text",
        1,
        "google/medgemma-27b-text-it cannot run here: the weights of google/medgemma-27b-text-it are not on this "
        "machine. That is beside google/medgemma-27b-it, which takes 59.3 GB.",
        "hf download google/medgemma-27b-text-it",
    ),
    (
        "openai:http://127.0.0.1:9/v1#gemma",
        1,
        "http://127.0.0.1:9/v1 cannot be reached: Connection refused.",
        "fhir-assistant doctor --model medgemma-27b --planner-model openai:http://127.0.0.1:9/v1#gemma",
    ),
]


@pytest.mark.parametrize(
    ("planner", "status", "why", "command"), PLANNERS, ids=[each[0] for each in PLANNERS]
)
def test_a_model_that_plans_has_to_run_beside_the_other(
    planner: str, status: int, why: str, command: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    download(hub, "google/medgemma-27b-it")
    download(hub, "google/medgemma-4b-it")
    on(made_up(hub, H100), monkeypatch)
    arguments = ["--model", "medgemma-27b", "--planner-model", planner]
    ran = call("doctor", *arguments)
    lines = ran.out.splitlines()
    assert (ran.status, ran.err) == (status, "")
    assert lines[lines.index(f"--planner-model {planner}") + 1] == why
    assert any(line.startswith("    ") and line.endswith(command) for line in lines)
    told = json.loads(call("doctor", "--json", *arguments).out)
    assert (told["runs"], told["planner_model"]["runs"]) == (True, status == 0)
    assert told["planner_model"]["why"] == why


def test_a_model_that_plans_does_not_fit_what_the_other_leaves(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("google/medgemma-4b-it", "google/medgemma-27b-text-it"):
        download(hub, name)
    on(made_up(hub, L4), monkeypatch)
    ran = call("doctor", "--model", "medgemma-4b", "--planner-model", "medgemma-27b-text")
    assert ran.status == 1
    assert "it takes 20.8 GB in 4-bit at a context of 8192 tokens, and 13.3 GB are free" in ran.out


def test_a_planner_that_names_nothing_is_a_wrong_call() -> None:
    ran = call("doctor", "--planner-model", "gpt 4")
    assert (ran.status, ran.out) == (2, "")
    assert "--planner-model" in ran.err


def test_programs_get_the_same_as_json(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(replace(made_up(hub, H100), ram=1), monkeypatch)
    ran = call("doctor", "--json", "--context", "4096", "--model", "medgemma-27b")
    told = json.loads(ran.out)
    assert ran.status == 1
    assert (told["asked"], told["runs"], told["model"]) == ("medgemma-27b", False, "none")
    assert told["machine"]["gpus"][0]["capability"] == [9, 0]
    assert told["torch"] == {"version": "2.8.0+cu126", "build": "CUDA 12.6"}
    assert told["weights"][0]["state"] == "absent"
    assert told["context"] == 4096
    assert told["memory"][0]["fits"] == {"16": False, "24": False, "48": False, "80": True, "141": True}
    assert told["memory"][0]["weights"] == 54_864_813_280
    assert told["next"][-1]["command"].endswith("--model medgemma-27b")


def test_on_a_laptop_it_needs_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from agent.cli.app import app; from typer.testing import CliRunner; "
        "r = CliRunner().invoke(app, ['doctor']); "
        "print(r.exit_code, [m for m in ('torch', 'transformers', 'openai', 'httpx2') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": "", "HF_HOME": str(tmp_path)}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert shown.stdout.strip() == "0 []"
