"""Questions, results and scores -> entries: what was asked, what was answered, and how it was judged.

Left out: judging, and results of which some are missing; a run that was not finished is resumed first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.dataset import Case, Form
from evaluation.result import Key, Result
from evaluation.score import Score
from tools.calls.errors import BadArgument

FORMS: tuple[Form, ...] = ("open", "choice")
_JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer with its question and its verdict."""

    case: Case
    result: Result
    score: Score

    @property
    def key(self) -> Key:
        """What no two entries share."""
        return self.result.key

    @property
    def right(self) -> bool:
        """Whether the verdict is right."""
        return self.score.verdict == "right"

    @property
    def judged(self) -> bool:
        """Whether a judge model decided, not a rule."""
        return self.score.scorer.startswith(_JUDGE)


def aligned(cases: Iterable[Case], results: Iterable[Result], scores: Iterable[Score]) -> list[Entry]:
    """Return the entries in the order of the questions, then of form and run.

    Raises:
        BadArgument: there is nothing; a result or a score belongs to other questions, or one is missing. The
            message names the id.
    """
    asked = {case.id: case for case in cases}
    given = {result.key: result for result in results}
    verdicts = {score.key: score for score in scores}
    if not given:
        raise BadArgument("results", [], "at least one result", "a file that `evaluate run` wrote")
    for result in given.values():
        _check_question(asked, result)
    _check_same_keys(given, verdicts)
    _check_complete(asked, given)
    order = {id: place for place, id in enumerate(asked)}
    keys = sorted(given, key=lambda key: (order[key[0]], FORMS.index(key[1]), key[2]))
    return [Entry(asked[key[0]], given[key], verdicts[key]) for key in keys]


def first_run(entries: Sequence[Entry]) -> list[Entry]:
    """Return each question once in each form: of each form the lowest run.

    Raises:
        BadArgument: there are none.
    """
    if not entries:
        raise BadArgument("entries", [], "at least one scored answer", "aligned(cases, results, scores)")
    lowest = {form: min(entry.result.run for entry in group) for form, group in by_form(entries).items()}
    return [entry for entry in entries if entry.result.run == lowest[entry.result.form]]


def by_form(entries: Sequence[Entry]) -> dict[Form, list[Entry]]:
    """Return the entries of each form that was asked."""
    split: dict[Form, list[Entry]] = {
        form: [entry for entry in entries if entry.result.form == form] for form in FORMS
    }
    return {form: group for form, group in split.items() if group}


def _check_question(asked: Mapping[str, Case], result: Result) -> None:
    case = asked.get(result.id)
    if case is None:
        raise BadArgument("result id", result.id, "an id of the question file", next(iter(asked), "q1"))
    if not result.answers(case):
        wish = f"the question, patient and day of {case.id!r} in the question file"
        raise BadArgument(f"result id {result.id!r} question", result.question, wish, case.question)


def _check_same_keys(given: Mapping[Key, Result], verdicts: Mapping[Key, Score]) -> None:
    for key in given:
        if key not in verdicts:
            raise BadArgument("result", _named(key), "one with a score", "evaluate score, once more")
    for key in verdicts:
        if key not in given:
            raise BadArgument("score", _named(key), "one of these results", _named(next(iter(given))))


def _check_complete(asked: Mapping[str, Case], given: Mapping[Key, Result]) -> None:
    for form, run in sorted({(form, run) for _, form, run in given}):
        for case in asked.values():
            key = (case.id, form, run)
            if case.forms([form]) and key not in given:
                raise BadArgument("question", _named(key), "one with a result", "evaluate run, which resumes")


def _named(key: Key) -> str:
    id, form, run = key
    return f"{id}, {form}, run {run}"
