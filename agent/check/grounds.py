"""One call's evidence -> what it supports: each cited resource, and the call as a whole.

A statement may draw on the facts of what it cites, and on the frame of their call: what was looked for, when,
what was computed and searched. Nothing that only the question says is support, and no single word of a sentence
that is recorded (`recorded`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from agent.check.denials import denied
from agent.check.recorded import QUOTED, bare_line, flat, shown_forms, speaks, worded
from agent.check.support import Support, of_recorded, of_texts
from agent.check.tokens import LINE_OF_SEVERAL, stem, tokens
from agent.check.units import unit_of
from agent.check.vocabulary import allowed, implied
from tools.calls.evidence import Evidence, Fact, Scalar, denies
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.units import stated
from tools.wording.text import words
from tools.wording.words import linked_names, ordinal, read_unit, recorded_texts, shown_value

_WORDED = ("give", "part", "statistic", "test", "operation")
"""Arguments whose values stand for words of their own."""
_COMPARED = {"change", "percent change", "difference", "percent"}
"""What says by its sign whether something went up."""


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
        told = (*self.evidence.told, *self.evidence.against)
        return frozenset(self.evidence.references) | frozenset(fact.reference for fact in told)

    @cached_property
    def only_against(self) -> frozenset[str]:
        """The notes of which it is only told that they speak against what was found."""
        return frozenset(f.reference for f in self.evidence.against).difference(
            self.evidence.references, self.facts
        )

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
    def gave_all(self) -> bool:
        """Whether all there is was asked for and is shown: the first of the facts is the first that is recorded."""
        usual = "all" if self.evidence.tool == "find" else "last"
        return self.evidence.arguments.get("pick", usual) == "all" and self.shows_all

    @cached_property
    def shows_all(self) -> bool:
        """Whether all that the call found is shown, be it all there is or the one that was picked."""
        return self.evidence.total == len(self.evidence.facts)

    @cached_property
    def facts(self) -> dict[str, tuple[Fact, ...]]:
        """The facts by the resource they come from."""
        grouped: dict[str, tuple[Fact, ...]] = {}
        for fact in self.evidence.told:
            grouped[fact.reference] = (*grouped.get(fact.reference, ()), fact)
        return grouped

    @cached_property
    def frame(self) -> Support:
        """What may be said of the call as a whole: what was looked for and computed."""
        e = self.evidence
        computed = [value for value in self._computed() if not isinstance(value, bool)]
        speech = frozenset().union(*self._speech.values())
        names = [value for value in computed if isinstance(value, str) and value not in speech]
        names += [read_unit(name) for name in names] if e.arguments.get("give") == "unit" else []
        frame = of_recorded(e.about, e.period, e.relation, *map(str, e.arguments.values()), *names)
        unit = self._unit()
        numbers = {(Decimal(value), unit) for value in computed if not isinstance(value, str)}
        numbers |= {(limit, unit) for limit in limits(e) for unit in self._units()}
        counts = frozenset((e.total, len(e.facts), e.total - len(e.facts), len(e.references)))
        counts |= {len(e.values)} if e.arguments.get("give") == "distinct" else frozenset()
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
            texts = [text for f in facts for text in (self._without_speech[f], f.display, f.more)]
            texts += [f.date for f in facts if f.date not in worded(self._without_speech[f])]
            support, ends = of_recorded(*texts), [self._ends.get(f.date, frozenset()) for f in facts]
            supports[reference] = Support(
                support.words.union(*ends), support.numbers, support.days, support.counts
            )
        return supports

    def denied_by(self, references: Iterable[str]) -> frozenset[str]:
        """Return what resources, or what was looked for, deny themselves: "no loss of consciousness"."""
        told = [fact for cited in references for fact in self.facts.get(cited, ())]
        lines = [line for fact in told for line in (self._without_speech[fact], fact.more)]
        return frozenset().union(*map(denied, map(worded, (self.evidence.about, *lines))))

    def repeatable(self, reference: str) -> frozenset[str]:
        """Return what one resource records as more than a name, as it may be repeated."""
        return self._repeatable.get(reference, frozenset())

    @cached_property
    def _repeatable(self) -> dict[str, frozenset[str]]:
        repeatable: dict[str, frozenset[str]] = {}
        for fact in self.evidence.facts:
            forms = {*QUOTED.findall(bare_line(fact.text)), *self._speech[fact]}
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
        values = [value for value in e.values if isinstance(value, str)]
        everywhere = _spoken([e.about, e.unit, *values]) | self._quoted.intersection(values)
        return {f: (everywhere | _spoken(self._recorded(f))) - {f.text} for f in e.told}

    @cached_property
    def _quoted(self) -> frozenset[str]:
        """What the lines quote, which speaks even where it looks like a name: "Off warfarin"."""
        return frozenset(
            quote[1:-1] for fact in self.evidence.facts for quote in QUOTED.findall(bare_line(fact.text))
        )

    @cached_property
    def authors(self) -> frozenset[str]:
        """The names of those who wrote what the lines quote."""
        quoting = (fact for fact in self.evidence.facts if QUOTED.search(fact.text))
        entries = filter(None, (self.record.get(fact.reference) for fact in quoting))
        names = (name for entry in entries for name in linked_names(entry.who, self.record))
        return frozenset(name for name in names if not speaks(name))

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
        values, arguments = self.evidence.values, self.evidence.arguments
        few = (
            len(values) == 1
            or arguments.get("statistic") == "range"
            or arguments.get("give") in ("time", "unit")
        )
        return values if few or not self.evidence.facts else ()

    def _unit(self) -> str:
        arguments = self.evidence.arguments
        if arguments.get("give") == "date" and arguments.get("statistic") == "count":
            return "day"
        return "year" if arguments.get("give") == "age" else unit_of(self.evidence.unit)

    def _units(self) -> frozenset[str]:
        of_facts = (n.unit for fact in self.evidence.facts for n in tokens(fact.text).numbers)
        return frozenset(("", self._unit(), *of_facts))

    def _derived_words(self) -> frozenset[str]:
        arguments = self.evidence.arguments
        derived = allowed("pick", self._pick()) | self._ordinal() | self._course()
        for name in _WORDED:
            derived |= allowed("give" if name == "part" else name, str(arguments.get(name, "")))
        for name in arguments:
            derived |= allowed("argument", name)
        derived |= implied().get(str(arguments.get("status", "")), frozenset())
        kinds = {c.kind for c in self.evidence.coverage} | set(KINDS.get(str(arguments.get("kind", "")), ()))
        if self.evidence.tool == "overview":
            kinds |= {value for value in self.evidence.values if isinstance(value, str)}
        for kind in kinds:
            derived |= words_for(kind)
        return derived

    def _pick(self) -> str:
        arguments = self.evidence.arguments
        several = self.evidence.tool != "measure" or any(map(arguments.get, ("statistic", "test", "how")))
        return str(arguments.get("pick", "all" if several else "last"))

    def _ordinal(self) -> frozenset[str]:
        n = self.evidence.arguments.get("n")
        if self._pick() != "nth" or not isinstance(n, int) or not n:
            return frozenset()
        before = allowed("pick", "last but one") if n == -2 else frozenset[str]()
        return frozenset(words(ordinal(n))) | before

    def _course(self) -> frozenset[str]:
        arguments, values = self.evidence.arguments, self.evidence.values
        value = values[0] if len(values) == 1 else None
        compared = {arguments.get("statistic"), arguments.get("operation")} & _COMPARED
        if compared and isinstance(value, int | Decimal) and not isinstance(value, bool):
            return allowed("course", "stable" if value == 0 else "up" if value > 0 else "down")
        going = {"rising": "up", "falling": "down", "stable": "stable", "varying": "varying"}
        return allowed("course", going[value]) if isinstance(value, str) and value in going else frozenset()

    def _picks_nothing(self) -> bool:
        """Tell whether all are looked at, whatever is to be picked: whether there are any, or how many."""
        arguments = self.evidence.arguments
        return arguments.get("give") in ("exists", "absent", "over", "count") and "n" not in arguments

    @cached_property
    def _ends(self) -> dict[str, frozenset[str]]:
        """The first and the last day of the facts, with the words that say so."""
        days = sorted([fact.date for fact in self.evidence.facts if fact.date])
        if any(LINE_OF_SEVERAL.search(fact.text) for fact in self.evidence.facts):
            return {}
        one_end = self._pick() in ("first", "last", "max", "min")
        if not days or (one_end and not self._picks_nothing()):
            return {}
        first, last = allowed("pick", "first"), allowed("pick", "last")
        return {days[0]: first, days[-1]: last if days[0] != days[-1] else first | last}


@dataclass(frozen=True, slots=True)
class Asides:
    """The texts of a call that need no source, and what they support; what they quote supports nothing."""

    texts: tuple[str, ...]
    support: Support

    @property
    def quotations(self) -> frozenset[str]:
        """What notes are quoted with, in quotation marks."""
        return frozenset(quote for text in self.texts for quote in QUOTED.findall(bare_line(text)))

    @classmethod
    def of(cls, evidence: Evidence) -> "Asides":
        """Collect notes, what speaks against the entries, readings and coverage."""
        spans = [day for c in evidence.coverage for day in c.span or ()]
        searched = frozenset(c.searched for c in evidence.coverage)
        problems = [problem for c in evidence.coverage for problem in c.problems]
        more = evidence.total - len(evidence.facts)
        cut = (f"and {more} more",) if evidence.facts and more > 0 else ()
        noted = (*evidence.notes, *(fact.text for fact in evidence.against))
        texts = (*noted, *evidence.readings, *problems, *spans, *cut)
        words: frozenset[str] = frozenset()
        for coverage in evidence.coverage:
            words |= words_for(coverage.kind)
        own = (QUOTED.sub(" ; ", note) for note in noted)
        support = of_texts(*own, *spans, *problems) | of_recorded(*evidence.readings)
        return cls(
            texts, Support(support.words | words, support.numbers, support.days, searched | support.counts)
        )


def _spoken(texts: Iterable[str]) -> frozenset[str]:
    """Return those texts that speak, in each form in which they may be shown."""
    return frozenset().union(*map(shown_forms, filter(speaks, texts)))


@cache
def words_for(kind: str) -> frozenset[str]:
    """Return the words for entries of a FHIR resource type."""
    spaced = "".join(f" {c}" if c.isupper() else c for c in kind)
    return allowed("kind", kind) | frozenset(stem(word) for word in spaced.casefold().split())


def limits(evidence: Evidence) -> Iterable[Decimal]:
    """Return the values against which results were held."""
    for limit in _limits(evidence):
        if told := stated(str(limit)):
            yield told.low or told.high or Decimal(0)


def limit_unit(evidence: Evidence) -> str:
    """Return the unit of the limits, "" if that of the values was meant."""
    units = [told.unit for limit in _limits(evidence) if (told := stated(str(limit)))]
    return next(filter(None, units), "")


def _limits(evidence: Evidence) -> Iterable[object]:
    given = evidence.arguments.get("limits")
    return given if isinstance(given, Sequence) and not isinstance(given, str) else ()
