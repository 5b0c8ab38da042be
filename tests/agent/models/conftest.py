"""Models for the tests: the real Gemma 3 270M."""

from pathlib import Path

import pytest

from tests.agent.models import real


@pytest.fixture(scope="session")
def gemma270() -> Path:
    """A folder with the real Gemma 3 270M and a chat template; skipped where its package is not installed."""
    return real.chat_folder()
