"""A text on file -> other texts that could have been on file: the wrong choices about a person.

Numbers with a digit exchanged, other names of people in the record, other values of the same list, other days.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.resource import at

Spare = Callable[[Chart, Sequence[str], Random], Sequence[str]]

_NAMES = {
    "given": ("Maria", "James", "Linda", "Robert", "Susan", "David"),
    "family": ("Reyes", "Novak", "Bennett", "Walsh", "Ortiz", "Keller"),
}
_DRAWS = 30
_WRONG = 5


def listed(*values: str) -> Spare:
    """Return the values of a list that are not the one on file."""

    def spare(chart: Chart, told: Sequence[str], random: Random) -> Sequence[str]:
        known = {each.lower() for each in told}
        return [each for each in random.sample(values, len(values)) if each.lower() not in known]

    return spare


def people(*parts: str) -> Spare:
    """Return names of the practitioners in the record and of nobody: their parts, "given" or "family"."""

    def spare(chart: Chart, told: Sequence[str], random: Random) -> Sequence[str]:
        found = [[at(each, f"name.{part}") for part in parts] for each in chart.of("Practitioner")]
        made = zip(*(random.sample(_NAMES[part], _WRONG) for part in parts), strict=True)
        drawn = random.sample(found, min(len(found), 2))
        names = [" ".join(each) for each in (*drawn, *made) if all(each)]
        return [each for each in dict.fromkeys(names) if not any(each in name for name in told)]

    return spare


def digits(sample: str) -> Spare:
    """Return the text on file with one digit exchanged; made of a sample where nothing with digits is on file."""

    def spare(chart: Chart, told: Sequence[str], random: Random) -> Sequence[str]:
        text = next((each for each in told if any(sign.isdigit() for sign in each)), sample)
        made = dict.fromkeys(_exchanged(text, random) for _ in range(_DRAWS))
        return [each for each in made if each not in told][:_WRONG]

    return spare


def days(right: str, random: Random, *, back: bool = False) -> list[str]:
    """Return other days: near by, and with the year or the month misread; before the right one if `back`."""
    off = random.sample([1, 7, 31, 365, 3653, 730], 6)
    signs = [-1 if back else random.choice((-1, 1)) for _ in off]
    return [
        (date.fromisoformat(right) + timedelta(days=by * sign)).isoformat()
        for by, sign in zip(off, signs, strict=True)
    ]


def _exchanged(text: str, random: Random) -> str:
    place = random.choice([number for number, sign in enumerate(text) if sign.isdigit()])
    other = random.choice([digit for digit in "123456789" if digit != text[place]])
    return text[:place] + other + text[place + 1 :]
