"""A draft in English, the evidence and the record -> what nothing supports, each statement with the reason.

Verified: citations (in the evidence, in this patient's record), dates, numbers, units, names and every other
word that is not plain report English, quotes, and whether the draft affirms what the record denies, or the
reverse.
Left out: whether the draft answers the question, drafts in other languages (`foreign`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agent.check.citations import without_citations
from agent.check.segments import Masks, Piece, Statement, bare, clauses, statements
from agent.check.support import Grounds, Support, words_for
from agent.check.tokens import Tokens, stem, tokens
from agent.check.turns import turned
from agent.check.vocabulary import allowed
from agent.state import Unsupported
from agent.wording import FAILED, OWN
from tools.facts import one_line, read_unit
from tools.record import PatientRecord
from tools.text import normal, plain_name, words

_LOOKING = ("find", "measure")
"""Tools that say whether something is there; a note that is found may say that it is not."""
_QUOTE = re.compile(r"[“\"]([^”\"]+)[”\"]")
_SPEAKER = re.compile(r"\bI\b|\b(?:only report|could not be answered)\b", re.IGNORECASE)
_ZERO = re.compile(r"(?<![\w.])0(?![\w.])")
LEADING = re.compile(r"^\W*(yes|no)\b(?=\s*[,.:;!—-]|\s*$)", re.IGNORECASE)

_TRAILING = re.compile(r"\b(yes|no)\W*$", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”")
"""A passage of the record, which may be several sentences."""


@dataclass
class EnglishCheck:
    """Checks one draft against the grounds of its evidence, statement by statement."""

    grounds: tuple[Grounds, ...]
    record: PatientRecord
    question: str
    failures: tuple[str, ...]
    masks: Masks = field(default_factory=Masks)
    denied: set[int] = field(default_factory=set)
    used: dict[int, list[Statement]] = field(default_factory=dict)

    def run(self, draft: str) -> tuple[Unsupported, ...]:
        """Check statement by statement, then whether what the record denies was denied."""
        found: list[Unsupported] = []
        for statement in self._statements(draft):
            reason = self._objection(statement)
            if reason:
                found.append(Unsupported(statement.text, reason))
        return tuple(found or self._affirmed())

    def _statements(self, draft: str) -> list[Statement]:
        return statements(draft, self.masks, self._recorded())

    def _objection(self, statement: Statement) -> str:
        for reference in statement.references:
            if not any(reference in g.references for g in self.grounds):
                return f"{reference} is not in the evidence"
            if not self._in_record(reference):
                return f"{reference} is not in this patient's record"
        if not statement.references or statement.text in OWN:
            return self._without_source(statement)
        return next((why for piece in statement.pieces if (why := self._piece(piece, statement))), "")

    @cached_property
    def missing(self) -> tuple[frozenset[str], ...]:
        """What was looked for and not found, by call."""
        nothing = [g for g in self.grounds if not g.truth and not g.evidence.facts]
        kinds = {word for g in nothing for c in g.evidence.coverage for word in words_for(c.kind)}
        named = (
            {stem(w) for w in words(f"{g.evidence.about} {g.evidence.arguments.get('concept', '')}")}
            for g in nothing
        )
        return tuple(frozenset(w for w in names if w not in allowed("plain") | kinds) for names in named)

    def _in_record(self, reference: str) -> bool:
        if reference == self.record.reference:
            return True
        entry = self.record.get(reference)
        return entry is not None and entry.patient in ("", self.record.reference)

    def _piece(self, piece: Piece, statement: Statement) -> str:
        numbers = [n for n, g in enumerate(self.grounds) if g.references.intersection(piece.references)]
        grounds = [self.grounds[n] for n in numbers]
        sources = [self._source(reference, grounds) for reference in dict.fromkeys(piece.references)]
        said, everything = tokens(self.masks.show(piece.masked)), _union(sources)
        why = everything.objection(said) or self._mixed(piece, sources) or self._quotes(piece, grounds)
        why = why or turned(bare(piece.masked), everything)
        return why or self._polarity(piece.masked, statement, numbers, everything)

    def _source(self, reference: str, grounds: Sequence[Grounds]) -> Support:
        return _union(g.of(reference) | g.frame for g in grounds if reference in g.references)

    def _mixed(self, piece: Piece, sources: Sequence[Support]) -> str:
        if len(sources) < 2:
            return ""
        for clause in clauses(piece.masked):
            said = tokens(self.masks.show(clause))
            weighty = len(said.dates) + len(said.numbers) + _weighty(said) > 1
            if weighty and all(source.objection(said) for source in sources):
                return f"no single source says “{self.masks.show(clause).strip()}”"
        return ""

    def _quotes(self, piece: Piece, grounds: Sequence[Grounds]) -> str:
        recorded = [text for g in grounds for f in g.evidence.facts for text in (f.text, f.display)]
        recorded += [text for g in grounds for text in (g.evidence.about, *g.asides.texts)]
        recorded = [normal(without_citations(text)) for text in recorded]
        for quote in _QUOTE.findall(piece.masked):
            own = bare(quote) == quote  # else it is a line that holds a recorded name, checked word by word
            if own and not any(normal(quote) in text for text in recorded):
                return f"the quote “{quote}” is not in the record"
        return ""

    def _polarity(self, masked: str, statement: Statement, numbers: Sequence[int], support: Support) -> str:
        for n in numbers:
            self.used.setdefault(n, []).append(statement)
        truths = {self.grounds[n].truth for n in numbers}
        leading = LEADING.match(self.masks.show(masked))
        if leading and leading[1].casefold() == "yes" and truths == {False}:
            return "it says yes where the record says no"
        if not negated(masked) and not _ZERO.search(bare(masked)):
            return ""
        recorded = bool(support.words & allowed("negation")) and not leading
        if truths == {True} and negated(masked) and not (recorded and not self._denies(masked, numbers)):
            return "it denies what the record says"
        self.denied.update(n for n in numbers if not self.grounds[n].truth)
        return ""

    def _denies(self, masked: str, numbers: Sequence[int]) -> bool:
        """Tell whether it denies in its own words what was looked for and found, whatever a name may say."""
        looked = [g.evidence for g in map(self.grounds.__getitem__, numbers) if g.evidence.tool in _LOOKING]
        found = {stem(word) for evidence in looked for word in words(evidence.about)}
        said = [stem(word) for word in words(bare(masked))]
        ends = (n for n, word in enumerate(said) if word in allowed("negation"))
        return any(found.intersection(said[n + 1 : n + 3]) for n in ends)

    def _without_source(self, statement: Statement) -> str:
        if statement.text in OWN:
            return ""
        masked = "".join(piece.masked for piece in statement.pieces)
        said = tokens(self.masks.show(masked))
        leading = LEADING.match(masked)
        answer = leading if set(said.words) <= {"yes", "no"} else _TRAILING.search(masked)
        if answer and not said.numbers and not said.dates and not _weighty(said):
            return self._bare_answer(answer[1].casefold() == "yes")
        if self._aside(said, masked):
            return ""
        if why := turned(bare(masked), Support()):
            return why
        if leading and leading[1].casefold() == "no" and not negated(masked[leading.end() :]):
            missing = frozenset(word for names in self.missing for word in names)
            if not missing.isdisjoint(said.words):
                return "the record says no, or does not say"
        for n, g in enumerate(self.grounds):
            if not g.truth and not g.frame.objection(said):
                return self._polarity(masked, statement, [n], g.frame)
        if not any(g.references for g in self.grounds) and not self.grounds:
            return "" if self._about_itself(said, masked) else "nothing supports it"
        return "" if self._about_itself(said, masked) else "it names no source"

    def _bare_answer(self, yes: bool) -> str:
        if not any(g.truth == yes and (yes or g.denied) for g in self.grounds):
            return f"the record does not say {'yes' if yes else 'no'}"
        if not yes:
            self.denied.update(n for n, g in enumerate(self.grounds) if not g.truth)
        return ""

    def _aside(self, said: Tokens, masked: str) -> bool:
        """Tell whether a statement only repeats what was searched, noted, or failed."""
        texts = [text for g in self.grounds for text in g.asides.texts]
        texts += [f"{FAILED} {failure}" for failure in self.failures]
        told = self.masks.show(masked).strip().rstrip(".")
        if any(told and normal(told) in normal(text) for text in texts):
            return True
        if not (said.numbers or said.dates or _weighty(said)):
            return False
        supports = [g.asides.support for g in self.grounds]
        return not negated(masked) and any(not support.objection(said) for support in supports)

    def _about_itself(self, said: Tokens, masked: str) -> bool:
        """Tell whether a statement claims nothing: a greeting, a lead-in, what the assistant does not do."""
        asked = frozenset(tokens(self.question).words)
        speaks = bool(_SPEAKER.search(masked)) and (negated(masked) or "only" in said.words)
        kinds = frozenset(word for kind in self.record.counts for word in words_for(kind))
        free = Support(words=asked | kinds) if speaks else Support()
        if said.numbers or said.dates or free.objection(said):
            return False
        return speaks or not negated(masked)

    def _affirmed(self) -> Iterable[Unsupported]:
        for n, using in self.used.items():
            if not self.grounds[n].truth and n not in self.denied:
                yield from (
                    Unsupported(s.text, "the record says no, or does not say") for s in dict.fromkeys(using)
                )

    def _recorded(self) -> Iterable[str]:
        for g in self.grounds:
            e = g.evidence
            names = (value for value in e.values if isinstance(value, str))
            for text in (e.about, e.period, one_line(read_unit(e.unit)), *g.asides.texts, *names):
                yield from (text, plain_name(text))
            for fact in e.facts:
                name = plain_name(fact.display)
                quotes = _QUOTED.findall(without_citations(fact.text))
                yield from (fact.text, fact.display, name, one_line(name), *quotes)


def negated(masked: str) -> bool:
    """Tell whether a piece denies in its own words."""
    said = words(bare(masked))
    return any(word in allowed("negation") or word.endswith("n't") for word in said)


def _weighty(said: Tokens) -> bool:
    return any(word not in allowed("plain") for word in said.words)


def _union(supports: Iterable[Support]) -> Support:
    whole = Support()
    for support in supports:
        whole = whole | support
    return whole
