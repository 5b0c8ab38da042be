"""A piece of a draft that tells what notes say beside what was found -> whether it tells no more than they say.

Left out: notes that were looked for, which are facts like others.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.recorded import QUOTED, bare_line, quotes
from agent.check.segments import Masks, Piece
from agent.check.support import of_texts
from agent.check.tokens import Tokens, tokens
from tools.calls.evidence import Fact

OF_A_NOTE = re.compile(r"\b(?:notes?|documents?|report|mention\w*|according)\b", re.IGNORECASE)
"""Words that say that a note says it."""
QUOTE = re.compile(r"[“\"]([^”\"]+)[”\"]")


@dataclass(frozen=True)
class NotesBeside:
    """What notes say beside what was found, and the texts that a draft hides.

    Attributes:
        grounds: the evidence.
        masks: of the draft.
    """

    grounds: tuple[Grounds, ...]
    masks: Masks

    @cached_property
    def quotations(self) -> frozenset[str]:
        """What notes say, in quotation marks."""
        return frozenset().union(*(g.asides.quotations for g in self.grounds))

    @cached_property
    def only(self) -> frozenset[str]:
        """The notes that only speak against what was found."""
        found = frozenset[str]().union(*(g.references - g.only_against for g in self.grounds))
        return frozenset[str]().union(*(g.only_against for g in self.grounds)) - found

    def misquoted(self, piece: Piece) -> str:
        """Return why a piece that cites notes quotes another one, "" if it does not."""
        cited = self._cited(piece)
        own = frozenset(quote for fact in cited for quote in QUOTED.findall(bare_line(fact.text)))
        said = QUOTED.findall(self.masks.show(piece.masked)) if cited else ()
        strange = next((quote for quote in said if quote in self.quotations - own), "")
        return f"{strange} is not in the note it cites" if strange else ""

    def overstated(self, piece: Piece, read: Callable[[str], Tokens]) -> str:
        """Return why a piece says more than that the notes it cites say what it quotes, and when; "" if it does not.

        Args:
            piece: which cites notes.
            read: gives what a text says, in the language of the draft.
        """
        text, cited = self.masks.show(piece.masked), self._cited(piece)

        def without(found: re.Match[str]) -> str:
            held = any(quotes(found[1], fact.text, is_sentence=True) for fact in cited)
            return " ; " if held else found[0]

        own = QUOTE.sub(without, text)
        lines = of_texts(*(QUOTED.sub(" ; ", bare_line(fact.text)) for fact in cited))
        told = own != text and not negated(own) and not lines.objection(read(own))
        return "" if told else "it is a note that says so"

    def taken_out(self, masked: str) -> str:
        """Return a piece that says of a note what it says, without the quotation; else as it is."""
        opened = self.masks.opened(masked, self.quotations)
        if opened == masked or not OF_A_NOTE.search(self.masks.show(QUOTED.sub(" ; ", opened))):
            return opened
        return QUOTED.sub(lambda quote: " ; " if quote[0] in self.quotations else quote[0], opened)

    def is_told_by(self, piece: Piece) -> bool:
        """Tell whether a piece only says what a note says beside what was found: "but a note of 2021 says “…”"."""
        own = self.taken_out(piece.masked)
        if own == self.masks.opened(piece.masked, self.quotations) or negated(own):
            return False
        said = tokens(self.masks.show(own))
        return any(not g.asides.support.objection(said) for g in self.grounds)

    def _cited(self, piece: Piece) -> Sequence[Fact]:
        return [f for g in self.grounds for f in g.evidence.against if f.reference in piece.references]
