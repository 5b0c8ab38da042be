"""names/*.toml -> recorded names, each with what people call the thing.

    [problem]
    "Fracture of clavicle (disorder)" = ["collarbone fracture", "clavicle fx", "broke her collarbone"]

A table is a kind of thing. The names are those of many systems: SNOMED CT, ICD-10-CM, LOINC, RxNorm, local labels.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("names")


@dataclass(frozen=True, slots=True)
class Called:
    """A thing as a record names it, and as people call it."""

    kind: str
    name: str
    ways: tuple[str, ...]


def called(folder: Path = FOLDER) -> Iterator[Called]:
    """Yield every thing of the files of a folder, in their order."""
    for file in sorted(folder.glob("*.toml")):
        for kind, things in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, ways in things.items():
                yield Called(kind, name, tuple(ways))
