"""A gold answer and answers that are wrong here -> four or five choices with exactly one right.

The wrong ones come from the same record where the kind of question gives them (another day of the same test, another
drug), else from the answer itself: off by one, another day. "Not recorded" is sometimes among them.
"""

from datetime import date, timedelta
from random import Random

from evaluation.gold.question import Gold, Value
from evaluation.gold.resource import untagged

NOT_RECORDED = "Not recorded"
LETTERS = "ABCDE"
_SINGULAR = {"days": "day", "years": "year"}
_FEWEST, _MOST = 4, 5
_APART = 0.02
"""Numbers closer than this share of each other are not told apart by everybody who rounds."""


def choices(gold: Gold, random: Random, now: str) -> tuple[tuple[str, ...], str] | None:
    """Return the choices and the letter of the right one; None if there are not enough wrong ones.

    No made-up day is the clock (an ISO day) or later: it would give itself away.
    """
    right = gold.right or phrased(_one(gold), gold.unit)
    wrong = [text for text in dict.fromkeys(_wrong(gold, random, now)) if text != right]
    wanted = random.randint(_FEWEST, _MOST) - 1
    if right != NOT_RECORDED and not _bool(gold) and random.random() < 1 / 3:
        wrong = [*wrong[: wanted - 1], NOT_RECORDED]
    if len(wrong) < _FEWEST - 1:
        return None
    offered = [right, *wrong[:wanted]]
    random.shuffle(offered)
    return tuple(offered), LETTERS[offered.index(right)]


def phrased(answer: tuple[Value, ...], unit: str = "") -> str:
    """Return an answer as a choice shows it.

    >>> phrased((7.25,), "%"), phrased(("Asthma (disorder)", "Cough (finding)")), phrased(()), phrased((True,))
    ('7.25 %', 'Asthma; Cough', 'Not recorded', 'Yes')
    """
    if not answer:
        return NOT_RECORDED
    return "; ".join(_value(value, unit) for value in answer)


def _one(gold: Gold) -> tuple[Value, ...]:
    """Return the answer as one choice: of values that are each right, the first."""
    return gold.answer[:1] if gold.match == "any" else gold.answer


def _value(value: Value, unit: str) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return untagged(value)
    number = f"{value:.6g}" if isinstance(value, float) else str(value)
    if number == "1" and unit in _SINGULAR:
        return f"1 {_SINGULAR[unit]}"
    return f"{number} {unit}".strip() if unit and not unit.startswith("{") else number


def _wrong(gold: Gold, random: Random, now: str) -> list[str]:
    if gold.wrong:
        return list(gold.wrong)
    told, near = list(gold.others), _near(gold, random, now)
    random.shuffle(told)
    kept: list[tuple[Value, ...]] = []
    for answer in (*near[:1], *told, *near[1:]):
        if len(kept) < _MOST and not _same(answer, gold) and not any(_alike(answer, other) for other in kept):
            kept.append(answer)
    return [phrased(answer, gold.unit) for answer in kept]


def _near(gold: Gold, random: Random, now: str) -> list[tuple[Value, ...]]:
    """Return wrong answers made of the right one: off by one, another day, twice as much."""
    if len(gold.answer) != 1:
        return []
    value = gold.answer[0]
    if isinstance(value, bool):
        return []
    if isinstance(value, str):
        return _other_days(value, random, now)
    if isinstance(value, int):
        off = random.sample([1, -1, 2, 3], 4)
        return [(value + by,) for by in off if value + by >= 0]
    factors = random.sample([0.8, 0.9, 1.1, 1.25], 4)
    return [(round(value * factor, _decimals(value)),) for factor in factors]


def _decimals(value: float) -> int:
    """Return how many decimals a number is written with, so that the wrong ones look like the right one."""
    return len(repr(value).partition(".")[2])


def _other_days(value: str, random: Random, now: str) -> list[tuple[Value, ...]]:
    try:
        right = date.fromisoformat(value)
    except ValueError:
        return []
    off = random.sample([1, -1, 7, 30, -30, 365, -365], 7)
    days = ((right + timedelta(days=by)).isoformat() for by in off)
    return [(day,) for day in days if day < now]


def _same(answer: tuple[Value, ...], gold: Gold) -> bool:
    """Whether an answer could count as the right one."""
    if gold.match == "any":
        return any(_alike(answer, (value,)) for value in gold.answer)
    return _alike(answer, gold.answer)


def _alike(one: tuple[Value, ...], other: tuple[Value, ...]) -> bool:
    if len(one) != len(other):
        return False
    if len(one) == 1 and _number(one[0]) and _number(other[0]):
        a, b = float(one[0]), float(other[0])
        whole = isinstance(one[0], int) and isinstance(other[0], int)
        return a == b if whole else abs(a - b) <= max(_APART * max(abs(a), abs(b)), 0.11)
    return sorted(phrased((v,)).lower() for v in one) == sorted(phrased((v,)).lower() for v in other)


def _number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bool(gold: Gold) -> bool:
    return len(gold.answer) == 1 and isinstance(gold.answer[0], bool)
