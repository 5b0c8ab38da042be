"""Two scored runs on the same questions -> what one has right and the other has not, and whether that is chance.

Paired question by question, each form by itself, the first run of each. The test is McNemar's, exact, on the whole of
a form; the interval of the difference comes from drawing patients (`metrics.intervals`).
Left out: a test for each category; ten tests would find something by chance.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.dataset import Form
from evaluation.entries import Entry, by_form, first_run
from evaluation.metrics.intervals import Mean, Share, mcnemar, mean, share
from tools.calls.errors import BadArgument

Pair = tuple[Entry, Entry]


@dataclass(frozen=True, slots=True)
class Paired:
    """How two runs answered the same questions.

    Attributes:
        both, only_first, only_second, neither: which of them was right.
        first, second: the accuracy of each.
        first_wrong, second_wrong: how often each claimed something false.
        difference: of the accuracies, second minus first.
        judged: verdicts of either run that a judge model gave.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    first: Share
    second: Share
    first_wrong: Share
    second_wrong: Share
    difference: Mean
    judged: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One form of two runs.

    Attributes:
        overall: all questions.
        p: McNemar's, two-sided.
        by_category: the same counts, category by category.
        changed: the pairs that changed sides, first those that the second run lost.
    """

    overall: Paired
    p: float
    by_category: dict[str, Paired]
    changed: tuple[Pair, ...]


def compare(first: Sequence[Entry], second: Sequence[Entry]) -> dict[Form, Comparison]:
    """Compare two runs, form by form.

    Raises:
        BadArgument: a run is empty, or the runs are not about the same questions; the message names the first id.
        SetupError: scipy is not installed.
    """
    ones, others = first_run(first), first_run(second)
    _check_same_questions(ones, others)
    told = {_question(entry): entry for entry in others}
    return {
        form: _comparison([(e, told[_question(e)]) for e in group]) for form, group in by_form(ones).items()
    }


def _comparison(pairs: Sequence[Pair]) -> Comparison:
    overall, categories = _paired(pairs), defaultdict(list)
    for pair in pairs:
        categories[pair[0].case.category].append(pair)
    changed = [pair for pair in pairs if pair[0].right != pair[1].right]
    return Comparison(
        overall,
        mcnemar(overall.only_first, overall.only_second),
        {name: _paired(categories[name]) for name in sorted(categories)},
        tuple(sorted(changed, key=lambda pair: pair[1].right)),
    )


def _paired(pairs: Sequence[Pair]) -> Paired:
    sides = [(one.right, other.right) for one, other in pairs]
    difference = mean((one.case.patient, other.right - one.right) for one, other in pairs)
    return Paired(
        both=sides.count((True, True)),
        only_first=sides.count((True, False)),
        only_second=sides.count((False, True)),
        neither=sides.count((False, False)),
        first=share(sum(one for one, _ in sides), len(sides)),
        second=share(sum(other for _, other in sides), len(sides)),
        first_wrong=share(sum(one.score.verdict == "wrong" for one, _ in pairs), len(pairs)),
        second_wrong=share(sum(other.score.verdict == "wrong" for _, other in pairs), len(pairs)),
        difference=difference,
        judged=sum(entry.judged for pair in pairs for entry in pair),
    )


def _check_same_questions(first: Sequence[Entry], second: Sequence[Entry]) -> None:
    one = {_question(entry): entry.case for entry in first}
    other = {_question(entry): entry.case for entry in second}
    for key in [*one, *other]:
        if key not in one or key not in other:
            example = ", ".join(next(iter(one)))
            raise BadArgument("question", ", ".join(key), "one that is in both runs", example)
        if one[key] != other[key]:
            wish = "the same question and gold answer in both runs"
            raise BadArgument(f"question id {key[0]!r}", other[key].question, wish, one[key].question)


def _question(entry: Entry) -> tuple[str, Form]:
    return entry.case.id, entry.result.form
