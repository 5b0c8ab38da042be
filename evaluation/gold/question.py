"""What a kind of question gives for one chart: the words that fill it, its gold answer, and other answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from evaluation.gold.chart import Chart

Value = bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One question with its gold answer, before it is put in words.

    Attributes:
        slots: what stands in the wording's places, e.g. {"x": ("HbA1c", "A1c")}; of several one is drawn.
        answer: the gold values, in the order of time for a list; empty when the record does not say.
        resources: that carry the answer.
        match: "any": one of the values is right.
        unit: of numbers, as recorded.
        others: answers that are wrong here but could be meant, from the same record: the wrong choices.
        right, wrong: the choices in words, where values do not tell them (`choices.py` says what it does else).
    """

    slots: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    answer: tuple[Value, ...]
    resources: tuple[str, ...] = ()
    match: str = "all"
    unit: str = ""
    others: tuple[tuple[Value, ...], ...] = ()
    right: str = ""
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question.

    Attributes:
        name: as in `words/`, e.g. "condition-onset".
        ask: gives all questions of this kind that a chart allows, or a fair draw of them.
        steps: look-ups that the answer takes.
    """

    name: str
    ask: Callable[[Chart, Random], Iterable[Gold]]
    steps: int = 1
