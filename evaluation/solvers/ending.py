r"""The end of a baseline's answer -> values, letter and sources for programs.

    HbA1c was 6.4 % on 2020-12-04.
    ANSWER: [6.4]
    SOURCES: ["Observation/123"]

Markdown around the two lines does not matter, and the last of several counts. What does not parse is no answer for
programs: the text alone remains.
"""

import re
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from evaluation.dataset import LETTERS, Case, Form, Value

_LINE = r"^[\s>*_`#-]*{}[\s*_`]*:[\s*_`]*(\[.*\])[\s*_`.]*$"
_ANSWER = re.compile(_LINE.format("ANSWER"), re.MULTILINE | re.IGNORECASE)
_SOURCES = re.compile(_LINE.format("SOURCES"), re.MULTILINE | re.IGNORECASE)
_LETTER = re.compile(r"\(?([A-H])(?:[).:\s].*)?", re.DOTALL)
_VALUES: TypeAdapter[tuple[Value, ...]] = TypeAdapter(tuple[Value, ...])
_REFERENCES: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ended:
    """What an answer says.

    Attributes:
        text: for people, without the two lines; all of it if there is nothing else.
        values: the answer for machines, of the open form; None if there is none that parses.
        choice: the letter, of the multiple-choice form; "" if there is none.
        sources: the resources it names.
    """

    text: str
    values: tuple[Value, ...] | None
    choice: str
    sources: tuple[str, ...]


def read(text: str, case: Case, form: Form) -> Ended:
    """Return what an answer in this form says."""
    values, sources = _parsed(_ANSWER, text, _VALUES), _parsed(_SOURCES, text, _REFERENCES)
    prose = _SOURCES.sub("", _ANSWER.sub("", text)).strip()
    return Ended(
        prose or text,
        values if form == "open" else None,
        _letter(values or (), case) if form == "choice" else "",
        tuple(dict.fromkeys(sources or ())),
    )


def _parsed(line: re.Pattern[str], text: str, kind: TypeAdapter[T]) -> T | None:
    """Return what the last such line lists; None if there is none, or it is no such JSON."""
    found = line.findall(text)
    try:
        return kind.validate_json(found[-1]) if found else None
    except ValidationError:
        return None


def _letter(values: tuple[Value, ...], case: Case) -> str:
    """Return the one letter that is given, also as "B) 6.4 %"; "" if it is none of the options'."""
    found = _LETTER.fullmatch(values[0]) if len(values) == 1 and isinstance(values[0], str) else None
    letters = LETTERS[: len(case.answer_choices)]
    return found[1] if found and found[1] in letters else ""
