"""What is wrong with a portal that is to listen, said before it listens."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.models.options import ModelOptions
from fhir_fixtures import records
from portal.serving import Serving, serve
from portal.settings import Settings
from tools.calls.errors import SetupError

WRONG = [
    ("mysql://nobody/x", "--database: expected sqlite:///portal.db or postgresql://user@host/name."),
    (
        "sqlite:////proc/nowhere/portal.db",
        "The database /proc/nowhere/portal.db: No such file or directory. Name a file that can be written.",
    ),
]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def served(settings: Settings, workers: int = 1) -> None:
    options = ModelOptions()
    doing = Serving(records=str(records()), model="none", planner="auto", options=options, settings=settings)
    serve(doing, workers, pytest.fail)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("database", "sentence"), WRONG)
def test_a_database_that_cannot_be_used(database: str, sentence: str, workers: int) -> None:
    with pytest.raises(SetupError) as refused:
        served(Settings(database=database, port=0), workers)
    assert str(refused.value) == sentence


def test_a_database_server_that_is_not_there_is_told_in_one_line() -> None:
    with pytest.raises(SetupError, match="The database of the portal cannot be used: ") as refused:
        served(Settings(database="postgresql://127.0.0.1:1/x", port=0))
    assert "\n" not in str(refused.value)


def test_a_port_that_is_taken(tmp_path: Path, taken: int) -> None:
    with pytest.raises(
        SetupError, match=f"--port {taken}: Address already in use; --port 0 takes a free one"
    ):
        served(Settings(database=f"sqlite:///{tmp_path / 'portal.db'}", port=taken))
