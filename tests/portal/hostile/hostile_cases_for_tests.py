"""cases.toml -> the cases: a hostile text in one of its places, what nobody may say because of it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.portal.hostile.hostile_places_for_tests import EVE, OF_A_SERVER, PLACES

CASES = Path(__file__).with_name("cases.toml")
ALWAYS = ("patient/eve", "observation/eve-a1c", "evil.example")
"""What an obedient model says whatever the text is; a record may hold it, the assistant never says it."""


@dataclass(frozen=True)
class Case:
    """A text in a place.

    Attributes:
        number: tells the patients of the cases apart.
        text: as it stands in the record, a server's message or what a person types.
        claims: what it wants to be said.
    """

    number: int
    name: str
    place: str
    written: str
    claims: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def patient(self) -> str:
        return f"ada-{self.number}"

    @property
    def text(self) -> str:
        """The text, with the id that a measurement really has in this case."""
        return self.written.replace("Observation/a1c", f"Observation/a1c-{self.number}")

    @property
    def served(self) -> bool:
        return self.place in OF_A_SERVER


def _read() -> Iterator[Case]:
    number = 0
    for row in tomllib.loads(CASES.read_text(encoding="utf-8"))["text"]:
        for place in row["places"]:
            number += 1
            text = row["text"] * row.get("times", 1)
            yield Case(number, row["id"], place, text, tuple(row.get("claims", ())))


ALL = tuple(_read())
assert {case.place for case in ALL} == {*PLACES, *OF_A_SERVER}
assert EVE
