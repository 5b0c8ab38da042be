"""The head of a .gguf file -> its shape, written by the package that defines the form."""

from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFWriter

from agent.models.machine.judging import judge_named
from agent.models.machine.memory import Shape, gguf_shape
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.machine.machines import T4, made_up


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    writer = GGUFWriter(path, "gemma3")
    writer.add_block_count(12)
    writer.add_embedding_length(8)
    writer.add_feed_forward_length(16)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_key_length(4)
    writer.add_sliding_window(32)
    writer.add_token_list(["a", "b", "c"])
    writer.add_array("some.scores", [1.0, 2.0])
    for name in ("token_embd.weight", "blk.0.ffn_up.weight"):
        writer.add_tensor(name, np.zeros((16, 8), dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_head_tells_the_shape(file: Path) -> None:
    assert gguf_shape(file) == Shape(
        linear=0,
        other=2 * 16 * 8,
        rows=0,
        largest=0,
        layers=12,
        full=2,
        sliding=10,
        window=32,
        cached=8,
        hidden=8,
        inner=16,
        heads=8,
    )


@pytest.mark.parametrize("kept", [0, 3, 20, 100, 500])
def test_a_file_that_is_cut_is_none(file: Path, kept: int) -> None:
    file.write_bytes(file.read_bytes()[:kept])
    assert gguf_shape(file) is None


def test_it_runs_in_bf16_whatever_is_wished(file: Path, tmp_path: Path) -> None:
    judged = judge_named(made_up(tmp_path, T4), understand(str(file)), ModelOptions(precision="4bit"))
    assert (judged.model, judged.precision) == (str(file), "bf16")
    assert judged.why == "tiny.gguf in bf16 takes 0.9 GB of the 15.7 GB that are free on Tesla T4."


def test_one_that_is_cut_cannot_run(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:500])
    judged = judge_named(made_up(tmp_path, T4), understand(str(file)), ModelOptions())
    assert judged.model == "none"
    assert judged.why == (
        "tiny.gguf cannot run here: the weights of tiny.gguf are incomplete: 0 of 1 files, 0.0 GB."
    )
