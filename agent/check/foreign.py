"""A draft in another language, the evidence and the record -> what nothing supports, as said in the draft.

Verified: citations, numbers, dates, units, clinical names that are like the English ones (`cognates`), quotes, a
leading yes or no, and that what was not found is denied and what was found is not. Left out: every other word, so
that an answer in another language is marked as not decided; languages that no mark in foreign.toml tells, whose
drafts are checked as English ones.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from agent.check.citations import CITATION
from agent.check.cognates import names_in, skeleton
from agent.check.denials import negated
from agent.check.english import EnglishCheck
from agent.check.grounds import limits
from agent.check.notation import MONTHS, Reading, foreign_marks, joints, marks
from agent.check.repeating import recorded_speech, repeats
from agent.check.segments import Statement, bare, clauses, statements
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support
from agent.check.tokens import Tokens, stem, tokens
from agent.check.truths import LEADING
from agent.check.vocabulary import report_words
from agent.wording import OWN
from tools.wording.text import normal, words

_WORD = re.compile(r"\b[^\W\d_]+\b")
_LETTER = re.compile(r"(?<=[a-z] )[B-Z]\b(?!['’.])")
"""A letter that is part of a name: "hepatitis C"."""
_QUOTED = re.compile(r"[„“«\"][^„“”\"«»]*[“”»\"]")
_NO = re.compile(r"\bno\b(?P<answers>\s*[,.;:!])?", re.IGNORECASE)


def in_another_language(draft: str, question: str) -> bool:
    """Tell whether a draft is in another language than English: by its words, else by those of its question.

    >>> in_another_language("Das ist der letzte Wert.", ""), in_another_language("HbA1c 6.4 %", "What is the HbA1c?")
    (True, False)
    """
    for sentence in OWN:
        draft = draft.replace(sentence, "")
    told = _balance(_said(draft))
    return told > 0 if told else _balance(_said(question)) > 0


def no_denies(draft: str, question: str) -> tuple[bool, ...]:
    """Return whether "no" denies in a draft: not in Portuguese ("in the"); both where nothing tells."""
    said = _said(draft) | _said(question)
    portuguese, others = len(said & marks("pt")), max(len(said & marks(code)) for code in ("es", "it"))
    found = [*_NO.finditer(draft)]
    if not found or any(match["answers"] for match in found):
        return (True,)
    return (True, False) if portuguese == others else (portuguese < others,)


@dataclass(kw_only=True)
class ForeignCheck(EnglishCheck):
    """Checks a draft in another language; sentences in English stand in it as in any draft.

    Attributes:
        no: whether "no" denies.
        reading: of the statement that is checked.
        in_english: whether that is English after all.
    """

    no: bool = True
    reading: Reading = field(default_factory=Reading)
    in_english: bool = False

    def _statements(self, draft: str) -> list[Statement]:
        return statements(draft, self.masks, self._recorded(), joints())

    def _objection(self, statement: Statement) -> str:
        if any(statement.text.rstrip(".") == why.rstrip(".") for why in self.failures):
            return ""
        own = "".join(bare(piece.masked) for piece in statement.pieces)
        said = _said(own)
        self.in_english = len((said & report_words()) - foreign_marks()) > len(said & foreign_marks())
        self.reading = Reading(no=self.no)
        if self.in_english:
            return super()._objection(statement)
        pieces = tuple(
            replace(piece, masked=self.reading.english(piece.masked)) for piece in statement.pieces
        )
        if self.reading.unreadable:
            return f"“{self.reading.unreadable}” can be read in several ways"
        if repeats(_QUOTED.sub(" ; ", own), self._speech):
            return "it repeats what a text of the record says"
        letters = (letter for letter in _LETTER.findall(own) if letter.lower() not in self._evidence_words)
        if letter := next(letters, ""):
            return f"“{letter}” is not in the evidence it cites"
        read = replace(statement, pieces=pieces)
        reason = self.reading.as_written(super()._objection(read) or self._turned(read))
        if not reason and statement.text not in OWN:
            self.undecided.append(statement.text)
        return reason

    def _settled(self, statement: Statement) -> Settled:
        return super()._settled(statement) if self.in_english else NOTHING

    def _source(self, reference: str) -> Support:
        """Return what a resource supports; the direction of a change is not decided."""
        support = super()._source(reference)
        if self.in_english:
            return support
        return support | Support(numbers=frozenset((abs(value), unit) for value, unit in support.numbers))

    def _said(self, own: str, repeated: Set[str]) -> Tokens:
        """Return the dates, the numbers, and of the words the clinical names."""
        if self.in_english:
            return super()._said(own, repeated)
        shown = self.masks.show(own, lambda text: " ; " if text in repeated else text).strip()
        return self._decided(shown)

    def _decided(self, shown: str) -> Tokens:
        said = tokens(shown)
        found = names_in(shown, self._evidence_words, self._displays, self.record)
        names = [(name, written) for name, written in found if stem(normal(written)) in said.words]
        for name, written in names:
            self.reading.note(name, written)
        months = (word for word in said.words if word in MONTHS)
        return Tokens(said.dates, said.numbers, (*(name for name, _ in names), *months))

    def _without_source(self, statement: Statement) -> str:
        """Return why a statement without source is not supported: it may only answer, or deny what was not found."""
        if self.in_english or statement.text in OWN:
            return super()._without_source(statement)
        masked = statement.masked
        leading = LEADING.match(masked)
        if leading and not words(masked[leading.end() :]):
            return self._truths.of_an_answer(leading[1].casefold() == "yes")
        if self._is_aside(self.masks.show(masked).strip().rstrip(".")):
            return ""
        if leading and leading[1].casefold() == "yes":
            return "it says yes where the record says no" if self._silent else "it names no source"
        said = self._decided(self.masks.show(masked))
        denies = negated(masked)
        if not denies or not self._names_the_asked(masked):
            return "it names no source"
        silent = [n for n in self._silent if not self.grounds[n].frame.objection(said)]
        if not silent:
            return "it names no source"
        rest = masked[leading.end() :] if leading else ""
        if rest and not negated(rest) and said.words:
            return "the record says no, or does not say"
        return self._truths.objection(masked, statement, silent)

    @property
    def _silent(self) -> Sequence[int]:
        """Which calls found nothing."""
        return [n for n, g in enumerate(self.grounds) if not g.truth]

    def _names_the_asked(self, masked: str) -> bool:
        """Tell whether it names what was not found, in the words of the plan or of the question."""
        asked = {skeleton(word) for names in self.missing for word in names}
        asked |= {skeleton(w) for w in _said(self.question) - foreign_marks() if len(w) > 2} - _OF_REPORTS
        said = {skeleton(word) for word in words(self.masks.show(masked)) if word not in foreign_marks()}
        return not asked.isdisjoint(said)

    def _turned(self, statement: Statement) -> str:
        """Return why a denial does not say what it seems to say, "" if it does."""
        masked = statement.masked
        answered = LEADING.match(masked)
        if self.reading.denials - bool(answered and answered[1].casefold() == "no") > 1:
            return "it denies twice"
        for clause in clauses(masked):
            said = self._decided(self.masks.show(clause))
            passed = any(number.value in self._not_passed for number in said.numbers)
            named = any(not missing.isdisjoint(said.words) for missing in self.missing)
            if (passed or named) and not negated(clause):
                return "the record says no, or does not say"
        return ""

    @cached_property
    def _speech(self) -> frozenset[tuple[str, ...]]:
        return recorded_speech(self.grounds)

    @cached_property
    def _not_passed(self) -> frozenset[Decimal]:
        """The limits that nothing recorded is above or below."""
        return frozenset(limit for g in self.grounds if not g.truth for limit in limits(g.evidence))

    @cached_property
    def _evidence_words(self) -> frozenset[str]:
        texts = [*self._recorded(), *(str(v) for g in self.grounds for v in g.evidence.arguments.values())]
        return frozenset(stem(word) for text in texts for word in words(text))

    @cached_property
    def _displays(self) -> Mapping[str, str]:
        """The names that the record and the facts have for what may be cited, with that of the fact."""
        facts = [fact for g in self.grounds for fact in g.evidence.facts]
        entries = ((self.record.get(fact.reference), fact.display) for fact in facts)
        return {e.display: told for e, told in entries if e} | {fact.display: fact.display for fact in facts}


_CHANCE = 1
"""How many words of another language may look like those of English reports."""
_OF_REPORTS = frozenset(map(skeleton, report_words()))


def _balance(said: frozenset[str]) -> int:
    """Return by how many words another language is told more than English."""
    foreign = said & foreign_marks()
    report = (said & report_words()) - foreign
    return min(len(foreign) - len(said & marks("en")), len(foreign) - len(report) + _CHANCE)


def _said(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(CITATION.sub(" ", text).lower()))
