"""One FHIRPath expression over the resources of a kind -> its results, each with the resource it comes from.

Evaluated by fhirpathpy, resource by resource; an expression that ends in count(), sum() and the like is
evaluated over all of them together. now() and today() are the record's clock. A deadline interrupts the
evaluation; what Python cannot interrupt (regular expressions, growing texts) is refused before it starts.
Left out: aggregate(), resolve(), variables, and resources that do not count (entered in error).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from itertools import count
from sys import getprofile, setprofile
from threading import Lock
from time import monotonic
from types import FrameType
from typing import Any

from tools.calls.errors import BadArgument, ToolFailure, Unsupported
from tools.calls.evidence import Evidence, Fact, Scalar
from tools.entries.concepts import concept
from tools.entries.entry import JSON
from tools.entries.quantities import in_words
from tools.entries.shape import text
from tools.record import PatientRecord
from tools.record.kinds import types_of
from tools.wording.facts import cut
from tools.wording.words import number, on_day, one_line, shown_name

SECONDS = 2.0
"""Longest time for one call."""
_LONGEST = 500
_MOST = 100
_EXAMPLE = "Observation.where(code.coding.code = '4548-4').value.value"
_WHOLE = re.compile(
    r"(?s)(?P<what>.+)\.(?:count|exists|empty|first|last|sum|min|max|avg|distinct|isDistinct)\(\s*\)\s*"
)
_GROWING = re.compile(r"\baggregate\s*\(|\brepeat\s*\((?!\s*[\w.]+\s*\))")
_GREEDY = re.compile(r"[*+}]")
_TURN = Lock()
_LOOKED_AT = 32
"""Calls after which the clock is looked at again."""
_INTERRUPTED = ("fhirpathpy.", "antlr4.")

Compiled = Callable[[object], list[Any]]


def fhirpath(record: PatientRecord, expression: str, *, kind: str) -> Evidence:
    """Evaluate a FHIRPath expression when no other tool fits.

    Args:
        record: the patient's record.
        expression: e.g. "Observation.where(code.coding.code = '4548-4').value.value".
        kind: resources to evaluate it on: a word of `KINDS` or a FHIR type.

    Returns:
        Evidence; values are the results, at most 100, the total and the note tell if there are more.

    Raises:
        BadArgument: kind or expression is not understood; the message says where.
        Unsupported: aggregate(), a pattern or number that could take for ever, or more than two seconds.
    """
    types = types_of(kind)
    asked = Evidence(
        tool="fhirpath",
        arguments={"expression": expression, "kind": kind},
        outcome="none recorded",
        about=one_line(expression),
        coverage=record.coverage(*types),
    )
    _check(expression)
    import_module("fhirpathpy.models")
    resources = _resources(record, types)
    if not resources and record.unread(*types):
        return replace(asked, outcome="unreadable")
    with _TURN, _deadline(SECONDS):
        found = _evaluate(expression, resources, record)
    return _told(asked, found, record)


def _resources(record: PatientRecord, types: Sequence[str]) -> list[tuple[str, JSON]]:
    if types == ("Patient",):
        return [(record.reference, record.patient.raw)]
    return [(entry.reference, entry.raw) for each in types for entry in record.entries(each)]


def _check(expression: str) -> None:
    if not expression.strip() or len(expression) > _LONGEST:
        raise BadArgument("expression", expression, f"FHIRPath of 1 to {_LONGEST} characters", _EXAMPLE)
    if _GROWING.search(expression):
        raise Unsupported("aggregate(), and repeat() of more than element names, can grow without bound.")


Row = tuple[str, Any]
"""A reference and one result; the reference is "" for a result of all resources together."""


def _evaluate(
    expression: str, resources: Sequence[tuple[str, JSON]], record: PatientRecord
) -> tuple[list[Row], list[str]]:
    """Return the rows, and the references of the resources that carry them."""
    _parse(expression)
    whole = _WHOLE.fullmatch(expression.strip())
    if whole is None:
        rows = _each(expression, resources, record)
        return rows, list(dict.fromkeys(reference for reference, _ in rows))
    carriers = _each(whole["what"], resources, record)
    results = _run(_compiled(expression, record), [resource for _, resource in resources], expression)
    references = list(dict.fromkeys(reference for reference, _ in carriers))
    picked = {"first": references[:1], "last": references[-1:]}
    last_call = expression.strip().rpartition(".")[2].partition("(")[0]
    return [("", result) for result in results], picked.get(last_call, references)


def _each(expression: str, resources: Sequence[tuple[str, JSON]], record: PatientRecord) -> list[Row]:
    compiled = _compiled(expression, record)
    return [
        (reference, result)
        for reference, resource in resources
        for result in _run(compiled, resource, expression)
    ]


def _run(compiled: Compiled, data: object, expression: str) -> list[Any]:
    try:
        return compiled(data)
    except (ToolFailure, RecursionError):
        raise
    # fhirpathpy raises bare `Exception` for whatever is wrong with an expression.
    except Exception as error:
        wish = f"FHIRPath that can be evaluated ({one_line(str(error), 120)})"
        raise BadArgument("expression", expression, wish, _EXAMPLE) from error


def _parse(expression: str) -> None:
    from antlr4 import CommonTokenStream, InputStream  # type: ignore[import-untyped]
    from antlr4.error.ErrorListener import ErrorListener  # type: ignore[import-untyped]
    from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
    from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

    class Refuse(ErrorListener):  # type: ignore[misc]
        def syntaxError(  # noqa: N802 - antlr calls it by this name
            self, recognizer: object, symbol: object, line: int, column: int, message: str, error: object
        ) -> None:
            wish = f"FHIRPath (line {line}, character {column + 1}: {one_line(message, 120)})"
            raise BadArgument("expression", expression, wish, _EXAMPLE)

    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(Refuse())
    parser.entireExpression()


def _compiled(expression: str, record: PatientRecord) -> Compiled:
    from fhirpathpy import compile as compile_path
    from fhirpathpy.models import models

    options = {"userInvocationTable": _replaced(record)}
    compiled: Compiled = compile_path(expression, models["r4"], options)
    return compiled


def _replaced(record: PatientRecord) -> Mapping[str, Mapping[str, object]]:
    """Return the functions that need the record's clock or a bound, by the names they stand in for."""
    today = record.now.isoformat()
    one_text = {"arity": {1: ["String"]}, "nullable_input": True}
    two_texts = {"arity": {2: ["String", "String"]}, "nullable_input": True}
    return {
        "today": {"fn": lambda inputs: today},
        "now": {"fn": lambda inputs: f"{today}T00:00:00Z"},
        "timeOfDay": {"fn": lambda inputs: "00:00:00"},
        "trace": {"fn": lambda inputs, label="": inputs, "arity": {0: [], 1: ["String"]}},
        "matches": {"fn": _matches, **one_text},
        "replaceMatches": {"fn": _replace_matches, **two_texts},
    }


def _matches(inputs: Sequence[Any], pattern: str) -> bool | list[Any]:
    if not inputs or not pattern:
        return []
    return _pattern(pattern, str(inputs[0])).search(str(inputs[0])) is not None


def _replace_matches(inputs: Sequence[Any], pattern: str, new: str) -> str | list[Any]:
    if not inputs or not pattern:
        return []
    return _pattern(pattern, str(inputs[0])).sub(re.sub(r"\$(\d+)", r"\\\1", new), str(inputs[0]))


def _pattern(pattern: str, subject: str) -> re.Pattern[str]:
    """Compile a pattern that cannot take for ever: repeated groups and long texts are refused."""
    loops = len(_GREEDY.findall(pattern))
    if re.search(r"\)[*+{]", pattern) or (len(subject) + 1) ** (loops + 1) > 10**9:
        shown = one_line(pattern, 60)
        raise Unsupported(f"The pattern {shown!r} is too costly for the text; use contains().")
    return re.compile(pattern, re.DOTALL)


class _Late(BaseException):
    """The time is over; no `except Exception` of the library may swallow it."""


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Interrupt fhirpathpy, in this thread, at the first call that it makes once the time is over.

    Only its own code and its parser's is interrupted: what else may run in this thread meanwhile, such as a
    callback of the garbage collector, is not.
    """
    end, before, calls = monotonic() + seconds, getprofile(), count()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or next(calls) % _LOOKED_AT or monotonic() < end:
            return
        if frame.f_globals.get("__name__", "").startswith(_INTERRUPTED):
            raise _Late

    setprofile(watch)
    try:
        yield
    except _Late:
        raise Unsupported(f"The expression took more than {seconds:g} seconds; narrow it.") from None
    except RecursionError:
        raise Unsupported("The expression is nested too deeply.") from None
    finally:
        setprofile(before)


def _told(asked: Evidence, found: tuple[list[Row], list[str]], record: PatientRecord) -> Evidence:
    rows, references = found
    values = [(reference, _scalar(result)) for reference, result in rows]
    facts = [_fact(reference or next(iter(references), ""), value, record) for reference, value in values]
    aside = sum(len(record.set_aside(cover.kind)) for cover in asked.coverage)
    notes = [f"{aside} that do not count were left out"] if aside else []
    notes += [f"the first {_MOST} of {len(values)} results"] if len(values) > _MOST else []
    return replace(
        asked,
        outcome="found" if rows else "none recorded",
        values=tuple(value for _, value in values[:_MOST]),
        facts=cut(facts),
        total=len(facts),
        references=tuple(references),
        notes=tuple(notes),
    )


def _scalar(result: Any) -> Scalar:
    if isinstance(result, bool | int | Decimal):
        return result
    if isinstance(result, float):
        return Decimal(repr(result))
    if isinstance(result, Mapping) and "resourceType" in result:
        return f"{result['resourceType']}/{result.get('id', '')}"
    if isinstance(result, Mapping):
        said = in_words(result) or concept(result).display or text(result.get("display"))
        return one_line(said or ", ".join(f"{key}: {value}" for key, value in result.items()))
    return one_line(str(result))


def _fact(reference: str, value: Scalar, record: PatientRecord) -> Fact:
    entry = record.get(reference)
    said = number(value) if isinstance(value, Decimal) else str(value)
    if entry is None:
        return Fact(said, reference)
    day = entry.start.day if entry.start else ""
    return Fact(
        f"{shown_name(entry)}{f' {on_day(day)}' if day else ''}: {said}", reference, entry.display, day
    )
