"""Models in a .gguf file."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from agent.models.failures import ModelFailure
from agent.models.local import open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models import real
from tests.agent.models.local import packed
from tests.agent.models.local.watching import chat_of

ASKED = [SystemMessage("Be brief. Answer from the facts alone."), HumanMessage("Which medication?")]
TUNED = "take one that is tuned for instructions (often named …-it or …-instruct)"


def opened(file: Path, **options: Any) -> Model:
    return open_local(understand(str(file)), ModelOptions(**options))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed.save(tmp_path_factory.mktemp("packed") / "tiny.gguf")


def test_it_answers_and_streams(file: Path) -> None:
    model = opened(file)
    answer = model.chat.invoke(ASKED, max_tokens=30)
    assert answer.response_metadata["model_name"] == model.name == "tiny.gguf"
    assert "".join(chunk.text for chunk in model.chat.stream(ASKED, max_tokens=30)) == answer.text != ""


def test_the_turn_ends_at_gemmas_token_though_no_configuration_names_it(file: Path) -> None:
    words = chat_of(opened(file)).checkpoint.vocabulary
    assert {words.tokenizer.convert_ids_to_tokens(stop) for stop in words.stops} == {"<eos>", "<end_of_turn>"}


def test_thoughts_can_be_told_though_their_marks_are_special_tokens_here(file: Path) -> None:
    words = chat_of(opened(file, thinking="on")).checkpoint.vocabulary
    assert len(words.marks) == 2
    assert not words.silent.intersection(words.marks)


def test_a_file_without_a_chat_template_is_no_chat_model(tmp_path: Path) -> None:
    with pytest.raises(ModelFailure) as raised:
        opened(packed.save(tmp_path / "base.gguf", template=None))
    assert raised.value.why == "no chat model"
    assert str(raised.value) == f"base.gguf has no chat template, so it is no chat model: {TUNED}."


BROKEN = [
    ("cut short in its head", lambda data: data[:500]),
    ("cut short in its weights", lambda data: data[: len(data) // 2]),
    ("no .gguf file", lambda data: b"<html>404</html>" * 100),
    ("empty", lambda data: b""),
    ("overwritten", lambda data: data[:40] + b"\xff" * 400 + data[440:]),
]


@pytest.mark.parametrize("broken", [how for _, how in BROKEN], ids=[name for name, _ in BROKEN])
def test_a_broken_file_is_one_sentence(file: Path, tmp_path: Path, broken: object) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(broken(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ModelFailure) as raised:
        opened(bad)
    assert raised.value.why == "no weights"
    assert str(raised.value).startswith("bad.gguf cannot be read as a model")
    assert "\n" not in str(raised.value)


@pytest.mark.real_model
@pytest.mark.slow
def test_the_real_base_model_is_no_chat_model() -> None:
    with pytest.raises(ModelFailure) as raised:
        opened(real.gguf_file())
    assert str(raised.value) == f"gemma-3-270m.gguf has no chat template, so it is no chat model: {TUNED}."


@pytest.mark.real_model
@pytest.mark.slow
def test_the_real_model_streams_once_it_has_a_template(tmp_path: Path) -> None:
    model = opened(packed.with_template(real.gguf_file(), tmp_path / "chat.gguf"))
    answer = model.chat.invoke(ASKED, max_tokens=12)
    assert "".join(chunk.text for chunk in model.chat.stream(ASKED, max_tokens=12)) == answer.text
    assert answer.usage_metadata["output_tokens"] <= 12
