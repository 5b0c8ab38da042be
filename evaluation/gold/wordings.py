"""`words/*.toml` -> the wordings of each kind of question, in the clinician's and in the patient's voice."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of one kind of question; most serve both voices."""

    clinician: tuple[str, ...]
    patient: tuple[str, ...]


@cache
def wordings() -> dict[str, Wordings]:
    """Return the wordings by the name of the kind of question."""
    return read_wordings(files("evaluation.gold").joinpath("words"))


def read_wordings(folder: Traversable) -> dict[str, Wordings]:
    """Return the wordings in the files of a folder.

    Raises:
        ValueError: two files word the same kind.
    """
    found: dict[str, Wordings] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        for name, given in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{file.name}: {name!r} has wordings in another file, too.")
            both = given.get("both", [])
            found[name] = Wordings((*both, *given.get("clinician", [])), (*both, *given.get("patient", [])))
    return found
