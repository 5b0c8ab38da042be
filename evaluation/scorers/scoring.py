"""A case and its result -> the verdict: right, wrong, abstained, failed; undecided where no rule can tell.

An open answer is judged by its values, a choice by its letter alone.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from agent.answer import Outcome
from evaluation.dataset import Case, Value
from evaluation.result import Result
from evaluation.score import Score, Verdict
from evaluation.scorers.extracting import extracted, letter
from evaluation.scorers.values import Match, compared
from tools.calls.errors import BadArgument

_NO_ANSWER: frozenset[Outcome | None] = frozenset({"unreadable", "not understood", "asked back"})
"""Outcomes that do not tell whether the record says it: they are never right, and never wrong."""


class Judging(Protocol):
    """Decides what no rule can, and says why; `name` as verdicts report it."""

    name: str

    def __call__(self, case: Case, answer: str) -> tuple[Verdict, str]:
        """Return the verdict and one sentence."""


def score_all(cases: Sequence[Case], results: Iterable[Result], judge: Judging | None = None) -> list[Score]:
    """Return the verdict of each result, in the order of the results.

    Raises:
        BadArgument: there are no cases, or a result is of another question; the message names its id.
    """
    if not cases:
        raise BadArgument("cases", len(cases), "at least one question", "a question file with a line")
    by_id = {case.id: case for case in cases}
    return [score(_asked(by_id, result), result, judge) for result in results]


def missing(cases: Iterable[Case], results: Iterable[Result]) -> list[str]:
    """Return the ids of cases without a result."""
    given = {result.id for result in results}
    return [case.id for case in cases if case.id not in given]


def judgeable(case: Case) -> str:
    """Return why no rule can judge the open form of a case, "" if one can."""
    return (
        "the gold answer is free text, which only a judge can hold against an answer" if _free(case) else ""
    )


def score(case: Case, result: Result, judge: Judging | None = None) -> Score:
    """Return the verdict of one result."""
    verdict = _verdict(case, result, judge)
    gold = set(case.resources)
    return verdict if not gold else verdict.model_copy(update=_retrieval(gold, result))


def _asked(by_id: dict[str, Case], result: Result) -> Case:
    case = by_id.get(result.id)
    if case is None or not result.answers(case):
        wish = "results of these questions (another question, patient or day has this id there)"
        raise BadArgument(
            "results id", result.id, wish, "a file that `evaluate run` wrote for this question file"
        )
    return case


def _verdict(case: Case, result: Result, judge: Judging | None) -> Score:
    if result.failed:
        return _said(result, "failed", result.failed, "failure")
    if result.form == "choice":
        return _by_letter(case, result)
    given = result.values
    if given is None and not _free(case):
        given = extracted(result.answer, case.answer)
    if given is None or _free(case):
        return _by_judge(case, result, judge)
    return _by_values(case, result, given)


def _free(case: Case) -> bool:
    return bool(case.gold_text) and not case.answer


def _by_letter(case: Case, result: Result) -> Score:
    chosen = result.choice or letter(result.answer)
    if not chosen:
        return _said(result, "abstained", "no choice was made", "letter")
    verdict: Verdict = "right" if chosen == case.correct_answer else "wrong"
    return _said(result, verdict, f"{chosen} for {case.correct_answer}", "letter", (chosen,))


def _by_values(case: Case, result: Result, given: tuple[Value, ...]) -> Score:
    match = compared(case.answer, given, case.match, case.tolerance)
    if not given and result.outcome in _NO_ANSWER:
        return _said(result, "abstained", f"nothing is claimed: {result.outcome}", _rule(case))
    verdict: Verdict = "right" if match.right else "wrong" if given else "abstained"
    several = case.match == "all" and len(case.answer) > 1
    told = _said(result, verdict, _reason(case, given, match), _rule(case), given)
    shares = {"precision": match.precision, "recall": match.recall} if several and given else {}
    return told.model_copy(update=shares)


def _rule(case: Case) -> str:
    if not case.answer:
        return "nothing"
    if len(case.answer) > 1:
        return "any of several" if case.match == "any" else "list"
    kind = type(case.answer[0])
    return {bool: "yes or no", int: "count", float: "number"}.get(kind, "name or date")


def _reason(case: Case, given: tuple[Value, ...], match: Match) -> str:
    if not given:
        return "nothing is claimed" + (
            ", rightly" if match.right else f", the record says {_shown(case.answer)}"
        )
    if not case.answer:
        return f"{_shown(given)} is claimed, the record does not say"
    either = "one of " if case.match == "any" and len(case.answer) > 1 else ""
    return f"{_shown(given)} {'for' if match.right else 'instead of'} {either}{_shown(case.answer)}"


def _shown(values: Sequence[Value]) -> str:
    told = "; ".join("yes" if v is True else "no" if v is False else str(v) for v in values[:4])
    return told + (f" and {len(values) - 4} more" if len(values) > 4 else "")


def _by_judge(case: Case, result: Result, judge: Judging | None) -> Score:
    if judge is None:
        return _said(result, "undecided", "no rule can decide this, and no judge was given", "none")
    verdict, reason = judge(case, result.answer)
    return _said(result, verdict, reason, f"judge: {judge.name}")


def _said(
    result: Result, verdict: Verdict, reason: str, scorer: str, answer: tuple[Value, ...] = ()
) -> Score:
    return Score(
        id=result.id,
        form=result.form,
        run=result.run,
        verdict=verdict,
        answer=answer,
        reason=reason,
        scorer=scorer,
    )


def _retrieval(gold: set[str], result: Result) -> dict[str, float]:
    """Return precision and recall of evidence and citations; of nothing named the precision is 0."""
    found, cited = set(result.evidence), set(result.citations)
    return {
        "retrieval_precision": len(found & gold) / len(found) if found else 0.0,
        "retrieval_recall": len(found & gold) / len(gold),
        "citation_precision": len(cited & gold) / len(cited) if cited else 0.0,
        "citation_recall": len(cited & gold) / len(gold),
    }
