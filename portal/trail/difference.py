"""Two answers to one question -> what differs for a reader: the first as it was given, the second of today.

What it cost is left out, and so is how many resources were searched: a record that grew is no other answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from agent.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs.

    Attributes:
        what: "values", "evidence", …
        before: as it was, one line each.
        after: as it is.
    """

    what: str
    before: Sequence[str] = ()
    after: Sequence[str] = ()

    @property
    def gone(self) -> list[str]:
        """What was there before only."""
        return [line for line in self.before if line not in set(self.after)]

    @property
    def new(self) -> list[str]:
        """What is there now only."""
        return [line for line in self.after if line not in set(self.before)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How an answer of today differs from one that was given.

    Attributes:
        changes: none where it is the same.
        text_compared: whether the words could be compared.
    """

    changes: tuple[Change, ...]
    text_compared: bool

    @property
    def same(self) -> bool:
        """Whether a reader is told the same."""
        return not self.changes


def difference(before: Answer, after: Answer) -> Difference:
    """Return how two answers to one question differ.

    The words are compared where a model wrote both or neither: what a model wrote, the built-in writer words otherwise.
    """
    comparable = (before.usage.model == "none") == (
        after.usage.model == "none"
    ) or before.answer == after.answer
    compared = [*_compared(before, after), *(_words(before, after) if comparable else ())]
    changes = tuple(change for change in compared if list(change.before) != list(change.after))
    return Difference(changes=changes, text_compared=comparable)


def _compared(before: Answer, after: Answer) -> Iterator[Change]:
    yield Change(what="values", before=_values(before), after=_values(after))
    yield Change(what="unit", before=_line(before.unit), after=_line(after.unit))
    yield Change(what="evidence", before=sorted(before.evidence), after=sorted(after.evidence))
    yield Change(what="could not be read", before=_problems(before), after=_problems(after))
    yield Change(what="outcome", before=[before.outcome], after=[after.outcome])
    yield Change(what="not understood", before=before.left_out, after=after.left_out)
    yield Change(what="declined", before=_line(before.declined or ""), after=_line(after.declined or ""))
    yield Change(what="asked back", before=_asked_back(before), after=_asked_back(after))


def _words(before: Answer, after: Answer) -> Iterator[Change]:
    yield Change(what="citations", before=_citations(before), after=_citations(after))
    yield Change(what="option", before=_line(before.choice), after=_line(after.choice))
    yield Change(what="text", before=_line(before.answer), after=_line(after.answer))
    yield Change(what="assessment", before=_assessment(before), after=_assessment(after))


def _values(answer: Answer) -> list[str]:
    return [orjson.dumps(value).decode() for value in answer.values]


def _citations(answer: Answer) -> list[str]:
    return sorted(" ".join(filter(None, (c.reference, c.date, c.display))) for c in answer.citations)


def _problems(answer: Answer) -> list[str]:
    return sorted(f"{cover.kind}: {problem}" for cover in answer.coverage for problem in cover.problems)


def _asked_back(answer: Answer) -> list[str]:
    return [*_line(answer.ask_back), *answer.options]


def _assessment(answer: Answer) -> list[str]:
    return _line(answer.assessment.text if answer.assessment else "")


def _line(text: Iterable[str] | str) -> list[str]:
    return [str(text)] if text else []
