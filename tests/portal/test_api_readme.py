"""What the README tells of the HTTP API: its requests are those there are, and what curl prints is what is shown."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.app import make
from portal.conversations.feed import LAST
from portal.conversations.told import _NAMES, _WORDS
from tests.portal.doors_for_tests import listening
from tests.portal.portal_for_tests import a_portal

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
CURL = next(
    block for block in re.findall(r"^```console\n(.*?)^```$", README, re.M | re.S) if "$ curl" in block
)


def cells(heading: str) -> list[str]:
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", README, re.M)
    assert found, f"no table begins with {heading!r}"
    return [name for row in found[1].splitlines() for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(make(a_portal(tmp_path_factory.mktemp("portal")))) as where:
        yield where


def test_the_requests_are_those_there_are(tmp_path: Path) -> None:
    paths = make(a_portal(tmp_path)).openapi()["paths"]
    there = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert sorted(cells("request")) == sorted(line for line in there if " /api/" in line)


def test_the_events_are_those_there_are() -> None:
    assert set(cells("event")) == {"scope", "plan", "facts", "check"} | _WORDS | set(_NAMES.values()) | LAST


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_session_prints_what_is_shown(url: str) -> None:
    conversation = ""
    for part in re.split(r"^\$ ", CURL, flags=re.M)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        here = command.replace("http://127.0.0.1:8765", url).replace("/ID/", f"/{conversation}/")
        ran = subprocess.run(["sh", "-c", here], capture_output=True, text=True, check=True)
        forms = [re.compile(".*".join(map(re.escape, line.split("…")))) for line in shown if line != "…"]
        printed = ran.stdout.splitlines()
        assert [form.pattern for form in forms if not any(map(form.fullmatch, printed))] == [], ran.stdout
        conversation = conversation or json.loads(ran.stdout)["id"]
