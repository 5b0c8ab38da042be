"""A draft in English, the evidence and the record -> what nothing supports, each statement with the reason.

Verified: citations (in the evidence, in this patient's record), dates, numbers, units, names and every other
word that is not plain report English, quotes, and whether the draft affirms what the record denies, or the
reverse.
Left out: whether the draft answers the question, drafts in other languages (`foreign`).
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from agent.check.denials import denied, negated
from agent.check.grounds import Grounds, words_for
from agent.check.recorded import QUOTED, as_name, bare_line, quotes, shown_forms, speaks
from agent.check.relations import Settled, paired, points_of, settle, strangers
from agent.check.segments import Masks, Piece, Statement, bare, clauses, statements
from agent.check.support import Support, union
from agent.check.tokens import Tokens, stem, tokens
from agent.check.turns import turned
from agent.check.vocabulary import allowed
from agent.state import Unsupported
from agent.wording import OWN
from tools.record import PatientRecord
from tools.wording.text import normal, words
from tools.wording.words import read_unit

_LOOKING = ("find", "measure")
"""Tools that say whether something is there; a note that is found may say that it is not."""
_QUOTE = re.compile(r"[“\"]([^”\"]+)[”\"]")
_OF_A_NOTE = re.compile(r"\b(?:notes?|documents?|report|mention\w*|according)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\bI\b|\b(?:only report|could not be answered)\b", re.IGNORECASE)
_ZERO = re.compile(r"(?<![\w.])0(?![\w.])")
LEADING = re.compile(r"^\W*(yes|no)\b(?=\s*[,.:;!—-]|\s*$)", re.IGNORECASE)
_TRAILING = re.compile(r"\b(yes|no)\W*$", re.IGNORECASE)


@dataclass
class EnglishCheck:
    """Checks one draft against the grounds of its evidence, statement by statement."""

    grounds: tuple[Grounds, ...]
    record: PatientRecord
    question: str
    failures: tuple[str, ...]
    masks: Masks = field(default_factory=Masks)
    sources: dict[str, Support] = field(default_factory=dict)
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
            if reference not in self._evidence:
                return f"{reference} is not in the evidence"
            if reference not in self.sources and not self._in_record(reference):
                return f"{reference} is not in this patient's record"
        if not statement.references or statement.text in OWN:
            return self._without_source(statement)
        settled = self._settled(statement)
        if settled.why:
            return settled.why
        for piece in statement.pieces:
            if why := self._piece(piece, statement, settled.support):
                return why
        return ""

    def _settled(self, statement: Statement) -> Settled:
        """Return which relations of a statement hold; what it quotes claims none."""
        own = "".join(piece.masked for piece in statement.pieces)
        text = self.masks.show(_QUOTE.sub(" ; ", own))
        points = points_of(statement.references, self.grounds)
        settled = settle(text, statement.references, points, self.grounds, self.record.now)
        other = strangers(text, points)
        return Settled(why=f"a day in it is not that of {other}") if other else settled

    @cached_property
    def _evidence(self) -> frozenset[str]:
        """Every resource that may be cited."""
        return frozenset[str]().union(*[g.references for g in self.grounds])

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

    def _piece(self, piece: Piece, statement: Statement, settled: Support) -> str:
        numbers = [n for n, g in enumerate(self.grounds) if g.references.intersection(piece.references)]
        grounds = [self.grounds[n] for n in numbers]
        sources = [self._source(reference) | settled for reference in dict.fromkeys(piece.references)]
        repeated = {text for g in grounds for cited in piece.references for text in g.repeatable(cited)}
        own, everything = self._unquoted(piece, grounds, repeated), union(sources)
        said = self._said(own, repeated)
        why = self._misquoted(own) or everything.objection(said) or self._unattributed(own, said, grounds)
        if why and self._tells_a_note(piece):
            return ""
        why = why or self._mixed(own, sources, repeated, piece.references) or turned(bare(own), everything)
        return why or self._polarity(own, statement, numbers, piece.references)

    def _source(self, reference: str) -> Support:
        """Return what a resource supports, with the frame of each call that found it."""
        if reference not in self.sources:
            citing = [g for g in self.grounds if reference in g.references]
            self.sources[reference] = union([s for g in citing for s in (g.of(reference), g.frame)])
        return self.sources[reference]

    def _said(self, own: str, repeated: Set[str]) -> Tokens:
        """Return what is said, without what is `repeated` as recorded."""
        return tokens(self.masks.show(own, lambda text: " ; " if text in repeated else text).strip())

    def _mixed(self, own: str, sources: Sequence[Support], repeated: Set[str], cited: Sequence[str]) -> str:
        if len(sources) < 2 or paired(self.masks.show(own), cited, self.grounds):
            return ""
        for clause in clauses(own):
            said = self._said(clause, repeated)
            weighty = len(said.dates) + len(said.numbers) + _weighty(said) > 1
            if weighty and all(source.objection(said) for source in sources):
                return f"no single source says “{self.masks.show(clause).strip()}”"
        return ""

    def _unquoted(self, piece: Piece, grounds: Sequence[Grounds], repeated: Set[str]) -> str:
        """Return a piece without what it quotes of its sources."""
        opened = self.masks.opened(self._unnoted(piece.masked), self._asked)
        if not _QUOTE.search(opened):
            return opened
        facts = [f for g in grounds for f in g.evidence.facts if f.reference in piece.references]
        recorded = [text for f in facts for text in (f.text, f.display)]
        recorded += [
            g.evidence.about for g in grounds if g.evidence.about not in g.evidence.arguments.values()
        ]

        def without(found: re.Match[str]) -> str:
            quote = self.masks.show(found[1])
            if f"“{quote}”" in self._windows:
                return " ; "
            if any(quotes(quote, text, is_sentence=True) for text in repeated):
                return " ; "
            return " ; " if any(quotes(quote, text) for text in recorded) else found[0]

        return _QUOTE.sub(without, opened)

    def _unattributed(self, own: str, said: Tokens, grounds: Sequence[Grounds]) -> str:
        """Return why what was looked for in notes is not said of the patient: that a note holds the words is all."""
        if not _weighty(said) or not {g.evidence.tool for g in grounds} <= {"notes"}:
            return ""
        return "" if _OF_A_NOTE.search(self.masks.show(own)) else "it is a note that says so"

    def _misquoted(self, unquoted: str) -> str:
        """Return why a quote is none, "" if nothing more is quoted."""
        wrong = _QUOTE.search(unquoted)
        return f"the quote “{self.masks.show(wrong[1])}” is not in the record" if wrong else ""

    def _polarity(
        self, masked: str, statement: Statement, numbers: Sequence[int], references: Sequence[str] = ()
    ) -> str:
        for n in set(numbers).difference(self._reckoned_with(numbers)):
            self.used.setdefault(n, []).append(statement)
        truths = {self.grounds[n].truth for n in numbers}
        leading = LEADING.match(self.masks.show(masked))
        if leading and leading[1].casefold() == "yes" and truths == {False}:
            return "it says yes where the record says no"
        recorded = frozenset[str]().union(*[self.grounds[n].denied_by(references) for n in numbers])
        denials, own, denying = self._denials(masked), bare(masked), negated(masked)
        named = recorded.intersection(map(stem, words(own)))
        if truths == {True} and named - denials and references != (self.record.reference,):
            return "it says what the record denies"
        if not denying and not _ZERO.search(own):
            return ""
        no = leading is not None and leading[1].casefold() == "no"
        told = not no and denials <= recorded and not self._denies(masked, numbers)
        if truths == {True} and denying and not told:
            return "it denies what the record says"
        self.denied.update([n for n in numbers if not self.grounds[n].truth])
        return ""

    def _reckoned_with(self, numbers: Sequence[int]) -> Iterable[int]:
        """Return which calls are operands of another: a statement on that need not say what they say."""
        cited = [self.grounds[n].evidence for n in numbers]
        operands = {each for e in cited if e.tool == "calculate" for each in _listed(e.arguments.get("of"))}
        return (n for n in numbers if self.grounds[n].evidence.id in operands)

    def _denials(self, masked: str) -> frozenset[str]:
        """Return what is denied in words of its own, of a recorded name too."""
        return denied(self.masks.show(masked, lambda text: " ; " if denied(text) else text))

    def _denies(self, masked: str, numbers: Sequence[int]) -> bool:
        """Tell whether it denies what was looked for and found."""
        looked = [g.evidence for g in map(self.grounds.__getitem__, numbers) if g.evidence.tool in _LOOKING]
        found = {stem(word) for evidence in looked for word in words(evidence.about)}
        said = [stem(word) for word in words(bare(masked))]
        ends = (n for n, word in enumerate(said) if word in allowed("negation"))
        return any(found.intersection(said[n + 1 : n + 3]) for n in ends)

    def _without_source(self, statement: Statement) -> str:
        if statement.text in OWN:
            return ""
        masked = self._unnoted("".join(piece.masked for piece in statement.pieces))
        asked = self._asked if negated(masked) else frozenset()
        said = tokens(self.masks.show(masked, lambda text: " ; " if text in asked else text))
        leading = LEADING.match(masked)
        answer = leading if set(said.words) <= {"yes", "no"} else _TRAILING.search(masked)
        if answer and not said.numbers and not said.dates and not _weighty(said):
            return self._bare_answer(answer[1].casefold() == "yes")
        if self._aside(said, masked):
            return ""
        if why := turned(bare(masked), Support()):
            return why
        rest = masked[leading.end() :] if leading and leading[1].casefold() == "no" else ""
        if rest and not negated(rest) and not self._is_aside(self.masks.show(rest).strip(" ,.:;!—-")):
            missing = frozenset(word for names in self.missing for word in names)
            if not missing.isdisjoint(said.words):
                return "the record says no, or does not say"
        silent = [n for n, g in enumerate(self.grounds) if not g.truth and not g.frame.objection(said)]
        reckoned = [
            n for n, g in enumerate(self.grounds) if not g.evidence.references and not g.frame.objection(said)
        ]
        if silent or reckoned:
            meant = (silent or reckoned) if negated(masked) else (reckoned or silent)
            return self._polarity(masked, statement, meant)
        if not any(g.references for g in self.grounds) and not self.grounds:
            return "" if self._about_itself(said, masked) else "nothing supports it"
        return "" if self._about_itself(said, masked) else "it names no source"

    def _unnoted(self, masked: str) -> str:
        """Return a piece that says of a note what it says, without the quotation; else as it is."""
        opened = self.masks.opened(masked, self._noted)
        if opened == masked or not _OF_A_NOTE.search(self.masks.show(QUOTED.sub(" ; ", opened))):
            return opened
        return QUOTED.sub(lambda quote: " ; " if quote[0] in self._noted else quote[0], opened)

    def _tells_a_note(self, piece: Piece) -> bool:
        """Tell whether a piece only says what a note says beside what was found: "but a note of 2021 says “…”"."""
        own = self._unnoted(piece.masked)
        if own == self.masks.opened(piece.masked, self._noted) or negated(own):
            return False
        said = tokens(self.masks.show(own))
        return any(not g.asides.support.objection(said) for g in self.grounds)

    @cached_property
    def _noted(self) -> frozenset[str]:
        """What notes say beside what was found, in quotation marks."""
        return frozenset().union(*(g.asides.quotations for g in self.grounds))

    @cached_property
    def _asked(self) -> frozenset[str]:
        """What was asked for and speaks, in quotation marks: a denial may name it."""
        asked = (text for g in self.grounds for text in (g.evidence.about, *g.evidence.arguments.values()))
        return frozenset(as_name(str(text)) for text in asked if speaks(str(text))) | self._windows

    @cached_property
    def _windows(self) -> frozenset[str]:
        """The times that were looked at, in quotation marks where a name in them speaks; they are quoted whole."""
        return frozenset(as_name(g.evidence.period) for g in self.grounds if speaks(g.evidence.period))

    def _bare_answer(self, yes: bool) -> str:
        if not any(g.truth == yes and (yes or g.says_no) for g in self.grounds):
            return f"the record does not say {'yes' if yes else 'no'}"
        if not yes:
            self.denied.update(n for n, g in enumerate(self.grounds) if not g.truth)
        return ""

    def _aside(self, said: Tokens, masked: str) -> bool:
        """Tell whether a statement only repeats what was searched, noted, or failed."""
        if self._is_aside(self.masks.show(masked).strip().rstrip(".")):
            return True
        if not (said.numbers or said.dates or _weighty(said)):
            return False
        supports = [g.asides.support for g in self.grounds]
        return not negated(masked) and any(not support.objection(said) for support in supports)

    def _is_aside(self, told: str) -> bool:
        """Tell whether a text stands in what was searched, noted, or failed."""
        texts = [bare_line(text) for g in self.grounds for text in g.asides.texts]
        said = normal(told)
        if any(said in normal(quote) for quote in self._noted):
            return False  # a note says so
        return any(said and said in normal(text) for text in (*texts, *self.failures))

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

    def _recorded(self) -> set[str]:
        """Return what the record says, in each form in which the draft may repeat it."""
        found = set(self._asked)
        for g in self.grounds:
            e = g.evidence
            texts = [e.about, e.period, read_unit(e.unit), *g.asides.texts]
            texts += [value for value in e.values if isinstance(value, str)]
            texts += [text for fact in e.facts for text in (fact.text, fact.display)]
            found.update(
                *map(shown_forms, texts), *map(g.repeatable, g.facts), g.asides.quotations, g.authors
            )
        return found


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _weighty(said: Tokens) -> bool:
    return not allowed("plain").issuperset(said.words)
