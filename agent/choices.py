"""A multiple-choice question -> its stem and options; the option that an answer gives.

"When was it? A) 2019 B) 2020" and "(A) 2019 (B) 2020", on one line or several. Left out: which option is right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.wording import CONCLUDED, NO_OPTION

_MARK = re.compile(r"(?:(?<=\s)|^)\(?([A-H])[).:]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a multiple-choice question."""

    letter: str
    text: str

    @property
    def line(self) -> str:
        """The option as an answer gives it."""
        return f"{self.letter}) {self.text}"


def split(question: str) -> tuple[str, tuple[Choice, ...]]:
    """Return the question without its options, and the options; () if it has none.

    >>> split("When was the last visit? A) in 2019 B) in 2020")
    ('When was the last visit?', (Choice(letter='A', text='in 2019'), Choice(letter='B', text='in 2020')))
    >>> split("What was the hepatitis B: surface antigen?")[1]
    ()
    """
    marks = list(_MARK.finditer(question))
    begins = [n for n, mark in enumerate(marks) if mark[1] == "A"]
    for begin in begins:
        run = _in_order(marks[begin:])
        if len(run) > 1 and question[: run[0].start()].strip():
            ends = [*(mark.start() for mark in run[1:]), len(question)]
            texts = (question[mark.end() : end].strip(" \n;,") for mark, end in zip(run, ends, strict=True))
            options = tuple(Choice(mark[1], text) for mark, text in zip(run, texts, strict=True))
            return question[: run[0].start()].strip(), options
    return question, ()


def lettered(texts: Sequence[str]) -> tuple[Choice, ...]:
    """Return options with the letters A, B and so on."""
    return tuple(Choice(letter, text) for letter, text in zip("ABCDEFGH", texts, strict=False))


def given_choice(
    draft: str, choices: Sequence[Choice], computed: Choice | None, chosen: str = ""
) -> tuple[str, str]:
    """Return a draft that begins with the option that was computed, else with the one that was chosen, and its letter.

    A draft that gives none of the options says so, and one whose option the model chose that; without options it stays
    as it is.

    Args:
        draft: the text.
        choices: the options.
        computed: the one that says what the tools computed.
        chosen: the letter of the one that the model chose, "" if none.
    """
    if not choices:
        return draft, ""
    if computed:
        return f"{computed.line}\n{draft}", computed.letter
    choice = next((each for each in choices if each.letter == chosen), None)
    return (f"{choice.line}\n{CONCLUDED} {draft}", choice.letter) if choice else (f"{NO_OPTION} {draft}", "")


def _in_order(marks: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    run: list[re.Match[str]] = []
    for mark in marks:
        if mark[1] == chr(ord("A") + len(run)):
            run.append(mark)
    return run
