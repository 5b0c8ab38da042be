"""A question file in any published form -> cases. The form is told from the fields.

Each set has its file, which says where the form is published and what is read of it.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from evaluation import dataset
from evaluation.sets import ehrqa, fhir_agentbench, fhirpath_qa, medagentbench
from evaluation.sets.published import Loaded, QuestionSet
from evaluation.sets.rows import Row, read
from tools.calls.errors import BadArgument

__all__ = ["Format", "Loaded", "load"]

Format = Literal["auto", "own", "ehrqa", "fhirpath-qa", "fhir-agentbench", "medagentbench"]
_SETS = (ehrqa.SET, fhir_agentbench.SET, medagentbench.SET, fhirpath_qa.SET)
_OWN = frozenset({"patient", "question"})


def load(path: Path, *, now: date | None = None, fmt: Format = "auto") -> Loaded:
    """Read a question file.

    Args:
        path: JSON list, JSON lines or CSV.
        now: the clock of questions that name none.
        fmt: the published form; "auto" tells it from the fields.

    Raises:
        BadArgument: the file is missing or empty, has no known form, or a question is wrong or there twice; the
            message names file, row and id.
    """
    if fmt not in get_args(Format):
        raise BadArgument("--format", fmt, f"one of {', '.join(get_args(Format))}", "ehrqa")
    if fmt == "own":
        return _own(path)
    rows = read(path, dataset.EXAMPLE)
    if fmt != "auto":
        return next(each for each in _SETS if each.name == fmt).load(str(path), rows, now)
    known = _recognised(path, rows)
    return known.load(str(path), rows, now) if known else _own(path)


def _own(path: Path) -> Loaded:
    return Loaded("own", tuple(dataset.load(path)), Counter())


def _recognised(path: Path, rows: list[Row]) -> QuestionSet | None:
    """Return the set whose fields the rows have between them; None is our own."""
    fields = frozenset().union(*(row.fields for row in rows))
    if fields >= _OWN:
        return None
    found = next((each for each in _SETS if fields >= each.fields), None)
    if found is None:
        known = "; ".join(f"{each.name}: {', '.join(sorted(each.fields))}" for each in _SETS)
        wish = f"the fields of a known set (own: {', '.join(sorted(_OWN))}; {known})"
        raise BadArgument(f"{path} fields", sorted(fields), wish, dataset.EXAMPLE)
    return found
