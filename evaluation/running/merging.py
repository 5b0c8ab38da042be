"""Results files of several machines -> the results of all questions, in their order."""

from collections.abc import Sequence
from pathlib import Path

from evaluation.dataset import Case
from evaluation.entries import FORMS
from evaluation.result import Key, Result
from evaluation.running.stored import Who, check_who, results_in, stands
from evaluation.running.tasks import in_order
from tools.calls.errors import BadArgument, SetupError

_OPTION = "RESULTS"
_FILE = "results-3.jsonl"
_TIMES = {"seconds", "stages"}


def merge(paths: Sequence[Path], cases: Sequence[Case]) -> list[Result]:
    """Return the results of several files together.

    Of an answer that is in two files one is taken, be it that the other one failed.

    Args:
        paths: results files, of one solver and one model.
        cases: all questions.

    Raises:
        BadArgument: a file is missing or no results file, or holds results of other questions, another solver or
            another model, or another answer to a question that is answered in an earlier file.
        SetupError: results are missing; the message says how many, and the first of them.
    """
    merged: dict[Key, Result] = {}
    who: Who | None = None
    for path in paths:
        if not path.is_file():
            raise BadArgument(_OPTION, str(path), "a results file", _FILE)
        for where, result in results_in(path, cases, _OPTION).items():
            who = who or (result.solver, result.model)
            check_who(result, who, where)
            merged[result.key] = _one(merged.get(result.key), result, where)
    if not merged:
        raise BadArgument(_OPTION, [str(path) for path in paths], "files with at least one result", _FILE)
    _check_complete(merged, cases)
    return in_order(cases, merged.values())


def _one(known: Result | None, result: Result, where: str) -> Result:
    """Return which of two answers to one question counts."""
    if known is None or not stands(known):
        return result
    if stands(result) and known.model_dump(exclude=_TIMES) != result.model_dump(exclude=_TIMES):
        raise BadArgument(
            f"{where} answer", result.answer, "the answer that an earlier file has", known.answer
        )
    return known


def _check_complete(merged: dict[Key, Result], cases: Sequence[Case]) -> None:
    asked = sorted({(form, run) for _, form, run in merged}, key=lambda each: (FORMS.index(each[0]), each[1]))
    wanted = [(case.id, form, run) for case in cases for form, run in asked if case.forms([form])]
    missing = [key for key in wanted if key not in merged]
    if missing:
        id, form, run = missing[0]
        raise SetupError(
            f"{len(missing)} of {len(wanted)} results are missing, the first of question {id!r} ({form}, run {run}):"
            " run `fhir-assistant evaluate run` on the shard that it is in, and merge again."
        )
