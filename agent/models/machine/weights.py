"""A model's name -> whether its weights are on this machine: there, incomplete or absent. Nobody is asked.

Complete is what can be loaded: the configuration, a tokenizer and every safetensors file that the index names, each
as long as its own head says; weights in other forms can run code and are not loaded. What an interrupted download
left behind is counted, and only matters where one of these is missing. Left out: whether the content is sound.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from agent.models.machine.gguf_file import NoGguf, gguf_shape
from agent.models.machine.hub import Hub
from agent.models.machine.sizes import gigabytes
from agent.models.names import ModelName

State = Literal["there", "incomplete", "absent"]
_INDEX, _SINGLE = "model.safetensors.index.json", "model.safetensors"
_SETTINGS = ("config.json", "tokenizer_config.json")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")
_TEMPLATES = ("chat_template.jinja", "chat_template.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What there is of a model on this machine.

    Attributes:
        state: "there" if it can be loaded.
        folder: where its configuration lies or would lie; of a .gguf file the file; None if nothing is there.
        whole: files of weights that are complete.
        files: files of weights altogether, 0 if not known.
        size: bytes of weights that are there.
        missing: names of what is missing besides weights.
        chat: whether it knows conversations, so far as can be told.
        pictures: whether it reads pictures, so far as can be told.
    """

    state: State
    folder: Path | None = None
    whole: int = 0
    files: int = 0
    size: int = 0
    missing: tuple[str, ...] = ()
    chat: bool = True
    pictures: bool = False


def weights_of(name: ModelName, hub: Hub) -> Weights:
    """Return what there is of a hub's model, a folder or a .gguf file."""
    if name.kind == "gguf":
        return _of_gguf(Path(name.where).expanduser())
    if name.kind == "folder":
        return _of_folder(Path(name.where).expanduser())
    return _of_hub(hub.folder(name.where))


def told(weights: Weights, size: int) -> str:
    """Return what there is in words, after "the weights are"; `size` bytes altogether, 0 if not known."""
    there = gigabytes(weights.size)
    if weights.state == "there":
        return f"complete, {there}"
    if weights.state == "absent":
        return "not on this machine"
    lacking = list(weights.missing)
    if weights.files == 0 or weights.whole < weights.files:
        files = f"{weights.whole} of {weights.files} files" if weights.files else "no whole file"
        lacking.insert(0, f"{files}, {there} of {gigabytes(size)}" if size else f"{files}, {there}")
    if weights.missing:
        lacking[-1] += " is missing" if len(weights.missing) == 1 else " are missing"
    return "incomplete: " + " and ".join(lacking)


def _of_gguf(file: Path) -> Weights:
    try:
        gguf_shape(file)
        good = True
    except NoGguf:
        good = False
    size = file.stat().st_size
    return Weights(state="there" if good else "incomplete", folder=file, whole=int(good), files=1, size=size)


def _of_hub(download: Path) -> Weights:
    if not download.is_dir():
        return Weights(state="absent")
    begun = list(download.glob("blobs/*.incomplete"))
    reference = download / "refs" / "main"
    snapshot = download / "snapshots" / (reference.read_text("utf-8").strip() if reference.is_file() else "-")
    found = _of_folder(snapshot) if snapshot.is_dir() else Weights(state="absent")
    if found.state == "there" or (found.state == "absent" and not begun):
        return found
    begun_size = sum(file.stat().st_size for file in begun)
    return replace(found, state="incomplete", size=found.size + begun_size)


def _of_folder(folder: Path) -> Weights:
    names = _weight_files(folder)
    there = [folder / name for name in names if (folder / name).is_file()]
    whole = [file for file in there if _is_whole(file)]
    missing = tuple(_missing(folder))
    state: State = "there" if names and len(whole) == len(names) and not missing else "incomplete"
    return Weights(
        state=state,
        folder=folder,
        whole=len(whole),
        files=len(names),
        size=sum(file.stat().st_size for file in there),
        missing=missing,
        chat=state == "incomplete" or _has_template(folder),
        pictures="vision_config" in _json(folder / "config.json"),
    )


def _weight_files(folder: Path) -> list[str]:
    """Return the names of all files of weights; none if nothing tells them."""
    if places := _json(folder / _INDEX).get("weight_map"):
        return sorted(set(places.values()))
    return [_SINGLE] if (folder / _SINGLE).is_file() else []


def _missing(folder: Path) -> Iterator[str]:
    yield from (name for name in _SETTINGS if not _json(folder / name))
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        yield _TOKENIZERS[0]


def _has_template(folder: Path) -> bool:
    if any((folder / name).is_file() for name in _TEMPLATES):
        return True
    return bool(_json(folder / "tokenizer_config.json").get("chat_template"))


def _is_whole(file: Path) -> bool:
    """Tell whether a file of weights has all bytes that its head says it has."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 2 <= length < file.stat().st_size:
            return False
        try:
            head = json.loads(opened.read(length))
        except ValueError:
            return False
    ends = (part["data_offsets"][1] for name, part in head.items() if name != "__metadata__")
    return file.stat().st_size == 8 + length + max(ends, default=0)


def _json(file: Path) -> Mapping[str, Any]:
    """Return the object in a file; {} if it is not there or not whole."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
