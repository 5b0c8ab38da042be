"""A draft in another language, the evidence and the record -> what nothing supports, as said in the draft.

Each statement is read as English word by word (`gloss`) and checked as English is. Stricter than English where
word by word is not enough: nothing may be denied twice, and what is not so must be denied where it is named.
Left out: grammar.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from agent.check.denials import negated
from agent.check.english import LEADING, EnglishCheck
from agent.check.gloss import Gloss
from agent.check.grounds import limits
from agent.check.language import Language
from agent.check.segments import Piece, Statement, clauses, statements
from agent.check.settled import Settled
from agent.check.tokens import Tokens, tokens
from agent.check.vocabulary import allowed
from agent.wording import OWN
from tools.wording.text import words


@dataclass(kw_only=True)
class ForeignCheck(EnglishCheck):
    """Checks a draft in `language`.

    Attributes:
        language: of the whole draft; a second one in it is not understood.
    """

    language: Language

    def _statements(self, draft: str) -> list[Statement]:
        return statements(draft, self.masks, self._recorded(), self.language.joints)

    def _objection(self, statement: Statement) -> str:
        if statement.text in OWN or self._repeats(statement):
            return ""
        gloss = Gloss(self.language, self._evidence_words, self._asked_words)
        pieces = tuple(replace(piece, masked=gloss.english(piece.masked)) for piece in statement.pieces)
        if gloss.unknown or _seems_to_answer(statement, pieces):
            unknown = [*gloss.unknown, *words(statement.text)][0]
            return f"“{unknown}” is not in the evidence it cites"
        english = replace(statement, pieces=pieces)
        reason = super()._objection(english) or self._turned(english, gloss)
        return gloss.as_said(reason)

    def _settled(self, statement: Statement) -> Settled:
        return Settled()

    def _turned(self, statement: Statement, gloss: Gloss) -> str:
        """Return why a denial does not say what it seems to say, "" if it does."""
        masked = "".join(piece.masked for piece in statement.pieces)
        answered = LEADING.match(masked)
        if gloss.denials - bool(answered and answered[1].casefold() == "no") > 1:
            return "it denies twice"
        for clause in clauses(masked):
            said = tokens(self.masks.show(clause))
            passed = any(number.value in self._not_passed for number in said.numbers)
            named = any(not missing.isdisjoint(said.words) for missing in self.missing)
            if (passed or named) and not negated(clause):
                return "the record says no, or does not say"
        return ""

    def _repeats(self, statement: Statement) -> bool:
        """Tell whether it is a failure as it was told, in English."""
        told = statement.text.rstrip(".")
        return any(told == why.rstrip(".") for why in self.failures)

    def _about_itself(self, said: Tokens, masked: str) -> bool:
        """Tell whether it claims nothing; words of the question are claims here."""
        return not (said.numbers or said.dates or negated(masked)) and not any(
            word not in allowed("plain") and len(word) > 1 for word in said.words
        )

    @cached_property
    def _not_passed(self) -> frozenset[Decimal]:
        """The limits that nothing recorded is above or below."""
        return frozenset(limit for g in self.grounds if not g.truth for limit in limits(g.evidence))

    @cached_property
    def _asked_words(self) -> frozenset[str]:
        asked = (str(value) for g in self.grounds for value in g.evidence.arguments.values())
        return frozenset(word for text in asked for word in words(text))

    @cached_property
    def _evidence_words(self) -> frozenset[str]:
        return frozenset(word for text in self._texts() for word in words(text))

    def _texts(self) -> Iterator[str]:
        yield from self._recorded()
        for g in self.grounds:
            yield from map(str, g.evidence.arguments.values())


def _seems_to_answer(statement: Statement, english: tuple[Piece, ...]) -> bool:
    """Tell whether it begins with yes or no in English, but not in its own language (Portuguese "no": "in the")."""
    begins = [bool(LEADING.match(pieces[0].masked)) for pieces in (statement.pieces, english) if pieces]
    return begins == [True, False]
