"""What the READMEs of the doors for AI clients tell a user to run does run."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from portal.mcp.command import app as mcp
from tests.portal.doors_for_tests import an_app, listening

ROOT = Path(__file__).parents[2]
MCP, OPENAI = (ROOT / "portal" / door / "README.md" for door in ("mcp", "openai"))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(an_app(tmp_path_factory.mktemp("portal"))) as where:
        yield where


def blocks(readme: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", readme.read_text(encoding="utf-8"), re.M | re.S)


def here(block: str, url: str) -> str:
    return block.replace("http://127.0.0.1:8765", url).replace("TOKEN", "token-adelina")


@pytest.mark.parametrize("readme", [MCP, OPENAI], ids=["mcp", "openai"])
def test_the_python_runs(readme: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = blocks(readme, "python")
    exec(compile(here(block, url), str(readme), "exec"), {"__name__": "__main__"})
    assert "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_shell_runs(url: str) -> None:
    (block,) = blocks(OPENAI, "sh")
    ran = subprocess.run(["sh", "-c", here(block, url)], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout)["fhir_assistant"]["values"] == [7.3]


def test_the_settings_are_what_the_command_takes() -> None:
    stdio, http = (json.loads(block)["mcpServers"]["record"] for block in blocks(MCP, "json"))
    command, *arguments = stdio["args"]
    assert (stdio["command"], command) == ("fhir-assistant", "mcp")
    known = {option for parameter in get_command(mcp).params for option in parameter.opts}
    assert [word for word in arguments if word.startswith("-") and word not in known] == []
    assert (http["url"], list(http["headers"])) == ("http://127.0.0.1:8765/mcp", ["Authorization"])
