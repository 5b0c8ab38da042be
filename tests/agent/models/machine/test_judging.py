"""What `--model auto` takes on a machine, and why; whether a model that was named can run there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.models.machine.hardware import Machine
from agent.models.machine.judging import Judgement, judge, judge_named
from agent.models.names import MEDGEMMA, understand
from agent.models.options import ModelOptions, Precision
from tests.agent.models.machine.machines import CPU, GB, H100, L4, MIB, SMALL, T4, download, fill, made_up
from tests.agent.models.machine.test_hardware import OLD, SEE
from tests.agent.models.machine.test_shapes import TINY

M27, T27, N4, M4 = MEDGEMMA.values()
WITHOUT = "The built-in planner and writer answer: "
ASK = 'fhir-assistant ask "What medications is she taking?" --patient "Adelina Maggio" --now 2026-01-01 --model '
OTHER = ("--model openai:http://HOST:8000/v1#NAME",)


def terms(model: str) -> str:
    return f"Next: accept the terms at https://huggingface.co/{model}, then hf auth login, then hf download {model}"


@dataclass(frozen=True)
class Case:
    id: str
    machine: Callable[[Path], Machine]
    model: str
    precision: Precision
    why: str
    here: tuple[str, ...] = (M27, T27, N4, M4)
    wish: Precision = "auto"


CASES = [
    Case("no GPU", made_up, "none", "auto", WITHOUT + "no GPU was found."),
    Case(
        "an H100",
        lambda hub: made_up(hub, H100),
        M27,
        "bf16",
        f"{M27} in bf16 takes 59.3 GB of the 84.9 GB that are free on NVIDIA H100 80GB HBM3.",
    ),
    Case(
        "a card of 24 GB",
        lambda hub: made_up(hub, L4),
        M27,
        "4bit",
        f"{M27} in 4-bit takes 21.0 GB of the 23.8 GB that are free on NVIDIA L4.",
    ),
    Case(
        "two cards of 24 GB",
        lambda hub: made_up(hub, L4, L4),
        M27,
        "8bit",
        f"{M27} in 8-bit takes 33.6 GB of the 47.6 GB that are free on 2 x NVIDIA L4 together, over which its layers "
        "are spread.",
    ),
    Case(
        "a card of 16 GB",
        lambda hub: made_up(hub, T4),
        N4,
        "bf16",
        f"{N4} in bf16 takes 10.5 GB of the 15.7 GB that are free on Tesla T4.",
    ),
    Case(
        "a card of 2 GB",
        lambda hub: made_up(hub, SMALL),
        "none",
        "auto",
        f"{WITHOUT}{M4} takes 5.2 GB in 4-bit at a context of 8192 tokens, and 2.0 GB are free on Quadro P620.",
    ),
    Case(
        "an H100 that others use",
        lambda hub: made_up(hub, replace(H100, free=4_000 * MIB)),
        "none",
        "auto",
        f"{WITHOUT}{M4} takes 5.2 GB in 4-bit at a context of 8192 tokens, and 4.2 GB are free on NVIDIA H100 80GB "
        "HBM3, as part of its 85.5 GB is taken.",
    ),
    Case(
        "a CPU build beside an H100",
        lambda hub: made_up(hub, H100, torch=CPU),
        "none",
        "auto",
        f"{WITHOUT}torch 2.8.0+cpu is a CPU build beside an NVIDIA H100 80GB HBM3: install one for the GPU, {SEE}.",
    ),
    Case(
        "an old driver",
        lambda hub: made_up(hub, OLD),
        "none",
        "auto",
        f"{WITHOUT}the driver 470.82.01 of Tesla T4 is too old for torch 2.8.0+cu126 (CUDA 12.6), which needs 525 or "
        f"newer: update the driver, or install a torch for an older CUDA, {SEE}.",
    ),
    Case(
        "no weights",
        lambda hub: made_up(hub, H100),
        "none",
        "auto",
        f"{WITHOUT}the weights of {M27} are not on this machine. {terms(M27)}",
        here=(),
    ),
    Case(
        "no weights of a model that fits",
        lambda hub: made_up(hub, T4),
        "none",
        "auto",
        f"{WITHOUT}the weights of {N4} are not on this machine. {terms(N4)}",
        here=(M27, T27),
    ),
    Case(
        "the weights of a smaller model",
        lambda hub: made_up(hub, H100),
        N4,
        "bf16",
        f"{N4} in bf16 takes 10.5 GB of the 84.9 GB that are free on NVIDIA H100 80GB HBM3; not medgemma-27b: the "
        f"weights of {M27} are not on this machine; not medgemma-27b-text: the weights of {T27} are not on this "
        "machine.",
        here=(N4, M4),
    ),
    Case(
        "no packages",
        lambda hub: made_up(hub, H100, torch=None, without=("torch", "transformers")),
        "none",
        "auto",
        f"{WITHOUT}torch and transformers are not installed. Next: pip install 'fhir-record-assistant[medgemma]'",
    ),
    Case(
        "no packages and no weights",
        lambda hub: made_up(hub, H100, torch=None, without=("torch", "transformers", "accelerate")),
        "none",
        "auto",
        f"{WITHOUT}torch, transformers and accelerate are not installed; the weights of {M27} are not on this machine. "
        f"Next: pip install 'fhir-record-assistant[medgemma]', then {terms(M27).removeprefix('Next: ')}",
        here=(),
    ),
    Case(
        "4-bit without bitsandbytes: a smaller model needs none",
        lambda hub: made_up(hub, L4, without=("bitsandbytes",)),
        N4,
        "bf16",
        f"{N4} in bf16 takes 10.5 GB of the 23.8 GB that are free on NVIDIA L4; not medgemma-27b: bitsandbytes is not "
        "installed; not medgemma-27b-text: bitsandbytes is not installed.",
    ),
    Case(
        "a wish for 8-bit",
        lambda hub: made_up(hub, H100),
        M27,
        "8bit",
        f"{M27} in 8-bit takes 33.6 GB of the 84.9 GB that are free on NVIDIA H100 80GB HBM3.",
        wish="8bit",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_auto_takes(case: Case, tmp_path: Path) -> None:
    for model in case.here:
        download(tmp_path, model)
    judged = judge(case.machine(tmp_path), ModelOptions(precision=case.wish))
    assert (judged.model, judged.precision, judged.why) == (case.model, case.precision, case.why)


def typed(judged: Judgement) -> tuple[str, ...]:
    return tuple(step.command or step.text for step in judged.steps)


def test_what_to_type_for_weights_without_a_token(tmp_path: Path) -> None:
    judged = judge(made_up(tmp_path, H100), ModelOptions())
    assert typed(judged) == (
        "Accept the terms at https://huggingface.co/google/medgemma-27b-it",
        "hf auth login",
        "hf download google/medgemma-27b-it",
        ASK + "medgemma-27b",
    )
    assert judged.steps[2].text == f"Download the weights (54.9 GB; 500.0 GB are free at {tmp_path})"


def test_what_to_type_for_weights_with_a_token_and_a_small_disk(tmp_path: Path) -> None:
    judged = judge(made_up(tmp_path, H100, token=True, disk=20 * GB), ModelOptions())
    assert [(step.text, step.command) for step in judged.steps[1:3]] == [
        ("Let HF_HOME name a folder with 54.9 GB free", "export HF_HOME=/large/disk"),
        (
            f"Download the weights (54.9 GB; 20.0 GB are free at {tmp_path})",
            "hf download google/medgemma-27b-it",
        ),
    ]


def test_what_to_type_for_a_download_that_was_interrupted(tmp_path: Path) -> None:
    download(tmp_path, M27, shards=12, there=7, begun=1)
    judged = judge(made_up(tmp_path, H100, token=True), ModelOptions())
    assert (
        judged.why
        == f"{WITHOUT}the weights of {M27} are incomplete: 7 of 12 files, 0.0 GB of 54.9 GB. Next: hf download {M27}"
    )
    assert typed(judged) == ("hf download google/medgemma-27b-it", ASK + "medgemma-27b")
    assert judged.steps[0].text.startswith("Go on with the download (54.9 GB;")


INSTALLS = [
    (("torch", "transformers", "accelerate"), "pip install 'fhir-record-assistant[medgemma]'"),
    (("bitsandbytes",), "pip install bitsandbytes"),
]


@pytest.mark.parametrize(("without", "command"), INSTALLS)
def test_what_to_type_for_packages(without: tuple[str, ...], command: str, tmp_path: Path) -> None:
    download(tmp_path, M27)
    judged = judge_named(made_up(tmp_path, L4, torch=None, without=without), understand(M27), ModelOptions())
    assert typed(judged) == (command, ASK + "medgemma-27b")


def test_what_to_type_where_it_runs(tmp_path: Path) -> None:
    download(tmp_path, M27)
    assert typed(judge(made_up(tmp_path, H100, H100), ModelOptions())) == (
        ASK + "medgemma-27b",
        "vllm serve google/medgemma-27b-it --max-model-len 8192 --tensor-parallel-size 2",
        "--model openai:http://127.0.0.1:8000/v1#google/medgemma-27b-it",
    )


def test_what_to_type_where_nothing_can_run(tmp_path: Path) -> None:
    assert typed(judge(made_up(tmp_path), ModelOptions())) == (ASK + "none", *OTHER)
    assert typed(judge(made_up(tmp_path, SMALL), ModelOptions())) == (ASK + "none", *OTHER)


@dataclass(frozen=True)
class Named:
    id: str
    machine: Callable[[Path], Machine]
    runs: bool
    precision: Precision
    why: str
    model: str = M27
    wish: Precision = "auto"


NAMED = [
    Named(
        "on a processor with memory",
        lambda hub: made_up(hub, ram=256 * GB),
        True,
        "auto",
        f"{M27} in float32 takes 117.1 GB of the 256.0 GB of memory that are free, and is slow: no GPU was found.",
    ),
    Named(
        "on a processor in bf16",
        lambda hub: made_up(hub, ram=64 * GB),
        True,
        "bf16",
        f"{M27} in bf16 takes 58.5 GB of the 64.0 GB of memory that are free, and is slow: no GPU was found.",
        wish="bf16",
    ),
    Named(
        "on a processor without memory",
        made_up,
        False,
        "auto",
        f"{M27} cannot run here: no GPU was found, and on the processor it takes 117.1 GB of memory, of which 32.0 GB "
        "are free.",
    ),
    Named(
        "4-bit on a processor",
        made_up,
        False,
        "4bit",
        f"{M27} cannot run here: 4-bit needs a GPU, and no GPU was found.",
        wish="4bit",
    ),
    Named(
        "on a GPU that is too small",
        lambda hub: made_up(hub, T4),
        False,
        "auto",
        f"{M27} cannot run here: it takes 21.0 GB in 4-bit at a context of 8192 tokens, and 15.7 GB are free on "
        "Tesla T4.",
    ),
    Named(
        "a model of the hub that is not here",
        lambda hub: made_up(hub, H100),
        False,
        "auto",
        "someone/some-model cannot run here: the weights of someone/some-model are not on this machine.",
        model="someone/some-model",
    ),
]


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.id)
def test_a_model_that_was_named(case: Named, tmp_path: Path) -> None:
    download(tmp_path, M27)
    judged = judge_named(case.machine(tmp_path), understand(case.model), ModelOptions(precision=case.wish))
    assert (judged.model != "none", judged.precision, judged.why) == (case.runs, case.precision, case.why)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "tiny"
    place.mkdir()
    fill(place)
    (place / "config.json").write_text(json.dumps(TINY))
    return place


def test_a_folder_runs_by_its_own_configuration(folder: Path, tmp_path: Path) -> None:
    judged = judge_named(made_up(tmp_path, T4), understand(str(folder)), ModelOptions())
    assert judged == Judgement(
        model=str(folder),
        precision="bf16",
        why="tiny in bf16 takes 0.9 GB of the 15.7 GB that are free on Tesla T4.",
        steps=judged.steps,
        takes=874_962_426,
    )
    assert typed(judged) == (ASK + str(folder),)


def test_a_folder_without_a_chat_template_is_no_chat_model(folder: Path, tmp_path: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"eos_token": "x"}')
    judged = judge_named(made_up(tmp_path), understand(str(folder)), ModelOptions())
    assert judged.model == "none"
    assert judged.why == "tiny cannot run here: it has no chat template, so it is no chat model."


def test_a_folder_that_reads_pictures_needs_pillow(folder: Path, tmp_path: Path) -> None:
    download(tmp_path, M4)
    config = Path(tmp_path, "models--google--medgemma-4b-it", "snapshots", "abc123", "config.json")
    config.write_text('{"model_type": "gemma3", "vision_config": {}}')
    judged = judge_named(made_up(tmp_path, H100, without=("pillow",)), understand(M4), ModelOptions())
    assert judged.why == f"{M4} cannot run here: pillow is not installed."


def test_a_folder_whose_configuration_is_none_says_so(folder: Path, tmp_path: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "nonsense"}')
    judged = judge_named(made_up(tmp_path), understand(str(folder)), ModelOptions())
    assert judged.model == "none"
    assert judged.why.startswith("tiny cannot run here: its config.json is none of a language model (")


def test_without_torch_a_folder_is_not_counted(folder: Path, tmp_path: Path) -> None:
    machine = made_up(tmp_path, H100, torch=None, without=("torch",))
    judged = judge_named(machine, understand(str(folder)), ModelOptions())
    assert judged.why == "tiny cannot run here: torch is not installed."
