"""Gold values -> false ones: a digit, a day, a swapped name, a flipped boolean, one more or less, a letter.

What counts as far enough is written here once more, and not taken from the scorers: they are what is tested.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from evaluation.dataset import LETTERS, Case, Value

Values = tuple[Value, ...]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_ALWAYS = ("Zinc deficiency", "Yellow fever vaccination")


def names(cases: Iterable[Case]) -> Mapping[str, tuple[Value, ...]]:
    """The names among the gold values, by category: those of other patients, too."""
    found: dict[str, dict[Value, None]] = defaultdict(dict)
    for case in cases:
        found[case.category].update((value, None) for value in case.answer if _is_name(value))
    return {category: tuple(held) for category, held in found.items()}


def changed(case: Case, others: Sequence[Value]) -> Iterator[tuple[str, Values]]:
    """What is corrupted, and the gold values with one of them changed."""
    for place, value in enumerate(case.answer):
        for what, false in _false(value, case, others):
            yield what, (*case.answer[:place], false, *case.answer[place + 1 :])


def longer(case: Case, others: Sequence[Value]) -> Iterator[tuple[str, Values]]:
    """The gold values with one more; a claim where the record does not say."""
    if not case.answer:
        yield from (("a claim", (claim,)) for claim in (True, False, 0, 1, 6.4, "2020-03-04", _ALWAYS[0]))
    for what, false in _false(case.answer[-1], case, others) if case.answer else ():
        yield f"one more: {what}", (*case.answer, false)


def shorter(case: Case) -> Iterator[tuple[str, Values]]:
    """The gold values with one less."""
    for place in range(len(case.answer)):
        yield "one less", (*case.answer[:place], *case.answer[place + 1 :])


def letters(case: Case) -> list[str]:
    """The other choices."""
    return [letter for letter in LETTERS[: len(case.answer_choices)] if letter != case.correct_answer]


def _false(value: Value, case: Case, others: Sequence[Value]) -> Iterator[tuple[str, Value]]:
    if isinstance(value, bool):
        yield "flipped", not value
    elif not isinstance(value, str):
        yield from (("a digit", n) for n in _digits(value) if _apart(n, case))
    elif _DAY.match(value):
        days = (date.fromisoformat(value[:10]) + timedelta(by) for by in (-1, 1))
        yield from (("a day", day.isoformat()) for day in days if day.isoformat() not in case.answer)
    elif _MONTH.fullmatch(value):
        yield "a month", (date.fromisoformat(f"{value}-01") + timedelta(31)).isoformat()[:7]
    else:
        taken = {_bare(each) for each in case.answer}
        yield from (("a name", other) for other in (*others, *_ALWAYS)[:12] if _bare(other) not in taken)


def _digits(number: float) -> Iterator[float]:
    """The number with each of its digits changed in turn, once to the next one and once by five."""
    text = str(number)
    for place, digit in enumerate(text):
        if digit.isdigit():
            told = (f"{text[:place]}{(int(digit) + by) % 10}{text[place + 1 :]}" for by in (1, 5))
            yield from (type(number)(each) for each in told)


def _apart(number: float, case: Case) -> bool:
    """Whether a number is none of the gold ones, even with the tolerance of either."""
    golds = [float(gold) for gold in case.answer if isinstance(gold, int | float)]
    return all(abs(number - gold) > max(_margin(gold, case), _margin(number, case)) + 1e-9 for gold in golds)


def _margin(gold: float, case: Case) -> float:
    if case.tolerance is not None:
        return case.tolerance
    if gold == int(gold):
        return 0.5 if abs(gold) > 1000 else 0.051
    return max(0.05, 0.005 * abs(gold))


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and not _MONTH.match(value)


def _bare(value: Value) -> str:
    return _BRACKETS.sub("", " ".join(str(value).lower().split()))
