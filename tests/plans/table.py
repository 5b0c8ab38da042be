"""The table of plans in `kinds/`: one entry for each question, TOML -> `PlannedQuestion`.

An entry has
    kind, patient, question;
    calls: the plan, in the plan language (id, tool, arguments);
    answer: ids of the calls whose values are the answer; left out, those to which no other call refers;
    values: what is right: days in ISO form, names as recorded, numbers to two decimals or more;
        none where it abstains;
    unit: of the numbers;
    outcome: of the calls of the answer, where it abstains;
    in_words: the values stand in a sentence, such as a dosage, and are looked for there;
    reckoned: the function of `reckoning.py` that gives the values (`by`), and its parameters in codes.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.plans.reckoning import Value

Json = dict[str, Any]
FOLDER = Path(__file__).parent / "kinds"


@dataclass(frozen=True)
class PlannedQuestion:
    kind: str
    patient: str
    question: str
    calls: tuple[Json, ...]
    values: tuple[Value, ...]
    reckoned: Json
    answer: tuple[str, ...] = ()
    unit: str = ""
    outcome: str = ""
    in_words: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.question} ({self.patient})"

    @property
    def answering(self) -> tuple[str, ...]:
        """The ids of the calls whose values are the answer."""
        referred = {name for call in self.calls for name in _references(call["arguments"])}
        return self.answer or tuple(call["id"] for call in self.calls if call["id"] not in referred)


def _references(arguments: Mapping[str, Any]) -> Iterator[str]:
    """The ids (and constants) that `when` and the `of` of a calculation name."""
    if isinstance(arguments.get("when"), Mapping):
        yield arguments["when"]["of"]
    if isinstance(arguments.get("of"), list):
        yield from (str(one) for one in arguments["of"])


def _read() -> Iterator[PlannedQuestion]:
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["plan"]:
            lists = {key: tuple(entry[key]) for key in ("calls", "values", "answer") if key in entry}
            yield PlannedQuestion(**{**entry, **lists})


PLANS = tuple(_read())
