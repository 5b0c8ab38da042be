"""Results files -> the results of these questions; of a run that is resumed, those that stand.

A result that failed, or that the built-in planner and writer gave in place of the model, does not stand: it is asked
again when the run is resumed.
"""

from collections.abc import Sequence
from pathlib import Path

from agent.cli.results import whole_lines, writable
from evaluation.dataset import Case
from evaluation.lines import object_in, parsed
from evaluation.result import EXAMPLE, Key, Result, save
from tools.calls.errors import BadArgument

Who = tuple[str, str]
"""Solver and model."""
_FILE = "results.jsonl"


def stands(result: Result) -> bool:
    """Tell whether a result is the solver's own answer."""
    return not (result.failed or result.fallback)


def results_in(path: Path, cases: Sequence[Case], option: str) -> dict[str, Result]:
    """Return the results of a file with where each of them is, e.g. "results.jsonl line 3 id 'q3'".

    A last line that a kill left half-written does not count.

    Args:
        path: the file.
        cases: the questions.
        option: whose value the path is.

    Raises:
        BadArgument: a line is no result, answers another question or the same one again; the message names it.
    """
    asked = {case.id: case for case in cases}
    seen: set[Key] = set()
    found: dict[str, Result] = {}
    for number, line in enumerate(whole_lines(path, option), 1):
        where = f"{path} line {number}"
        result = parsed(Result, object_in(line, where, EXAMPLE), where, EXAMPLE)
        _check_question(result, asked, where)
        if result.key in seen:
            raise BadArgument(f"{where} id", result.id, "each question once in each form and run", _FILE)
        seen.add(result.key)
        found[f"{where} id {result.id!r}"] = result
    return found


def check_who(result: Result, who: Who, where: str) -> None:
    """Check whose result it is.

    Raises:
        BadArgument: it is another solver's or another model's.
    """
    told = result.solver, result.model
    if told != who:
        wish = f"results of {', '.join(who)}; those of another solver or model go into a file of their own"
        raise BadArgument(f"{where} solver and model", ", ".join(told), wish, _FILE)


def resumed(out: Path, cases: Sequence[Case], who: Who) -> dict[Key, Result]:
    """Return the results of a file that stand, and leave just these in it; no file is no results.

    Raises:
        BadArgument: it cannot be written, is no results file, or holds results of other questions, another solver or
            another model; the message names the line.
    """
    writable(out)
    if not out.exists():
        return {}
    if not out.is_file():
        raise BadArgument("--out", str(out), "a file: it is written anew at the end", _FILE)
    found = results_in(out, cases, "--out")
    for where, result in found.items():
        check_who(result, who, where)
    kept = [result for result in found.values() if stands(result)]
    save(out, kept)
    return {result.key: result for result in kept}


def _check_question(result: Result, asked: dict[str, Case], where: str) -> None:
    case = asked.get(result.id)
    if case is None:
        raise BadArgument(f"{where} id", result.id, "an id of the question file", next(iter(asked)))
    if not result.answers(case):
        wish = "results of these questions (another question, patient or day has this id there)"
        raise BadArgument(f"{where} id", result.id, wish, _FILE)
