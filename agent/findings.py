"""What a writer gives: findings with the claims they make, an assessment apart from them, and what it lacks.

A finding says what the record says or what follows from it by reckoning; the check recomputes it. An assessment says
what findings mean; it is the model's own, labelled as such, and only its numbers, days, units and names are checked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.calls.evidence import Fact

_SOURCE = re.compile(r"\s*\[[A-Z][A-Za-z]+/[^\]]+\]")
_END = re.compile(r"\s*([.!?:]?)\s*$")

Relation = Literal[
    "rose", "fell", "same", "before", "after", "during", "first", "last", "highest", "lowest", "above", "below",
    "within", "count", "sum", "mean", "difference", "percent", "all", "only", "none",
]  # fmt: skip
"""What a claim may say of facts; each is worked out again from them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation between facts, as it was declared.

    Attributes:
        relation: what is so.
        of: the facts, in the order of the claim: "before" and "difference" the first and the second.
    """

    relation: Relation
    of: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence with its sources as "[Observation/…]", the facts it rests on, and the claims it makes."""

    text: str
    facts: tuple[Fact, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a model concludes: a sentence, and the resources of the findings on which it rests."""

    text: str
    references: tuple[str, ...] = ()

    @property
    def with_sources(self) -> str:
        """The sentence with its sources before the stop that ends it.

        >>> Assessment("Control has improved.", ("Observation/1", "Observation/4")).with_sources
        'Control has improved [Observation/1] [Observation/4].'
        """
        return citing(self.text, self.references)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer gives for one question.

    Attributes:
        text: of the answer, with its sources.
        asides: what the assistant says beside it: that not every fact, or no picture, was shown.
        findings: its sentences with what they claim, () of the built-in writer.
        assessment: what they mean, () where nothing was concluded; None where nobody was to conclude anything.
        lacking: what would have to be looked up to answer, in a few words; "" if nothing.
        seen: the resources whose pictures the model was shown.
        option: the letter of the option that it chose, "" if none.
        said: as the model wrote it; "" of the built-in writer.
    """

    text: str
    asides: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    assessment: tuple[Assessment, ...] | None = None
    lacking: str = ""
    seen: tuple[str, ...] = ()
    option: str = ""
    said: str = ""


def citing(sentence: str, references: Sequence[str]) -> str:
    """Return a sentence with its sources before the stop that ends it."""
    sources = "".join(f" [{reference}]" for reference in references)
    return _END.sub(lambda end: f"{sources}{end[1]}", sentence, count=1)


def joined(sentences: Iterable[str]) -> str:
    """Return sentences as a text; those after one that ends with a colon as its list."""
    text = ""
    for sentence in sentences:
        last = text.rpartition("\n")[2]
        listing = last.startswith("- ") or text.endswith(":")
        text += f"\n- {sentence}" if listing else f" {sentence}" if text else sentence
    return text


def without_sources(text: str) -> str:
    """Return a text without its sources.

    >>> without_sources("It was 6.4 % [Observation/1] [Observation/2].")
    'It was 6.4 %.'
    """
    return _SOURCE.sub("", text)


def without(assessment: Iterable[Assessment], refused: Iterable[str]) -> tuple[Assessment, ...]:
    """Return the sentences of an assessment but for those that were refused."""
    out = frozenset(refused)
    return tuple(each for each in assessment if each.text not in out)
