"""What is measured -> what turns its mass into an amount of substance: molar mass, charge, the ratio of HbA1c.

`substances.toml` has them with their sources. Which test is of which substance is told in `tools.measuring.analytes`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "substances.toml"
_ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")


@dataclass(frozen=True, slots=True)
class Substance:
    """What a test measures.

    Attributes:
        concept: its label in concepts.toml, "" if it has none.
        codes: LOINC codes of its tests.
        names: what records call it besides.
        mass: grams of a mole; None if it is not told as a mass.
        charge: so many eq are one mol; None if it is not told so.
        per: grams of a mole of what stands below the line of a ratio.
        units: in which laboratories report it.
        master: slope and intercept of the percent (NGSP) that so many mmol/mol (IFCC) are.
    """

    concept: str
    codes: frozenset[str]
    names: tuple[str, ...]
    mass: Fraction | None = None
    charge: int | None = None
    per: Fraction | None = None
    master: tuple[Fraction, Fraction] | None = None
    units: tuple[str, ...] = ()


@cache
def substances() -> Mapping[str, Substance]:
    """Return every substance by its label."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    atoms = {atom: Fraction(weight) for atom, weight in read["atoms"].items()}
    return {
        label: _substance(label, line, read["substances"], atoms)
        for label, line in read["substances"].items()
    }


@cache
def interchanged() -> tuple[tuple[str, ...], ...]:
    """Return the units of vital signs that go together."""
    lines = tomllib.loads(_FILE.read_text(encoding="utf-8"))["interchanged"]["units"]
    return tuple(tuple(line.split()) for line in lines)


def _substance(
    label: str, line: Mapping[str, str], lines: Mapping[str, Mapping[str, str]], atoms: Mapping[str, Fraction]
) -> Substance:
    master = line.get("master")
    return Substance(
        line.get("concept", label),
        frozenset(line.get("codes", "").split()),
        tuple(name.strip() for name in line.get("names", "").split(",") if name.strip()),
        _mass(line, atoms),
        int(line["charge"]) if "charge" in line else None,
        _mass(lines[line["per"]], atoms) if "per" in line else None,
        (Fraction(master["slope"]), Fraction(master["intercept"])) if isinstance(master, dict) else None,
        tuple(line.get("units", "").split()),
    )


def _mass(line: Mapping[str, str], atoms: Mapping[str, Fraction]) -> Fraction | None:
    if "mass" in line:
        return Fraction(line["mass"])
    found = _ATOM.findall(line.get("formula", ""))
    return sum((atoms[atom] * int(many or 1) for atom, many in found), Fraction(0)) or None
