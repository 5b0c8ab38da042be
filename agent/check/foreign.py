"""A draft in another language, the evidence and the record -> what nothing supports, as said in the draft.

Each statement is read as English word by word (`gloss`) and checked as English is. Stricter than English where
word by word is not enough: nothing may be denied twice, and what was not found must be denied where it is named.
Left out: grammar.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from agent.check.english import EnglishCheck, negated
from agent.check.gloss import Gloss
from agent.check.language import Language
from agent.check.segments import Statement, clauses, statements
from agent.check.support import words_for
from agent.check.tokens import Tokens, stem
from agent.check.vocabulary import allowed
from agent.wording import OWN
from tools.text import words


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
        if gloss.unknown:
            return f"“{gloss.unknown[0]}” is not in the evidence it cites"
        english = replace(statement, pieces=pieces)
        reason = super()._objection(english) or self._turned(english, gloss)
        return gloss.as_said(reason)

    def _turned(self, statement: Statement, gloss: Gloss) -> str:
        """Return why a denial does not say what it seems to say, "" if it does."""
        masked = "".join(piece.masked for piece in statement.pieces)
        answered = LEADING.match(masked)
        if gloss.denials - bool(answered and answered[1].casefold() == "no") > 1:
            return "it denies twice"
        for clause in clauses(masked):
            named = {stem(word) for word in words(self.masks.show(clause))}
            if not negated(clause) and any(named & missing for missing in self._missing):
                return "the record says no, or does not say"
        return ""

    def _repeats(self, statement: Statement) -> bool:
        """Tell whether it is a failure as it was told, in English."""
        return any(failure.rstrip(".") == statement.text.rstrip(".") for failure in self.failures)

    def _about_itself(self, said: Tokens, masked: str) -> bool:
        """Tell whether it claims nothing; words of the question are claims here."""
        return not (said.numbers or said.dates or negated(masked)) and not any(
            word not in allowed("plain") and len(word) > 1 for word in said.words
        )

    @cached_property
    def _missing(self) -> tuple[frozenset[str], ...]:
        """What was looked for and not found, by call."""
        nothing = [g for g in self.grounds if not g.truth and not g.evidence.facts]
        kinds = {word for g in nothing for c in g.evidence.coverage for word in words_for(c.kind)}
        named = (
            {stem(w) for w in words(f"{g.evidence.about} {g.evidence.arguments.get('concept', '')}")}
            for g in nothing
        )
        return tuple(frozenset(w for w in names if w not in allowed("plain") | kinds) for names in named)

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
