"""A real server with a real Gemma behind the endpoint: `transformers serve` on this machine.

The model is a base model of 270 million parameters: form can be expected of it, sense cannot.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from langchain_core.callbacks import get_usage_metadata_callback

from tests.agent.models.endpoint.asking import SCHEMA, ask, opened, sentence

pytestmark = [pytest.mark.slow, pytest.mark.real_model]
PATIENT = 180.0


@pytest.fixture(scope="module")
def served(gemma270: Path) -> Iterator[tuple[str, str]]:
    """The base URL and the name of the model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "transformers",
        "serve",
        str(gemma270),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--device",
        "cpu",
    ]
    alone = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "2"}
    own = Path(sys.executable).parent / command[0]
    server = subprocess.Popen(
        [str(own), *command[1:]], env=alone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}/v1", str(gemma270)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    over = time.monotonic() + PATIENT
    while time.monotonic() < over:
        assert server.poll() is None, "transformers serve ended"
        try:
            if httpx2.get(url, timeout=2).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.5)
    raise AssertionError("transformers serve did not become healthy")


def test_a_real_server_streams_an_answer_and_counts_its_tokens(served: tuple[str, str]) -> None:
    url, name = served
    heard: list[str] = []
    model = opened(url, name=name, timeout=PATIENT)
    with get_usage_metadata_callback() as used:
        said = ask(model, longest=16, hear=heard.append)
    assert said.text
    assert len([piece for piece in heard if piece]) > 3
    (counted,) = used.usage_metadata.values()
    assert counted["input_tokens"] > 10
    assert 0 < counted["output_tokens"] <= 16
    assert said.cut is (counted["output_tokens"] == 16)


def test_a_real_server_that_ignores_the_schema_still_answers(served: tuple[str, str]) -> None:
    url, name = served
    assert ask(opened(url, name=name, timeout=PATIENT), longest=8, schema=SCHEMA).text


def test_the_same_question_gets_the_same_answer(served: tuple[str, str]) -> None:
    url, name = served
    model = opened(url, name=name, timeout=PATIENT)
    assert ask(model, longest=8) == ask(model, longest=8)


def test_a_real_server_does_not_know_the_model(served: tuple[str, str]) -> None:
    url, name = served
    said = f"{url} has no model 'no-such-model'; it offers {name!r}."
    assert sentence(opened(url, name="no-such-model")) == ("endpoint", said)
