"""What linking words to a record gives: readings of a text, mentions in a question."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from tools.entries.entry import Entry
from tools.record.shelf import Term

How = Literal["name", "code", "synonym", "class", "part", "panel", "misspelling"]

_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that words can mean in a record.

    Attributes:
        label: the record's own name without its SNOMED tag; for several names "asked: one, two".
        kind: FHIR resource type.
        terms: every recorded name that is meant.
        score: 0..1, how sure.
        how: what ties the words to the names.
    """

    label: str
    kind: str
    terms: tuple[Term, ...]
    score: float
    how: How

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all terms, each once, oldest first; undated ones come first."""
        if len(self.terms) == 1:
            return self.terms[0].entries
        merged = {id(entry): entry for term in self.terms for entry in term.entries}
        return tuple(sorted(merged.values(), key=_moment))


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names something.

    Attributes:
        text: as it stands in the question.
        start: offset of its first character.
        end: offset after its last character.
        kinds: FHIR resource types it can be, those recorded here first.
        recorded: found in this record; else only known to the lexicon.
        score: 0..1, how sure.
    """

    text: str
    start: int
    end: int
    kinds: tuple[str, ...]
    recorded: bool
    score: float


def _moment(entry: Entry) -> datetime:
    return entry.start.moment if entry.start else _UNDATED
