"""A draft in English, the evidence and the record -> what nothing supports, each statement with the reason.

Verified: citations (in the evidence, in this patient's record), dates, numbers, units, names and every other
word that is not plain report English, quotes, and whether the draft affirms what the record denies, or the
reverse.
Left out: whether the draft answers the question, drafts in other languages (`foreign`).
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from agent.check.claims import ENDS, settled_claims
from agent.check.denials import negated
from agent.check.grounds import Grounds, words_for
from agent.check.naming import named_otherwise
from agent.check.noted import OF_A_NOTE, QUOTE, NotesBeside
from agent.check.points import points_of
from agent.check.recorded import as_name, bare_line, quotes, shown_forms, speaks
from agent.check.relations import paired, settle, strangers, unshared
from agent.check.segments import Masks, Piece, Statement, bare, clauses, statements
from agent.check.settled import Settled
from agent.check.support import Support, union
from agent.check.tokens import ALL, Tokens, stem, tokens
from agent.check.truths import LEADING, Truths
from agent.check.turns import turned
from agent.check.vocabulary import allowed
from agent.findings import Claim
from agent.state import Checked, Unsupported
from agent.wording import OWN
from tools.record import PatientRecord
from tools.wording.text import normal, words
from tools.wording.words import read_unit

_COMPARED = re.compile(r"\b(?:before|after|below|above|than|as|from|since|until|over|under)\b", re.IGNORECASE)
"""What stands between two things that are compared, each of its own source."""
_MEASURED = re.compile(
    r"\bmost recent(?:ly)?\b|\bno more of\b|\b(?:more|less) than\s+(?=\w+ (?:day|week|month|year|decade)s?\b)"
    r"|(?<=days|eeks|nths|ears)\s+(?:before|after)\b",
    re.IGNORECASE,
)
"""Relations whose number was checked, that only name the last, or that deny."""
_SEARCHED = re.compile(r"\b(?:search|look|check|review)(?:es|s|ed|ing)?\b", re.IGNORECASE)
_ENTRIES = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d+)\s+([a-z]+)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\bI\b|\b(?:only report|could not be answered)\b", re.IGNORECASE)
_EVER = re.compile(r"\b(?:never|ever)\b", re.IGNORECASE)
_TRAILING = re.compile(r"\b(yes|no)\W*$", re.IGNORECASE)


@dataclass
class EnglishCheck:
    """Checks one draft against the grounds of its evidence, statement by statement."""

    grounds: tuple[Grounds, ...]
    record: PatientRecord
    question: str
    failures: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    masks: Masks = field(default_factory=Masks)
    sources: dict[str, Support] = field(default_factory=dict)
    recomputed: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def run(self, draft: str) -> Checked:
        """Check statement by statement, then whether what the record denies was denied."""
        found: list[Unsupported] = []
        for statement in self._statements(draft):
            reason = self._objection(statement)
            if reason:
                found.append(Unsupported(statement.text, reason))
        recomputed, quoted, undecided = (
            tuple(dict.fromkeys(lines)) for lines in (self.recomputed, self.quoted, self.undecided)
        )
        return Checked(tuple(found or self._truths.unsaid()), recomputed, quoted, undecided)

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
        if why := self._of_another(statement):
            return why
        if self._says_nothing(statement):
            return "it says nothing of what it cites"
        for piece in statement.pieces:
            if why := self._piece(piece, statement, settled):
                return why
        if self._holds_against_a_goal(statement):
            return "code tells how a value lies to a goal"
        shown = self.masks.show(statement.masked)
        self.quoted += [found[0] for found in QUOTE.finditer(shown) if found[0] not in self._asked]
        self.recomputed += settled.recomputed
        return self._undecided_relation(statement, settled)

    def _holds_against_a_goal(self, statement: Statement) -> bool:
        """Tell whether a statement rests on a goal and on something else."""
        goals = [reference.startswith("Goal/") for reference in statement.references]
        return any(goals) and not all(goals)

    def _undecided_relation(self, statement: Statement, settled: Settled) -> str:
        """Return why a relation that is free to say is not said: it was not computed and stands in nothing cited."""
        said = words(_MEASURED.sub(" ", bare(QUOTE.sub(" ; ", statement.masked))))
        computed = {word for line in settled.recomputed for word in words(line.partition(":")[0])}
        held = union(map(self._source, statement.references)).words | settled.support.words | computed
        if len(set(statement.references)) > 1:  # each word of it was held against each source
            held |= {"all", "both", "each", "every"}
        left = next((word for word in said if word in allowed("relation") and word not in held), "")
        return f"what it cites does not decide “{left}”" if left else ""

    def _of_another(self, statement: Statement) -> str:
        """Return why a statement is not of this patient: it speaks of a man where the patient is a woman."""
        said = set(words(bare(statement.masked)))
        for sex, other in (("male", "female"), ("female", "male")):
            if self.record.patient.gender == sex and (wrong := said & allowed("pronoun", other)):
                return f"“{min(wrong)}” is said of a {sex} patient"
        return ""

    def _says_nothing(self, statement: Statement) -> bool:
        """Tell whether a statement has words of reporting and nothing that is reported: "Reveal all"."""
        masked = statement.masked
        said, plain = tokens(self.masks.show(masked)), allowed("plain")
        if said.numbers or said.dates or bare(masked) != masked:
            return False
        free = allowed("free") - plain - union(map(self._source, statement.references)).words
        return not free.isdisjoint(said.words) and plain.union(free).issuperset(said.words)

    def _settled(self, statement: Statement) -> Settled:
        """Return which relations of a statement hold; what it quotes claims none."""
        own = statement.masked
        text = self.masks.show(QUOTE.sub(" ; ", own))
        points = points_of(statement.references, self.grounds)
        settled = settle(text, statement.references, points, self.grounds, self.record.now)
        settled |= settled_claims(self.claims, statement.references, self.grounds, text)
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

    def _piece(self, piece: Piece, statement: Statement, settled: Settled) -> str:
        if (why := self._notes.misquoted(piece)) or self._notes.only.issuperset(piece.references):
            return why or self._notes.overstated(piece, lambda text: self._said(text, frozenset()))
        piece = replace(piece, references=self._subjects(piece.references))
        numbers = [n for n, g in enumerate(self.grounds) if g.references.intersection(piece.references)]
        grounds = [self.grounds[n] for n in numbers]
        sources = [self._source(reference) | settled.support for reference in piece.references]
        repeated = {text for g in grounds for cited in piece.references for text in g.repeatable(cited)}
        own, everything = self._unquoted(piece, grounds, repeated), union(sources)
        said = self._said(own, repeated)
        if absent := self._says_absent(own, said):
            self._truths.denied.update(absent)
            return ""
        if everything.objection(said):
            sources = self._with_other_names(piece, sources)
            everything = union(sources)
        why = self._misquoted(own) or everything.objection(said) or self._unattributed(own, said, grounds)
        if why and self._notes.is_told_by(piece):
            return ""
        why = why or self._unshared(own, piece, sources, settled.support)
        why = why or self._mixed(own, sources, repeated, piece.references) or turned(bare(own), everything)
        return why or self._truths.objection(own, statement, numbers, piece.references, settled.denials)

    def _says_absent(self, own: str, said: Tokens) -> Sequence[int]:
        """Return the calls that found nothing, where a piece denies what they looked for, and says no more."""
        if not negated(own) or said.numbers or said.dates:
            return ()
        if all(names.isdisjoint(said.words) for names in self.missing):
            return ()
        silent = [n for n, g in enumerate(self.grounds) if not g.truth and not g.frame.objection(said)]
        return [n for n in silent if not self.grounds[n].evidence.facts]

    def _with_other_names(self, piece: Piece, sources: Sequence[Support]) -> list[Support]:
        """Return sources with the words by which a piece calls them, and that their facts do not have."""
        text = self.masks.show(piece.masked)
        entries = (self.record.get(reference) for reference in piece.references)
        kinds = tuple(dict.fromkeys(entry.kind for entry in entries if entry))
        called = (
            named_otherwise(text, points_of([reference], self.grounds), kinds, self.record)
            for reference in dict.fromkeys(piece.references)
        )
        return [source | names for source, names in zip(sources, called, strict=True)]

    def _unshared(self, own: str, piece: Piece, sources: Sequence[Support], settled: Support) -> str:
        """Return why what is said of both or all is not so of each, "" if it is."""
        told = [clause for clause in clauses(own) if ALL.search(clause)]
        told = told or (clauses(own)[:1] if self._of_all(piece.references) else [])
        if len(sources) < 2 or not told:
            return ""
        points = points_of(piece.references, self.grounds)
        said = frozenset(tokens(self.masks.show(own)).words)
        own = "; ".join(told)
        each = [frozenset(tokens(p.name).words) - allowed("plain") for p in points]
        apart = [name.difference(*(other for other in each if other != name)) for name in each]
        shared = frozenset[str]().union(*each) if all(name & said for name in apart) else frozenset[str]()
        names = shared or frozenset[str]().union(*each[:1]).intersection(*each)
        otherwise = self._with_other_names(piece, [Support()] * len(dict.fromkeys(piece.references)))
        called = frozenset[str]().union(*[support.words for support in otherwise])
        word = unshared(self.masks.show(own), sources, names | called | settled.words)
        return f"“{word}” is not so of each of them" if word else ""

    def _subjects(self, cited: Sequence[str]) -> tuple[str, ...]:
        """Return of what a statement speaks: of what is the first, last, highest or lowest, not of the others."""
        others = {
            fact.reference
            for claim in self.claims
            if claim.relation in ENDS and {fact.reference for fact in claim.of} <= set(cited)
            for fact in claim.of[1:]
            if fact.reference != claim.of[0].reference
        }
        subjects = tuple(reference for reference in dict.fromkeys(cited) if reference not in others)
        return subjects or tuple(dict.fromkeys(cited))

    def _of_all(self, cited: Sequence[str]) -> bool:
        """Tell whether a statement counts all that it cites, or says that they are all: what it says is so of each."""
        return any(
            claim.relation in ("count", "all", "only") and {fact.reference for fact in claim.of} == set(cited)
            for claim in self.claims
        )

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
            if not weighty or any(not source.objection(said) for source in sources):
                continue
            halves = [self._said(half, repeated) for half in _COMPARED.split(clause)]
            if len(halves) < 2 or any(all(source.objection(half) for source in sources) for half in halves):
                return f"no single source says “{self.masks.show(clause).strip()}”"
        return ""

    def _unquoted(self, piece: Piece, grounds: Sequence[Grounds], repeated: Set[str]) -> str:
        """Return a piece without what it quotes of its sources."""
        opened = self.masks.opened(self._notes.taken_out(piece.masked), self._asked)
        if not QUOTE.search(opened):
            return opened
        facts = [f for g in grounds for f in g.evidence.told if f.reference in piece.references]
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

        return QUOTE.sub(without, opened)

    def _unattributed(self, own: str, said: Tokens, grounds: Sequence[Grounds]) -> str:
        """Return why what was looked for in notes is not said of the patient: that a note holds the words is all."""
        if not _weighty(said) or not {g.evidence.tool for g in grounds} <= {"notes"}:
            return ""
        return "" if OF_A_NOTE.search(self.masks.show(own)) else "it is a note that says so"

    def _misquoted(self, unquoted: str) -> str:
        """Return why a quote is none, "" if nothing more is quoted."""
        wrong = QUOTE.search(unquoted)
        return f"the quote “{self.masks.show(wrong[1])}” is not in the record" if wrong else ""

    def _without_source(self, statement: Statement) -> str:
        if statement.text in OWN:
            return ""
        masked = self._notes.taken_out(statement.masked)
        asked = self._asked if negated(masked) else frozenset()
        said = tokens(self.masks.show(masked, lambda text: " ; " if text in asked else text))
        leading = LEADING.match(masked)
        answer = leading if set(said.words) <= {"yes", "no"} else _TRAILING.search(masked)
        if answer and not said.numbers and not said.dates and not _weighty(said):
            return self._truths.of_an_answer(answer[1].casefold() == "yes")
        if self._aside(said, masked):
            return ""
        if why := turned(bare(masked), Support()):
            return why
        rest = masked[leading.end() :] if leading and leading[1].casefold() == "no" else ""
        if rest and not negated(rest) and not self._is_aside(self.masks.show(rest).strip(" ,.:;!—-")):
            missing = frozenset(word for names in self.missing for word in names)
            if not missing.isdisjoint(said.words):
                return "the record says no, or does not say"
        ever = [g.evidence.period for g in self.grounds if g.evidence.period and not g.truth]
        if ever and _EVER.search(masked) and not (said.dates or said.numbers):
            return f"only {ever[0]} was looked at"
        silent = [n for n, g in enumerate(self.grounds) if not g.truth and not g.frame.objection(said)]
        if not silent and (together := [n for n, g in enumerate(self.grounds) if not g.truth]):
            frames = union(self.grounds[n].frame for n in together)
            apart = (clause for clause in clauses(masked) if not negated(clause))
            named = any(
                names & set(tokens(self.masks.show(c)).words) for c in apart for names in self.missing
            )
            silent = together if negated(masked) and not named and not frames.objection(said) else []
        if why := self._miscounted(self.masks.show(masked)):
            return why
        reckoned = [
            n for n, g in enumerate(self.grounds) if not g.evidence.references and not g.frame.objection(said)
        ]
        if silent or reckoned:
            meant = (silent or reckoned) if negated(masked) else (reckoned or silent)
            return self._truths.objection(masked, statement, meant)
        if not any(g.references for g in self.grounds) and not self.grounds:
            return "" if self._about_itself(said, masked) else "nothing supports it"
        return "" if self._about_itself(said, masked) else "it names no source"

    def _miscounted(self, text: str) -> str:
        """Return why so many entries of a kind were not searched, "" if they were, or nothing of the sort is said."""
        if not _SEARCHED.search(text):
            return ""
        coverages = [c for g in self.grounds for c in g.evidence.coverage]
        for found in _ENTRIES.finditer(text):
            said = [stem(word) for word in words(found[2])]
            kinds = [c for c in coverages if not words_for(c.kind).isdisjoint(said)]
            if kinds and int(found[1].replace(",", "")) not in {c.searched for c in kinds}:
                return f"“{found[0]}” is not how many were searched"
        return ""

    @cached_property
    def _truths(self) -> Truths:
        return Truths(self.grounds, self.masks, self.record.reference)

    @cached_property
    def _notes(self) -> NotesBeside:
        return NotesBeside(self.grounds, self.masks)

    @cached_property
    def _asked(self) -> frozenset[str]:
        """What was asked for and speaks, in quotation marks: a denial may name it."""
        asked = (text for g in self.grounds for text in (g.evidence.about, *g.evidence.arguments.values()))
        return frozenset(as_name(str(text)) for text in asked if speaks(str(text))) | self._windows

    @cached_property
    def _windows(self) -> frozenset[str]:
        """The times that were looked at, in quotation marks where a name in them speaks; they are quoted whole."""
        return frozenset(as_name(g.evidence.period) for g in self.grounds if speaks(g.evidence.period))

    def _aside(self, said: Tokens, masked: str) -> bool:
        """Tell whether a statement only repeats what was searched, noted, or failed."""
        if self._is_aside(self.masks.show(masked).strip().rstrip(".")):
            return True
        leading = LEADING.match(masked)
        if leading and leading[1].casefold() == "yes" and not any(g.truth for g in self.grounds):
            return False
        if not (said.numbers or said.dates or _weighty(said)):
            return False
        supports = [g.asides.support for g in self.grounds]
        return not negated(masked) and any(not support.objection(said) for support in supports)

    def _is_aside(self, told: str) -> bool:
        """Tell whether a text stands in what was searched, noted, or failed."""
        texts = [bare_line(text) for g in self.grounds for text in g.asides.texts]
        said = normal(told)
        if any(said in normal(quote) for quote in self._notes.quotations):
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

    def _recorded(self) -> set[str]:
        """Return what the record says, in each form in which the draft may repeat it."""
        found = set(self._asked)
        for g in self.grounds:
            e = g.evidence
            texts = [e.about, e.period, read_unit(e.unit), *g.asides.texts]
            texts += [value for value in e.values if isinstance(value, str)]
            texts += [text for fact in (*e.facts, *e.against) for text in (fact.text, fact.display)]
            found.update(
                *map(shown_forms, texts), *map(g.repeatable, g.facts), g.asides.quotations, g.authors
            )
        return found


def _weighty(said: Tokens) -> bool:
    return not allowed("plain").issuperset(said.words)
