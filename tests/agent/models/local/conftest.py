"""Tiny checkpoints, made once for a session and loaded through the door that the real ones go through."""

from pathlib import Path

import pytest

from agent.models.local import open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.local import tiny


@pytest.fixture(scope="session")
def text_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_text(tmp_path_factory.mktemp("models") / "tiny-text")


@pytest.fixture(scope="session")
def picture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_multimodal(tmp_path_factory.mktemp("models") / "tiny-pictures")


@pytest.fixture(scope="session")
def text_model(text_folder: Path) -> Model:
    return open_local(understand(str(text_folder)), ModelOptions())


@pytest.fixture(scope="session")
def picture_model(picture_folder: Path) -> Model:
    return open_local(understand(str(picture_folder)), ModelOptions())


@pytest.fixture(scope="session")
def thinking_model(text_folder: Path) -> Model:
    return open_local(understand(str(text_folder)), ModelOptions(thinking="on"))
