"""Answers, patients and resources -> what a person reads on a terminal. Plain without colours, too.

Everything from records and questions is printed as data: no markup, no control characters. Where the output
is not a terminal, nothing is coloured, wrapped or padded.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from agent.answer import Answer, Citation, Reading
    from tools.record import PatientRecord

_CITATION = re.compile(r"\s*\[([A-Z][A-Za-z]+/[^\]\s]+)\]")
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_UNWRAPPED = 1_000_000
_MOST_VALUES = 3
"""Values shown of a reading that is offered."""
_SOURCE_HEADINGS = ("", "source", "date", "name")


def say_aside(sentence: str) -> None:
    """Say on stderr what goes on."""
    errors().print(Text(line_safe(sentence), "dim"), soft_wrap=True)


def output() -> Console:
    """Return the console for the answer."""
    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _UNWRAPPED)


def errors() -> Console:
    """Return the console for everything that is not the answer."""
    return Console(stderr=True, highlight=False, emoji=False)


def safe(text: str) -> str:
    """Return text from outside with "�" for control and direction characters, which could rewrite a terminal.

    >>> safe("pulse 72" + chr(27) + "[2J")
    'pulse 72�[2J'
    """
    return _UNSAFE.sub("�", text.replace("\r\n", "\n"))


def line_safe(text: str) -> str:
    """Return text from outside for one line or cell of a table."""
    return safe(" ".join(text.split()))


def answer_text(answer: "Answer") -> Text:
    """Return the answer with its citations as numbers: [1] is the first source listed below it."""
    return _numbered(answer.answer, answer)


def _numbered(cited: str, answer: "Answer") -> Text:
    numbers = {citation.reference: i for i, citation in enumerate(answer.citations, 1)}
    text = Text()
    position = 0
    for match in _CITATION.finditer(cited):
        text.append(safe(cited[position : match.start()]))
        text.append(f" [{numbers[match[1]]}]" if match[1] in numbers else safe(match[0]), style="cyan")
        position = match.end()
    text.append(safe(cited[position:]))
    return text


def print_answer(console: Console, answer: "Answer") -> None:
    """Print how the question ended, unless it was answered; the text, its sources, and what it could not say."""
    from agent.answer import mark
    from agent.wording import ASSESSMENT, REWORDED, UNDECIDED

    text = Text(safe(answer.ask_back)) if answer.options else answer_text(answer)
    console.print(Text(mark(answer.outcome), "bold yellow") + text)
    told = {reading.read_as: _values(reading) for reading in answer.readings}
    for number, option in enumerate(answer.options, 1):
        console.print(Text(f"  {number}. {line_safe(option)}{told.get(option, '')}"))
    if answer.assessment and answer.assessment.text:
        console.print()
        console.print(Text(ASSESSMENT, "bold magenta"))
        console.print(_numbered(answer.assessment.text, answer))
    if answer.citations:
        console.print()
        print_table(console, sources(answer.citations))
    if answer.fallback:
        console.print(Text(f"Without the model: {safe(answer.fallback)}", "yellow"))
    label = (
        "Taken out, as the record does not support it" if answer.grounded else "Not confirmed by the record"
    )
    for statement in answer.unsupported:
        console.print(Text(f"{label}: {safe(statement)}", "yellow"))
    for statement in answer.checked.reworded:
        console.print(Text(f"{REWORDED} {safe(statement)}", "dim"))
    for statement in answer.checked.undecided:
        console.print(Text(f"{UNDECIDED} {safe(statement)}", "yellow"))


def _values(reading: "Reading") -> str:
    """Return what a reading would be answered with, after a colon."""
    if not reading.values:
        return ": none recorded"
    shown = [
        ("yes" if value else "no") if isinstance(value, bool) else str(value) for value in reading.values
    ]
    more = f" and {len(shown) - _MOST_VALUES} more" if len(shown) > _MOST_VALUES else ""
    unit = f" {reading.unit}" if reading.unit and not more else ""
    return f": {line_safe(', '.join(shown[:_MOST_VALUES]))}{unit}{more}"


def sources(citations: "Sequence[Citation]") -> Table:
    """Return the table of an answer's sources, numbered as in its text."""
    rows = [
        (f"[{number}]", citation.reference, citation.date, citation.display)
        for number, citation in enumerate(citations, 1)
    ]
    return table_of(_SOURCE_HEADINGS, rows, headless=True, style="dim")


def record_sources(references: Iterable[str], record: "PatientRecord") -> Table:
    """Return the table of resources by reference, as the record has them."""
    rows = []
    for number, reference in enumerate(references, 1):
        entry = record.get(reference)
        day = entry.start.day if entry and entry.start else ""
        rows.append((f"[{number}]", reference, day, entry.display if entry else ""))
    return table_of(_SOURCE_HEADINGS, rows, headless=True, style="dim")


def table_of(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, headless: bool = False, style: str = ""
) -> Table:
    """Return a plain table; cells are data, never markup. A headless one shows no headings."""
    table = Table(box=None, show_header=not headless, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading, "bold"), overflow="fold")
    for row in rows:
        table.add_row(*(Text(line_safe(cell)) for cell in row), style=style)
    return table


def print_table(console: Console, table: Table) -> None:
    """Print a table; where nobody watches, without the blanks that only fill up its last column."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.print(Text(line.rstrip()), soft_wrap=True)
