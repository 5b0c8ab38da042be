"""What a wheel carries: every file that the program needs, named in pyproject.toml."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
ROOMS = ("agent", "evaluation", "fhir_fixtures", "portal", "tools")
STAYS = (
    "evaluation/accuracy.svg",  # shown by README.md
    "portal/deploy/",  # needs a checkout
    "portal/element/",  # sources of what lies in portal/page/static
    "portal/hooks/README.md",
    "portal/launch/README.md",
    "portal/mcp/README.md",
    "portal/openai/README.md",
)


def test_every_package_is_listed() -> None:
    folders = {file.parent for room in ROOMS for file in (ROOT / room).rglob("*.py")}
    found = {
        ".".join(folder.relative_to(ROOT).parts) for folder in folders if "node_modules" not in folder.parts
    }
    listed = set(SETUPTOOLS["packages"])
    assert found <= listed
    assert [name for name in listed if not (ROOT / name.replace(".", "/")).is_dir()] == []


def test_every_file_that_is_no_program_is_shipped_or_stays_on_purpose() -> None:
    shipped = {
        path
        for package, globs in SETUPTOOLS["package-data"].items()
        for glob in globs
        for path in (ROOT / package.replace(".", "/")).glob(glob)
    }
    there = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    left = (
        path.relative_to(ROOT).as_posix() for path in there if path.suffix != ".py" and path not in shipped
    )
    assert [name for name in left if "__pycache__" not in name and not name.startswith(STAYS)] == []
