"""One call's evidence -> what it supports: each cited resource, and the call as a whole.

A statement may draw on the facts of what it cites, and on the frame of their call: what was looked for, when,
what was computed and searched. Nothing that only the question says is support, and no single word of a sentence
that is recorded (`recorded`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from agent.check.citations import without_citations
from agent.check.denials import denied
from agent.check.recorded import QUOTED, flat, shown_forms, speaks, worded
from agent.check.support import Support, of_recorded, of_texts
from agent.check.tokens import stem, tokens
from agent.check.units import unit_of
from agent.check.vocabulary import allowed, implied
from tools.calls.evidence import Evidence, Fact, Scalar, denies
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.wording.words import linked_names, recorded_texts, shown_value


@dataclass(frozen=True)
class Grounds:
    """What one call's evidence supports.

    Attributes:
        evidence: the call's evidence.
        record: where resources that carry the answer but are not among the facts are looked up.
    """

    evidence: Evidence
    record: PatientRecord

    @cached_property
    def references(self) -> frozenset[str]:
        """Every resource a statement on this call may cite."""
        return frozenset(self.evidence.references) | frozenset(fact.reference for fact in self.evidence.facts)

    @cached_property
    def truth(self) -> bool:
        """Whether the record has what was asked for: False also when nothing was found."""
        values = self.evidence.values
        if values and all(isinstance(value, bool) for value in values):
            return all(values) != denies(self.evidence)
        return self.evidence.outcome == "found"

    @cached_property
    def says_no(self) -> bool:
        """Whether the record was asked for a truth or a count, and there is none: not only nothing found."""
        told = (value for value in self.evidence.values if isinstance(value, bool | int))
        return any(bool(value) == denies(self.evidence) for value in told)

    @cached_property
    def facts(self) -> dict[str, tuple[Fact, ...]]:
        """The facts by the resource they come from."""
        grouped: dict[str, tuple[Fact, ...]] = {}
        for fact in self.evidence.facts:
            grouped[fact.reference] = (*grouped.get(fact.reference, ()), fact)
        return grouped

    @cached_property
    def frame(self) -> Support:
        """What may be said of the call as a whole: what was looked for and computed."""
        e = self.evidence
        computed = [value for value in self._computed() if not isinstance(value, bool)]
        speech = frozenset().union(*self._speech.values())
        names = [value for value in computed if isinstance(value, str) and value not in speech]
        frame = of_recorded(e.about, e.period, *map(str, e.arguments.values()), *names)
        unit = self._unit()
        numbers = {(Decimal(value), unit) for value in computed if not isinstance(value, str)}
        numbers |= {(limit, unit) for limit in limits(e) for unit in self._units()}
        counts = frozenset((e.total, len(e.facts), len(e.references), len(e.values)))
        whole = Support(frame.words | self._derived_words(), frame.numbers | numbers, frame.days, counts)
        return whole if self.truth else whole | self.asides.support

    @cached_property
    def asides(self) -> "Asides":
        """What may be said without a source: what was searched, notes, other readings."""
        return Asides.of(self.evidence)

    def of(self, reference: str) -> Support:
        """Return what one resource supports."""
        return self._of_facts[reference] if reference in self._of_facts else self._entry(reference)

    @cached_property
    def _of_facts(self) -> dict[str, Support]:
        """What the facts of each resource support."""
        supports: dict[str, Support] = {}
        for reference, facts in self.facts.items():
            texts = [text for f in facts for text in (self._without_speech[f], f.display)]
            texts += [f.date for f in facts if f.date not in worded(self._without_speech[f])]
            support, ends = of_recorded(*texts), [self._ends.get(f.date, frozenset()) for f in facts]
            supports[reference] = Support(support.words.union(*ends), support.numbers, support.days)
        return supports

    def denied_by(self, references: Iterable[str]) -> frozenset[str]:
        """Return what resources, or what was looked for, deny themselves: "no loss of consciousness"."""
        lines = [self._without_speech[fact] for cited in references for fact in self.facts.get(cited, ())]
        return frozenset().union(*map(denied, map(worded, (self.evidence.about, *lines))))

    def repeatable(self, reference: str) -> frozenset[str]:
        """Return what one resource records as more than a name, as it may be repeated."""
        return self._repeatable.get(reference, frozenset())

    @cached_property
    def _repeatable(self) -> dict[str, frozenset[str]]:
        repeatable: dict[str, frozenset[str]] = {}
        for fact in self.evidence.facts:
            forms = {*QUOTED.findall(without_citations(fact.text)), *self._speech[fact]}
            if worded(self._without_speech[fact]) != fact.text:
                forms.update(shown_forms(fact.text))
            repeatable[fact.reference] = repeatable.get(fact.reference, frozenset()) | forms
        return repeatable

    @cached_property
    def _without_speech(self) -> dict[Fact, str]:
        """Each line without what speaks in it."""
        lines: dict[Fact, str] = {}
        for fact, speech in self._speech.items():
            text = fact.text
            for said in sorted(speech, key=lambda said: (-len(said), said)):
                text = text.replace(said, " ; ")
            lines[fact] = flat(text)
        return lines

    @cached_property
    def _speech(self) -> dict[Fact, frozenset[str]]:
        """What speaks in each line, as the line shows it."""
        e = self.evidence
        everywhere = _spoken([e.about, e.unit, *[value for value in e.values if isinstance(value, str)]])
        return {f: (everywhere | _spoken(self._recorded(f))) - {f.text} for f in e.facts}

    def _recorded(self, fact: Fact) -> list[str]:
        """Return the recorded texts that a line may show."""
        entry = self.record.get(fact.reference)
        listed = fact.text.partition(", ")[2] if fact.reference == self.record.reference else ""
        texts = [fact.display, listed, *(recorded_texts(entry) if entry else ())]
        if entry and speaks(fact.text):
            texts += [name for links in (entry.who, entry.where) for name in linked_names(links, self.record)]
        return texts

    def _entry(self, reference: str) -> Support:
        entry = self.record.get(reference)
        if entry is None:
            return Support()
        start = entry.start.day if entry.start else ""
        return of_recorded(entry.display, shown_value(entry), start, entry.status)

    def _computed(self) -> Sequence[Scalar]:
        values = self.evidence.values
        return values if len(values) == 1 or not self.evidence.facts else ()

    def _unit(self) -> str:
        give = self.evidence.arguments.get("give")
        if give == "date" and self._pick() == "count":
            return "day"
        return {"age": "year", "days": "day"}.get(str(give), unit_of(self.evidence.unit))

    def _units(self) -> frozenset[str]:
        of_facts = (n.unit for fact in self.evidence.facts for n in tokens(fact.text).numbers)
        return frozenset(("", self._unit(), *of_facts))

    def _derived_words(self) -> frozenset[str]:
        arguments = self.evidence.arguments
        words = allowed("pick", self._pick()) | allowed("give", str(arguments.get("give", "")))
        words |= implied().get(str(arguments.get("status", "")), frozenset())
        kinds = {c.kind for c in self.evidence.coverage} | set(KINDS.get(str(arguments.get("kind", "")), ()))
        if self.evidence.tool == "overview":
            kinds |= {value for value in self.evidence.values if isinstance(value, str)}
        for kind in kinds:
            words |= words_for(kind)
        return words | self._course()

    def _pick(self) -> str:
        default = "last" if self.evidence.tool == "measure" else "all"
        return str(self.evidence.arguments.get("pick", default))

    def _course(self) -> frozenset[str]:
        value = self.evidence.values[0] if len(self.evidence.values) == 1 else None
        if self.evidence.arguments.get("pick") == "change" and isinstance(value, int | Decimal):
            return allowed("course", "stable" if value == 0 else "up" if value > 0 else "down")
        going = {"rising": "up", "falling": "down", "stable": "stable", "varying": "varying"}
        return allowed("course", going[value]) if isinstance(value, str) and value in going else frozenset()

    @cached_property
    def _ends(self) -> dict[str, frozenset[str]]:
        """The first and the last day of the facts, with the words that say so."""
        days = sorted([fact.date for fact in self.evidence.facts if fact.date])
        if not days or self._pick() in ("first", "last", "max", "min"):
            return {}
        first, last = allowed("pick", "first"), allowed("pick", "last")
        return {days[0]: first, days[-1]: last if days[0] != days[-1] else first | last}


@dataclass(frozen=True, slots=True)
class Asides:
    """The texts of a call that need no source, and what they support."""

    texts: tuple[str, ...]
    support: Support

    @classmethod
    def of(cls, evidence: Evidence) -> "Asides":
        """Collect notes, readings and coverage."""
        spans = [day for c in evidence.coverage for day in c.span or ()]
        searched = frozenset(c.searched for c in evidence.coverage)
        problems = [problem for c in evidence.coverage for problem in c.problems]
        texts = (*evidence.notes, *evidence.readings, *problems, *spans)
        words: frozenset[str] = frozenset()
        for coverage in evidence.coverage:
            words |= words_for(coverage.kind)
        support = of_texts(*evidence.notes, *spans, *problems) | of_recorded(*evidence.readings)
        return cls(texts, Support(support.words | words, support.numbers, support.days, searched))


def _spoken(texts: Iterable[str]) -> frozenset[str]:
    """Return those texts that speak, in each form in which they may be shown."""
    return frozenset().union(*map(shown_forms, filter(speaks, texts)))


@cache
def words_for(kind: str) -> frozenset[str]:
    """Return the words for entries of a FHIR resource type."""
    spaced = "".join(f" {c}" if c.isupper() else c for c in kind)
    return allowed("kind", kind) | frozenset(stem(word) for word in spaced.casefold().split())


def limits(evidence: Evidence) -> Iterable[Decimal]:
    """Return the values that results were to be above or below."""
    for name in ("above", "below"):
        limit = evidence.arguments.get(name)
        if isinstance(limit, int | float | Decimal):
            yield Decimal(str(limit))
