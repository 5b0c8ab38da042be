"""An `Answer` -> text for people and programs that show text alone, with its sources below it.

It begins with how the question ended, unless it was answered: "[not recorded] Not recorded: PSA …".

Words of a record reach it only as words: what Markdown or HTML would make an image, a link or a tag is taken apart.
"""

import re
from collections.abc import Callable, Iterable

from agent.answer import Answer, Citation, mark
from agent.wording import ASSESSMENT, UNDECIDED

_CITATION = re.compile(r"\s*\[([A-Z][A-Za-z]+/[^\]\s]+)\]")
_LIVE = (
    (re.compile(r"!\["), "! ["),
    (re.compile(r"\]\("), "] ("),
    (re.compile(r"<(?=[A-Za-z/!?])"), "< "),
    (re.compile(r"^(\s*\[[^\]\n]*\]):", re.MULTILINE), r"\1 :"),
    (re.compile(r"\b([a-z][a-z0-9+.-]*):(?=//)", re.IGNORECASE), r"\1: "),
    (re.compile(r"\bwww\.", re.IGNORECASE), "www ."),
)
REPLY = "Reply with a number, or in other words."


def inert(text: str) -> str:
    """Return text in which nothing is an image, a link or a tag.

    >>> inert("![x](http://evil.example/?q) <img src=x> 5 < 6, HbA1c <7 %")
    '! [x] (http: //evil.example/?q) < img src=x> 5 < 6, HbA1c <7 %'
    """
    for pattern, plain in _LIVE:
        text = pattern.sub(plain, text)
    return text


def numbered(answer: Answer) -> str:
    """Return an answer with numbers for its sources, which are listed below it."""
    if answer.outcome == "asked back":
        return _asking(answer)
    numbers = {citation.reference: number for number, citation in enumerate(answer.citations, 1)}

    def number(match: re.Match[str]) -> str:
        return f" [{numbers[match[1]]}]" if match[1] in numbers else match[0]

    def shown(text: str) -> str:
        return inert(_CITATION.sub(number, text))

    listed = [_source(number, citation) for number, citation in enumerate(answer.citations, 1)]
    sources = "\n".join(["Sources:", *listed]) if listed else ""
    return _together(shown, sources, answer)


def cited(answer: Answer) -> str:
    """Return an answer that names each source where it is used, as programs can look it up."""
    if answer.outcome == "asked back":
        return _asking(answer)
    return _together(inert, "", answer)


def _together(shown: Callable[[str], str], sources: str, answer: Answer) -> str:
    text = mark(answer.outcome) + shown(answer.answer)
    assessment = answer.assessment.text if answer.assessment else ""
    concluded = f"{ASSESSMENT}\n{shown(assessment)}" if assessment else ""
    return "\n\n".join(part for part in (text, concluded, sources, *_said_with(answer)) if part)


def _said_with(answer: Answer) -> Iterable[str]:
    if answer.fallback:
        yield f"Without the model: {inert(answer.fallback)}"
    if not answer.grounded:
        yield "\n".join(f"Not confirmed by the record: {inert(each)}" for each in answer.unsupported)
    yield "\n".join(f"{UNDECIDED} {inert(each)}" for each in answer.checked.undecided)


def _asking(answer: Answer) -> str:
    options = [f"{number}. {inert(option)}" for number, option in enumerate(answer.options, 1)]
    return "\n".join([mark(answer.outcome) + inert(answer.ask_back), *options, *([REPLY] if options else [])])


def _source(number: int, citation: Citation) -> str:
    told = ", ".join(part for part in (inert(citation.display), citation.date, citation.reference) if part)
    return f"- [{number}] {told}"
