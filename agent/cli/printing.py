"""Answers, patients and resources -> what a person reads on a terminal. Plain without colours, too."""

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.answer import Answer, Citation

_CITATION = re.compile(r"\s*\[([A-Z][A-Za-z]+/[^\]\s]+)\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Return record text without control and direction characters, which could rewrite the terminal."""
    return _CONTROL.sub("", text)


def answer_text(answer: Answer) -> Text:
    """Return the answer with its citations as numbers: [1] is the first source listed below it."""
    numbers = {citation.reference: i for i, citation in enumerate(answer.citations, 1)}
    text = Text()
    position = 0
    for match in _CITATION.finditer(answer.answer):
        text.append(safe(answer.answer[position : match.start()]))
        text.append(f" [{numbers.get(match[1], '?')}]", style="cyan")
        position = match.end()
    text.append(safe(answer.answer[position:]))
    return text


def print_answer(console: Console, answer: Answer) -> None:
    """Print the answer, its sources, and what it could not say."""
    console.print(answer_text(answer), soft_wrap=not console.is_terminal)
    if answer.options:
        for number, option in enumerate(answer.options, 1):
            console.print(Text(f"  {number}. {safe(option)}"))
    if answer.citations:
        console.print(sources(answer.citations))
    for statement in answer.unsupported:
        console.print(
            Text(f"Taken out, as the record does not support it: {safe(statement)}", style="yellow")
        )


def sources(citations: Sequence[Citation]) -> Table:
    """Return the table of an answer's sources, numbered as in its text."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(justify="right", style="cyan", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for number, citation in enumerate(citations, 1):
        table.add_row(
            f"[{number}]".replace("[", "\\["),
            safe(citation.reference),
            citation.date,
            Text(safe(citation.display)),
        )
    return table


def table_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a plain table; cells are data, never markup."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0), pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    return table
