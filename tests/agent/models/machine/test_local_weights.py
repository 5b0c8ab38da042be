"""Whether a model's weights are on this machine: complete, interrupted, or not there."""

from pathlib import Path

import pytest

from agent.models.machine.hardware import Hub
from agent.models.machine.memory import told, weights_of
from agent.models.names import understand
from tests.agent.models.machine.machines import GB, download, fill, safetensors

NAME = "google/medgemma-27b-it"
SIZE = 55 * GB
TOKENS = ("tokenizer.json", "tokenizer_config.json")


def _of_hub(hub: Path) -> str:
    weights = weights_of(understand(NAME), Hub(hub))
    return f"{weights.state}; {told(weights, SIZE)}"


def test_a_complete_download_is_there(tmp_path: Path) -> None:
    download(tmp_path, NAME)
    assert _of_hub(tmp_path) == "there; complete, 0.0 GB"


def test_what_an_earlier_try_left_behind_does_not_matter(tmp_path: Path) -> None:
    download(tmp_path, NAME, begun=3)
    assert _of_hub(tmp_path).startswith("there")


def test_a_model_in_one_file_is_there(tmp_path: Path) -> None:
    download(tmp_path, NAME, single=True)
    assert _of_hub(tmp_path).startswith("there")


def test_nothing_is_absent(tmp_path: Path) -> None:
    assert _of_hub(tmp_path / "no-hub-yet") == "absent; not on this machine"


def test_a_folder_that_the_hub_only_prepared_is_absent(tmp_path: Path) -> None:
    (Hub(tmp_path).folder(NAME) / "refs").mkdir(parents=True)
    assert _of_hub(tmp_path) == "absent; not on this machine"


def test_an_interrupted_download_tells_how_far_it_came(tmp_path: Path) -> None:
    download(tmp_path, NAME, shards=12, there=7, begun=2)
    assert _of_hub(tmp_path) == "incomplete; incomplete: 7 of 12 files, 0.0 GB of 55.0 GB"


def test_a_download_without_its_index_has_no_whole_file(tmp_path: Path) -> None:
    snapshot = download(tmp_path, NAME, there=0, begun=1)
    (snapshot / "model.safetensors.index.json").unlink()
    weights = weights_of(understand(NAME), Hub(tmp_path))
    assert (weights.state, weights.files, weights.size) == ("incomplete", 0, 1000)
    assert told(weights, 0) == "incomplete: no whole file, 0.0 GB"


def test_a_link_to_a_blob_that_was_deleted_is_no_file(tmp_path: Path) -> None:
    snapshot = download(tmp_path, NAME)
    next((snapshot.parents[1] / "blobs").iterdir()).unlink()
    assert "1 of 2 files" in _of_hub(tmp_path)


@pytest.mark.parametrize(
    "content",
    [safetensors(100)[:-1], safetensors(100)[:20], b"", b"version https://git-lfs.github.com/spec/v1\n"],
    ids=["cut by a byte", "cut in its head", "empty", "a pointer of Git LFS"],
)
def test_a_file_shorter_than_it_says_is_not_whole(content: bytes, tmp_path: Path) -> None:
    fill(tmp_path, single=True)
    (tmp_path / "model.safetensors").write_bytes(content)
    weights = weights_of(understand(str(tmp_path)), Hub(tmp_path))
    assert told(weights, 0) == "incomplete: 0 of 1 files, 0.0 GB"


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (["config.json"], "config.json is missing"),
        (["tokenizer.json"], "tokenizer.json is missing"),
        (TOKENS, "tokenizer_config.json and tokenizer.json are missing"),
    ],
)
def test_what_is_missing_besides_weights_is_named(gone: list[str], expected: str, tmp_path: Path) -> None:
    fill(tmp_path)
    for name in gone:
        (tmp_path / name).unlink()
    weights = weights_of(understand(str(tmp_path)), Hub(tmp_path))
    assert told(weights, 0) == f"incomplete: {expected}"


def test_a_base_model_knows_no_conversations(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 1}')
    assert not weights_of(understand(str(tmp_path)), Hub(tmp_path)).chat
    (tmp_path / "chat_template.jinja").write_text("{{ messages }}")
    assert weights_of(understand(str(tmp_path)), Hub(tmp_path)).chat


def test_a_gguf_file_that_is_none_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    for content in (b"GGUF" + b"\0" * 4, b"", b"GGML" + b"\0" * 100):
        file.write_bytes(content)
        assert weights_of(understand(str(file)), Hub(tmp_path)).state == "incomplete"
