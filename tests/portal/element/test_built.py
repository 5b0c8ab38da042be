"""The committed element is what its sources give, its types are those of the API, and its logic and types hold."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.page.described import described

ELEMENT = Path(__file__).parents[3] / "portal" / "element"
STATIC = ELEMENT.parent / "page" / "static"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm: apt-get install npm"),
    pytest.mark.skipif(not (ELEMENT / "node_modules").is_dir(), reason="needs its packages: make page"),
]


def run(*command: str, given: str = "") -> str:
    done = subprocess.run(
        ["npx", "--no", *command], cwd=ELEMENT, input=given, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_fresh_build_gives_the_committed_bytes(tmp_path: Path) -> None:
    run("vite", "build", "--outDir", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["element.js"]
    assert (tmp_path / "element.js").read_bytes() == (STATIC / "element.js").read_bytes(), "run make page"


def test_the_types_of_what_the_portal_says_are_made_of_its_description() -> None:
    made = run("openapi-typescript", given=json.dumps(described()))
    assert made == (ELEMENT / "src" / "wire" / "api.ts").read_text(encoding="utf-8"), "run make page"


def test_types_hold() -> None:
    run("tsc")


def test_the_logic_without_a_page(tmp_path: Path) -> None:
    run("vite", "build", "--config", "vite.tests.config.ts", "--outDir", str(tmp_path))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    tests = [str(path) for path in tmp_path.glob("*.test.js")]
    done = subprocess.run(["node", "--test", *tests], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert "# pass 0" not in done.stdout
