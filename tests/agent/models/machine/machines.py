"""Machines and downloads that are made up."""

import json
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.models.machine.hardware import USES, Gpu, Hub, Machine, Packages, Torch

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

GB = 10**9
MIB = 2**20
CUDA = Torch("2.8.0+cu126", cuda="12.6")
CPU = Torch("2.8.0+cpu")
ALL = {name: "1.0" for name in USES} | {"torch": CUDA.version}
H100 = Gpu(
    name="NVIDIA H100 80GB HBM3",
    total=81_559 * MIB,
    free=81_000 * MIB,
    capability=(9, 0),
    driver="550.54.15",
)
L4 = Gpu(name="NVIDIA L4", total=23_034 * MIB, free=22_700 * MIB, capability=(8, 9), driver="550.54.15")
T4 = Gpu(name="Tesla T4", total=15_360 * MIB, free=15_000 * MIB, capability=(7, 5), driver="550.54.15")
SMALL = Gpu(name="Quadro P620", total=2_048 * MIB, free=1_900 * MIB, capability=(6, 1), driver="550.54.15")


def made_up(
    hub: Path,
    *gpus: Gpu,
    torch: Torch | None = CUDA,
    without: Sequence[str] = (),
    token: bool = False,
    ram: int = 32 * GB,
    disk: int = 500 * GB,
    **more: Any,
) -> Machine:
    """A machine with these GPUs, all packages but some, and the downloads in a folder."""
    versions = {name: version for name, version in ALL.items() if name not in without}
    return Machine(
        gpus=gpus,
        hub=Hub(hub, token),
        ram=ram,
        ram_free=ram,
        disk_free=disk,
        look=lambda: Packages(versions, torch),
        **more,
    )


def download(
    hub: Path, hub_id: str, *, shards: int = 2, there: int = 2, begun: int = 0, single: bool = False
) -> Path:
    """A download of a model as huggingface_hub lays it out: links to blobs, and what was begun beside them."""
    folder = Hub(hub).folder(hub_id)
    snapshot = folder / "snapshots" / "abc123"
    for place in (snapshot, folder / "refs", folder / "blobs"):
        place.mkdir(parents=True)
    (folder / "refs" / "main").write_text("abc123")
    fill(snapshot, shards=shards, there=there, single=single, blobs=folder / "blobs")
    for number in range(begun):
        (folder / "blobs" / f"cafe{number}.incomplete").write_bytes(b"\0" * 1000)
    return snapshot


def fill(
    folder: Path, *, shards: int = 2, there: int = 2, single: bool = False, blobs: Path | None = None
) -> None:
    """Put a checkpoint into a folder, of which so many files of weights are there."""
    names = ["model.safetensors"] if single else [f"model-{n}-of-{shards}.safetensors" for n in range(shards)]
    (folder / "config.json").write_text('{"model_type": "gemma3_text"}')
    (folder / "tokenizer_config.json").write_text('{"chat_template": "{{ messages }}"}')
    (folder / "tokenizer.json").write_text("{}")
    if not single:
        weight_map = {f"layer.{n}": name for n, name in enumerate(names)}
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    for name in names[:there]:
        place = blobs / f"blob-of-{name}" if blobs else folder / name
        place.write_bytes(safetensors(100))
        if blobs:
            (folder / name).symlink_to(place)


def safetensors(size: int) -> bytes:
    """A file of weights with one tensor of so many bytes."""
    head = json.dumps({"layer.0": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    return len(head).to_bytes(8, "little") + head + b"\0" * size


def configuration(hub_id: str) -> "PreTrainedConfig":
    """The stored configuration of a MedGemma model as transformers has it."""
    from transformers import Gemma3Config, Gemma3TextConfig

    stored = tomllib.loads(files("agent.models.machine").joinpath("configurations.toml").read_text())
    model, parts = stored["models"][hub_id], stored["parts"]
    text = {**parts[model["text"]], "vocab_size": model["vocab_size"]}
    if "vision" not in model:
        return Gemma3TextConfig(**text)
    return Gemma3Config(text_config=text, vision_config=dict(parts[model["vision"]]))
