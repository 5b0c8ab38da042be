"""Imports point one way: portal, evaluation -> agent -> tools; FHIR JSON stays on the floor of the entries."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "tools": {"tools"},
    "fhir_fixtures": {"fhir_fixtures"},
    "agent": {"agent", "tools", "fhir_fixtures"},
    "portal": {"portal", "agent", "tools", "fhir_fixtures"},
    "evaluation": {"evaluation", "agent", "tools", "fhir_fixtures"},
}
HEAVY = ("torch", "transformers", "accelerate", "fhir.resources", "fhirpathpy", "pypdf", "striprtf")


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.split(".")[0] for name in names} & set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    trespassers = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in (ROOT / room).rglob("*.py")
        for other in imported_rooms(path) - MAY_IMPORT[room]
    }
    assert not trespassers


@pytest.mark.parametrize("module", ["agent.assistant", "agent.cli"])
def test_starting_up_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"
