"""The sentences of an assessment, the evidence and the record -> those that may not be said, each with the reason.

An assessment is the model's own: it may compare, stage, interpret, name classes and interactions, say what is missing
and weigh what conflicts. Held against the cited facts are its sources, numbers, days, units, names of drugs, tests and
problems, the direction of a course, and denials; orders and advice, addresses, other patients and repeats of what a
recorded text says are refused. Left out: whether a conclusion is right; whatever is not in English, which is refused.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from itertools import combinations, pairwise

from agent.check.citations import CITATION, cited
from agent.check.denials import denials_in, negated
from agent.check.foreign import in_another_language
from agent.check.grounds import Grounds
from agent.check.notation import foreign_marks, marks
from agent.check.points import Point, points_of
from agent.check.ranges import side_of
from agent.check.recorded import flat, speaks
from agent.check.relations import settle, strangers
from agent.check.repeating import recorded_speech, repeats
from agent.check.support import Support, of_texts, union
from agent.check.tokens import TO_TWELVE, Tokens, month_names, stem, tokens
from agent.check.turns import turned
from agent.check.units import DAYS_IN, UNIT
from agent.check.vocabulary import allowed, report_words, resource_types
from agent.findings import Assessment
from agent.state import Unsupported
from tools.calls.evidence import Evidence
from tools.concepts import Mention, link, mentions, records, told_by_test
from tools.record import PatientRecord
from tools.wording.text import normal, words

_MOST = 6
"""Sentences of an assessment."""
_LONGEST = 300
"""Characters of a sentence."""
_TEST, _PROBLEM, _DRUG = "Observation", "Condition", "MedicationRequest"
_KINDS = (_TEST, _PROBLEM, _DRUG, "AllergyIntolerance", "Immunization", "Procedure")
_MARKUP = re.compile(
    r"[{}\\`|@=~\"*#]|__|<(?!\s?=?\s?\d)|>(?!\s?=?\s?\d)|://|\bwww\.|\]\(|!\[|[a-z]{4}:[^\s]|\w\.(?:com|org|net|example|io|info|app|dev|gov|edu|eu|me|link|site)\b|[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]",
    re.IGNORECASE,
)
_POINTER = re.compile(r"\b([A-Z][A-Za-z]+)/[A-Za-z0-9]")
_CLAUSE = re.compile(
    r"[,;:]\s|\s(?:and|but|while|whereas|although|though|yet|because)\s|\s[–—-]\s", re.IGNORECASE
)
_STAGE = re.compile(
    r"\b(?:stage|grade|class|category)\s+(?:[GA]?[1-5][a-c]?|I{1,3}V?[abc]?|IV|V)\b", re.IGNORECASE
)
_COUNT = re.compile(
    rf"(?<![\w./-])(?P<n>\d+|{'|'.join(TO_TWELVE[2:])}|twice)(?![\w/%-]|\.\d|\s*(?:{UNIT}))", re.IGNORECASE
)
_LABEL = re.compile(
    r"\b(?:type|stage|grade|class|category|phase|step|level|group|below|above|of)\s+$", re.IGNORECASE
)
_ELAPSED = re.compile(
    rf"\b(?P<how>more than|over|at least|less than|under|within)\s+(?P<n>\d+|{'|'.join(TO_TWELVE[1:])})\s+"
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b(?:about|around|almost|nearly|roughly|close to|approximately)\s+(?P<number>\d+(?:\.\d+)?(?:\s?(?:{UNIT}))?)",
    re.IGNORECASE,
)
_CLOSE = Decimal("0.05")
"""How far a number that is told as near may be from the exact one, as a part of that."""
_DOSES = ("mg", "ug", "g", "ml", "unit", "iu", "meq")
_LENGTHS = ("day", "week", "month", "year")
_ROUNDED = Decimal("0.35")
"""How far a length of time in words may be from the whole number it is told as."""
_WHOLE_DAY = len("2020-01-01")
_STAYED = re.compile(
    r"\b(?:stay|remain)(?:s|ed|ing)?\s+(?=(?:(?:slightly|well|clearly|far|just)\s+)?"
    r"(?:above|below|over|under|within|outside|high|low|elevated|in|at)\b)",
    re.IGNORECASE,
)
"""A place on a scale, not a course."""
_MAY_BE = r"\b(?:can|could|may|might|would|will)\s+(?:not\s+|also\s+|then\s+)*be\s+(?:safely\s+)?"
_IS_A = re.compile(r"\s*(?:,|is|are|being|as)\s+(?:an?\s+)?(?:[\w-]+\s+){0,2}", re.IGNORECASE)
_FOREIGN = "only in English can it be told whether an assessment gives advice"
_LEVELS = {"normal": "normal", "low": "low", "high": "high", "elevated": "high", "raised": "high"}
_STRESSED = re.compile(r"\b(?:only|single|sole)\b", re.IGNORECASE)
"""Words that a conclusion stresses something with, and counts nothing by."""
_RANGE_OF = re.compile(r"\bin the range of\b", re.IGNORECASE)
_INTERACTS = re.compile(r"\binteract\w*", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z,;:)] )[A-Z][\w'’-]+")
_REACH = 6
"""Words behind a denial that it denies."""
_PART = 0.7
"""The score of words that are part of a recorded name; below it are those that are only spelt like one."""
_SHORT = 3
"""Letters of a name that is written in capitals."""
_SHORTEST_NAME = 6
_MONTH_NAMES = frozenset(name for month in range(1, 13) for name in month_names((None, month, None)))
_OUT = {"high": "low", "low": "high"}


def check_assessment(
    assessment: Sequence[Assessment],
    evidence: Sequence[Evidence],
    record: PatientRecord,
    question: str,
    seen: Collection[str] = (),
) -> tuple[Unsupported, ...]:
    """Return the sentences of an assessment that may not be shown, in order.

    Args:
        assessment: the sentences, each with the resources on which it rests.
        evidence: what the calls of this run gave.
        record: the patient's record; every resource must be in it.
        question: as asked; its names and numbers may be repeated.
        seen: the resources whose pictures the model was shown: what it says of these no fact can say, so that only
            sources, numbers, orders and advice are looked at.
    """
    held = _Assessed(tuple(Grounds(e, record) for e in evidence), record, question, frozenset(seen))
    reasons = (
        (each.text, held.objection(each) if n < _MOST else f"there are more than {_MOST} sentences")
        for n, each in enumerate(assessment)
    )
    return tuple(Unsupported(text, reason) for text, reason in reasons if reason)


@dataclass(frozen=True)
class _Assessed:
    """What the sentences of one assessment are held against."""

    grounds: tuple[Grounds, ...]
    record: PatientRecord
    question: str
    seen: frozenset[str] = frozenset()

    def objection(self, each: Assessment) -> str:
        """Return why a sentence may not be said, "" if it may."""
        text = " ".join(CITATION.sub(" ", each.text).split())
        references = tuple(dict.fromkeys((*each.references, *cited(each.text))))
        if why := _form(each.text) or self._source(references):
            return why
        if repeats(text, self._speech):
            return "it repeats what a text of the record says"
        if in_another_language(text, self.question):
            return _FOREIGN
        premises = _Premises(self, references)
        if not self.seen.isdisjoint(references):
            return _advice(text) or self._numbers(text, premises) or ("" if _is_english(text) else _FOREIGN)
        if why := _advice(text) or turned(_RANGE_OF.sub(" ", text), premises.ranges):
            return why
        if not references and not (_tells_absence(text) and all(map(_of_absence, _claiming(text)))):
            return "it names no finding"
        if references and not self._is_of(text, premises):
            return "it says nothing of what it cites"
        if (
            why := self._numbers(text, premises)
            or self._names(text, premises)
            or self._denials(text, premises)
        ):
            return why
        return "" if _is_english(text) else _FOREIGN

    @cached_property
    def _speech(self) -> frozenset[tuple[str, ...]]:
        return recorded_speech(self.grounds)

    @cached_property
    def _asked(self) -> Support:
        return of_texts(self.question)

    @cached_property
    def _missing(self) -> frozenset[str]:
        """The words of what was looked for and not found."""
        silent = [g for g in self.grounds if not g.truth]
        asked = (f"{g.evidence.about} {g.evidence.arguments.get('concept', '')}" for g in silent)
        return frozenset(stem(word) for text in asked for word in words(text))

    @cached_property
    def _found(self) -> frozenset[str]:
        """The recorded names of every fact."""
        facts = [fact for g in self.grounds for fact in g.evidence.facts]
        entries = (self.record.get(fact.reference) for fact in facts)
        return frozenset(fact.display for fact in facts) | {entry.display for entry in entries if entry}

    def _source(self, references: Iterable[str]) -> str:
        for reference in references:
            if not any(reference in g.references for g in self.grounds):
                return f"{reference} is not in the evidence"
            entry = self.record.get(reference)
            own = reference == self.record.reference or (
                entry is not None and entry.patient in ("", self.record.reference)
            )
            if not own:
                return f"{reference} is not in this patient's record"
        return ""

    def _is_of(self, text: str, premises: "_Premises") -> bool:
        """Tell whether a sentence names one of its premises, or what one of them shows."""
        said = frozenset(map(stem, words(text))) - allowed("plain")
        if not said.isdisjoint(word for word in premises.words if not word[0].isdigit()):
            return True
        goal = any(reference.startswith("Goal/") for reference in premises.references)
        if goal and not {"goal", "target"}.isdisjoint(said):
            return True
        measured = tuple(n for n in tokens(text).numbers if n.unit or n.decimals)
        if measured and not premises.support.objection(Tokens(numbers=measured)):
            return True
        return any(premises.means(m) or premises.shows(m.text) for m in self._mentions(text))

    def _numbers(self, text: str, premises: "_Premises") -> str:
        """Return which number, day or course is none of the premises, nor computed from them."""
        told, text = Support(), ", ".join(c for c in _clauses(text) if not _tells_absence(c))
        for clause in _clauses(text):
            named = premises.named(clause)
            if not named and len({p.name for p in premises.points}) == 1:
                named = premises.points
            own = tuple(dict.fromkeys(p.fact.reference for p in named))
            settled = settle(
                _STRESSED.sub(" ", _STAYED.sub("was ", clause)), own, named, self.grounds, self.record.now
            )
            if why := settled.why or _turned_course(clause, named) or _wrong_level(clause, named):
                return why
            told |= replace(settled.support, reckoned=frozenset())
        whole = _bare_numbers(text, premises)
        asked = self._asked | premises.in_their_units(self._asked)
        everything = premises.support | told | asked
        if why := everything.objection(whole):
            return why
        if other := strangers(text, premises.points):
            return f"a day in it is not that of {other}"
        for clause in _clauses(text):
            said = _bare_numbers(clause, premises)
            named = premises.named(clause)
            compared = not _items("denial", "relations").isdisjoint(words(clause))
            if not compared and (strange := _only_asked(said, premises.support | told, premises.counts)):
                return f"“{strange}” is only in the question"
            if said.numbers and len({p.name for p in named}) == 1:
                own_support = premises.of(named) | told | asked
                if own_support.objection(_of_kind(said, named)):
                    return f"no single source says “{clause.strip()}”"
        return ""

    def _names(self, text: str, premises: "_Premises") -> str:
        """Return which name of a drug, a test or a problem is none of the premises."""
        covered: set[str] = set()
        for clause in _clauses(text):
            found = self._mentions(clause)
            covered.update(word for mention in found for word in words(mention.text))
            absent = _tells_absence(clause)
            another = tokens(clause).dates or _has(clause, "absent", "another")
            if absent and found and not another and all(map(self._is_found, found)):
                return f"“{found[0].text}” is among the facts"
            if _of_absence(clause):
                covered.update(words(clause))
                found = [] if absent else [mention for mention in found if _DRUG in mention.kinds]
            for mention in found:
                if not self._may_name(mention, clause, premises):
                    return f"“{mention.text}” is not in the evidence it cites"
        if why := self._misclassed(text) or self._orders_a_drug(text):
            return why
        if _INTERACTS.search(text) and len(premises.references) < 2:
            return "an interaction names both entries"
        return self._unknown_name(text, covered, premises)

    def _mentions(self, clause: str) -> list[Mention]:
        """Return the names in a clause, without words that are only near a name, and short ones in small letters."""
        return [m for m in mentions(clause, self.record, _KINDS) if self._is_name(m)]

    def _is_name(self, mention: Mention) -> bool:
        if mention.text.islower() and len(stem(mention.text)) <= _SHORT:
            return False
        if mention.score > _PART or _DRUG in mention.kinds:
            return True
        meant = [term.display for r in link(mention.text, self.record, _KINDS) for term in r.terms]
        return mention.score == _PART and not all(map(speaks, meant))

    def _may_name(self, mention: Mention, clause: str, premises: "_Premises") -> bool:
        said = frozenset(map(stem, words(mention.text)))
        known = premises.words | allowed("plain") | self._asked.words
        if said <= known or premises.means(mention):
            return True
        if premises.shows(mention.text):
            return True
        return _DRUG not in mention.kinds and _has(clause, "effect", "phrases")

    def _misclassed(self, text: str) -> str:
        """Return that a drug is said to be of a class that it is not of."""
        found = sorted((m for m in self._mentions(text) if _DRUG in m.kinds), key=lambda m: m.start)
        for drug, kind in pairwise(found):
            if not _IS_A.fullmatch(text[drug.end : kind.start]):
                continue
            one, group = (link(m.text, self.record, (_DRUG,))[:1] for m in (drug, kind))
            if not one or not group or one[0].how == "class" or group[0].how != "class":
                continue
            of_it = {term.display for term in group[0].terms}
            if of_it.isdisjoint(term.display for term in one[0].terms):
                return f"“{kind.text}” is not in the evidence it cites"
        return ""

    def _orders_a_drug(self, text: str) -> str:
        for found in re.finditer(rf"{_MAY_BE}{_any('orders', 'changed').pattern}", text, re.IGNORECASE):
            if any(_DRUG in m.kinds and m.end <= found.start() for m in self._mentions(text)):
                return f"“{found[0]}” advises or orders"
        return ""

    def _is_found(self, mention: Mention) -> bool:
        meant = {term.display for r in link(mention.text, self.record, _KINDS) for term in r.terms}
        return not meant.isdisjoint(self._found)

    def _unknown_name(self, text: str, covered: set[str], premises: "_Premises") -> str:
        """Return which word is written as a name, and is known to no list and no premise."""
        known = covered | premises.words | self._asked.words | _items("scales", "words")
        capital = {word for found in _CAPITAL.findall(text) for word in words(found)}
        for word in words(text):
            base = stem(word)
            if {word, base} & known or base in allowed("plain") or word in _MONTH_NAMES:
                continue
            ending = "" if premises.shows(word) else _ending(word)
            told_as_effect = ending == "diseases" and _has(text, "effect", "phrases")
            if word in capital or (ending and not told_as_effect):
                return f"“{word}” is not in the evidence it cites"
        return ""

    def _denials(self, text: str, premises: "_Premises") -> str:
        """Return that it denies what nothing denies."""
        for clause in _clauses(text):
            if not negated(clause) or _tells_absence(clause):
                continue
            if self._denies(clause, premises):
                return "it denies what no finding denies"
        return ""

    def _denies(self, clause: str, premises: "_Premises") -> bool:
        said = words(clause)
        denied = frozenset[str]().union(*[g.denied_by(premises.references) for g in self.grounds])
        compared = not _items("denial", "relations").isdisjoint(said)
        uncited = [m for m in self._mentions(clause) if not (compared and premises.means(m))]
        named = {w for m in uncited for w in words(m.text)}
        for n in denials_in(said):
            behind = said[n + 1 : n + 1 + _REACH]
            free = next((i for i, w in enumerate(behind) if w in _items("denial", "relations")), len(behind))
            for other in behind[:free]:
                if other in named or other in _items("denial", "states"):
                    supported = stem(other) in self._missing or stem(other) in denied
                    if not supported and not self._missing.intersection(map(stem, behind)):
                        return True
        return False


class _Premises:
    """The facts on which a sentence rests, and what may be said because of them."""

    def __init__(self, assessed: _Assessed, references: tuple[str, ...]) -> None:
        self.references = references
        self._record = assessed.record
        self._grounds = [g for g in assessed.grounds if not g.references.isdisjoint(references)]
        self.points = points_of(references, assessed.grounds)

    @property
    def now(self) -> date:
        """The clock."""
        return self._record.now

    @cached_property
    def support(self) -> Support:
        """What the facts say, and what is computed from them."""
        return self._said(self.references) | _computed(self.points, self._record.now)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the facts."""
        found = union(g.of(reference) for g in self._grounds for reference in self.references)
        return found.words

    @cached_property
    def displays(self) -> frozenset[str]:
        """The recorded names of the facts."""
        entries = (self._record.get(reference) for reference in self.references)
        return frozenset(p.fact.display for p in self.points) | {e.display for e in entries if e}

    @property
    def ranges(self) -> Support:
        """How the results lie to their reference ranges."""
        told = " ".join(p.fact.text for p in self.points)
        ways = {"(high": "high", "(low": "low", "(reference": "normal"}
        return Support(frozenset(word for sign, word in ways.items() if sign in told))

    @property
    def counts(self) -> frozenset[int]:
        """How many facts, resources and names they are."""
        names = [p.name for p in self.points]
        return frozenset((len(names), len(self.references), len(set(names)), *map(names.count, names)))

    def of(self, points: Sequence[Point]) -> Support:
        """Return what some of the facts support, with the goals and the age among the rest."""
        references = tuple(dict.fromkeys(p.fact.reference for p in points))
        beside = tuple(r for r in self.references if r.startswith(("Goal/", "Patient/")))
        goals = tuple(p for p in self.points if p.fact.reference in beside and p not in points)
        return self._said((*references, *beside)) | _computed((*points, *goals), self.now)

    def in_their_units(self, asked: Support) -> Support:
        """Return numbers that were asked about without a unit, in the units of the facts."""
        units = {p.unit for p in self.points if p.unit}
        plain = (value for value, unit in asked.numbers if not unit)
        return Support(numbers=frozenset((value, unit) for value in plain for unit in units))

    def named(self, clause: str) -> tuple[Point, ...]:
        """Return the facts that a clause names."""
        return self._record.once(_named, clause, self.points)

    def means(self, mention: Mention) -> bool:
        """Tell whether a mention means a recorded thing that is cited, or a class of it."""
        readings = link(mention.text, self._record, _KINDS)
        return any(term.display in self.displays for r in readings for term in r.terms)

    def shows(self, name: str) -> bool:
        """Tell whether a cited result shows a state: a low hemoglobin anemia."""
        return any(self._shows(point, name) for point in self.points)

    def _shows(self, point: Point, name: str) -> bool:
        entry = self._record.get(point.fact.reference)
        codes = frozenset(coding.code for coding in entry.codings) if entry else frozenset()
        said = normal(name)
        ways = {way for state, way in told_by_test(point.fact.display, codes).items() if state == said}
        for shown in _tables()["shown_by"].get(said, "").split(","):
            test, _, way = shown.strip().rpartition(" ")
            if test and records(test, point.fact.display, codes):
                ways.add(way)
        return any(f"({_OUT[way]}" not in point.fact.text for way in ways)

    def _said(self, references: Iterable[str]) -> Support:
        wanted = [
            (g, reference) for g in self._grounds for reference in references if reference in g.references
        ]
        return union(s for g, reference in wanted for s in (g.of(reference), g.frame))


def _named(record: PatientRecord, clause: str, points: tuple[Point, ...]) -> tuple[Point, ...]:
    found = mentions(clause, record, _KINDS)
    meant = {t.display for m in found for r in link(m.text, record, _KINDS) for t in r.terms}
    entries = {p: record.get(p.fact.reference) for p in points}
    meant |= {p.fact.display for p, entry in entries.items() if entry and entry.display in meant}
    said = {stem(word) for word in words(clause)} - allowed("plain")
    return tuple(
        p
        for p in points
        if p.fact.display in meant or said >= set(map(stem, words(p.name))) - allowed("plain")
    )


def _computed(points: Sequence[Point], now: date) -> Support:
    """Return the differences, ratios, percentages, sums and means of values, and the times between days."""
    numbers: set[tuple[Decimal, str]] = set()
    series: dict[tuple[str, str], list[Decimal]] = {}
    for point in points:
        if point.number is None:
            continue
        series.setdefault((point.name, point.unit), []).append(point.number)
        limits = [n.value for n in tokens(point.fact.text).numbers if n.unit in ("", point.unit)]
        for limit in limits:
            numbers |= _compared(limit, point.number, point.unit)
    goals = [n for p in points if p.number is None for n in tokens(p.fact.text).numbers]
    for (_, unit), values in series.items():
        numbers |= {(sum(values, Decimal(0)), unit), (sum(values, Decimal(0)) / len(values), unit)}
        for first, last in combinations(values, 2):
            numbers |= _compared(first, last, unit)
        for goal in goals:
            if goal.unit == unit:
                for value in values:
                    numbers |= _compared(goal.value, value, unit)
    for elapsed in _elapsed(points, now):
        for unit in _LENGTHS:
            exact = Decimal(elapsed) / DAYS_IN[unit]
            whole = round(exact)
            numbers |= {(Decimal(whole), unit)} if whole and abs(exact - whole) < _ROUNDED else set()
    return Support(frozenset(_LENGTHS), frozenset(numbers))


def _compared(first: Decimal, last: Decimal, unit: str) -> set[tuple[Decimal, str]]:
    change = abs(last - first)
    found = {(change, unit)}
    if first and last:
        percent = change / abs(first) * 100
        found |= {(percent, "%"), (round(percent, 0), "%"), (round(percent, 1), "%")}
        ratio = max(abs(last / first), abs(first / last))
        found |= {(round(ratio, 1), ""), (Decimal(int(ratio)), ""), (round(ratio, 0), "")}
    return found


def _elapsed(points: Sequence[Point], now: date) -> Iterator[int]:
    """Yield how many days lie between the days of facts, and between them and now."""
    days = sorted({date.fromisoformat(p.day) for p in points if len(p.day) == _WHOLE_DAY})
    yield from ((later - earlier).days for earlier, later in combinations([*days, now], 2))


def _wrong_level(clause: str, points: Sequence[Point]) -> str:
    """Return why the values of the only test that a clause names are not high, normal or low, as the facts tell it."""
    sides = {side_of(p) for p in points}
    if negated(clause) or len({p.name for p in points}) != 1 or not sides or "" in sides:
        return ""
    said = frozenset(words(clause))
    wrong = [word for word, side in _LEVELS.items() if word in said and side not in sides]
    return f"“{wrong[0]}” is not so: {', '.join(sorted(sides))}" if wrong else ""


def _is_english(text: str) -> bool:
    """Tell whether a text has a word that is English alone."""
    said = set(words(text))
    return not said.isdisjoint((report_words() | marks("en")) - foreign_marks())


def _bare_numbers(text: str, premises: _Premises) -> Tokens:
    """Return the dates and numbers of a text without stages, counts of the premises, and lengths that hold."""
    text = _STAGE.sub(" ; ", text)
    elapsed = [*_elapsed(premises.points, premises.now)]

    def length(found: re.Match[str]) -> str:
        least = found["how"].casefold() in ("more than", "over", "at least")
        limit = _count(found["n"]) * DAYS_IN[found["unit"].casefold()]
        return " ; " if any((d >= limit) if least else (d <= limit) for d in elapsed) else found[0]

    def count(found: re.Match[str]) -> str:
        n, behind = _count(found["n"]), words(found.string[found.end() :])[:2]
        some = n <= max(premises.counts) and not _items("counting", "nouns").isdisjoint(behind)
        counted = (some or n in premises.counts) and not _LABEL.search(found.string[: found.start()])
        return " ; " if counted else found[0]

    def near(found: re.Match[str]) -> str:
        number = tokens(found["number"]).numbers[:1]
        known = (v for v, unit in premises.support.numbers if number and number[0].unit in ("", unit))
        close = any(v and abs(v - number[0].value) <= abs(v) * _CLOSE for v in known)
        return " ; " if close else found[0]

    said = tokens(_ABOUT.sub(near, _COUNT.sub(count, _ELAPSED.sub(length, text))))
    return Tokens(
        said.dates,
        tuple(replace(n, unit="" if n.unit == "score" else n.unit, often=False) for n in said.numbers),
    )


def _of_kind(said: Tokens, named: Sequence[Point]) -> Tokens:
    """Return of what is said beside a name what it can be of: a drug has a dose, and no pressure."""
    if any(p.number is not None for p in named):
        return said
    return Tokens(said.dates, tuple(n for n in said.numbers if n.unit in _DOSES))


def _turned_course(clause: str, named: Sequence[Point]) -> str:
    """Return that a result did not go, or get better or worse, as it is said: by its values and its reference range."""
    series = [p for p in named if p.day and p.number is not None]
    days = sorted((p for p in series if p.name == series[0].name), key=lambda p: p.day)
    if len(days) < 2:
        return ""
    first, last = days[0], days[-1]
    out, still = (any(sign in p.fact.text for sign in ("(high", "(low")) for p in (first, last))
    change = (last.number or Decimal(0)) - (first.number or Decimal(0))
    wrong = {"better": still and not out, "worse": out and not still, "up": change <= 0, "down": change >= 0}
    said = (_any("course", way).search(clause) for way, is_wrong in wrong.items() if is_wrong)
    found = next(filter(None, said), None)
    return f"“{found[0]}” is not so: {first.fact.text}; {last.fact.text}" if found else ""


def _only_asked(said: Tokens, known: Support, counts: frozenset[int]) -> str:
    """Return the first number of a clause where none of its numbers is one of the facts; "" where one is."""
    own = known | Support(counts=counts)
    numbers = [Tokens((), (number,)) for number in said.numbers]
    return (
        "" if not numbers or any(not own.objection(each) for each in numbers) else numbers[0].numbers[0].text
    )


def _count(told: str) -> int:
    if told.casefold() == "twice":
        return 2
    return int(told) if told.isdigit() else TO_TWELVE.index(told.casefold())


def _form(text: str) -> str:
    """Return why a sentence has not the form of one."""
    if len(text) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    text = CITATION.sub(" ", text)
    if (
        flat(text) != " ".join(text.split())
        or _MARKUP.search(text)
        or not resource_types().isdisjoint(_POINTER.findall(text))
    ):
        return "it holds markup or an address"
    return ""


def _advice(text: str) -> str:
    """Return which words advise or order."""
    if found := _any("advice", "phrases").search(text):
        return f"“{found[0]}” advises or orders"
    verbs = _any("orders", "verbs").pattern
    nouns = _any("orders", "nouns").pattern
    begins = rf"(?:^|[.;:!?]\s+){verbs}(?!\s+{nouns})"
    behind = (
        rf"^{_any('orders', 'subordinate').pattern}\b[^.;]*?,\s+(?:then\s+)?(?P<verb>{verbs})(?!\s+{nouns})"
    )
    patterns = (
        begins,
        behind,
        rf"{_any('orders', 'to').pattern}\s+to\s+{verbs}",
        rf"\b(?:best|better|preferably)\s+{_any('orders', 'done').pattern}",
        r"^\w+ing\b[^.]*\bwould\b",
        rf"{_MAY_BE}{_any('orders', 'done').pattern}",
    )
    for pattern in patterns:
        if match := re.search(pattern, text, re.IGNORECASE):
            return f"“{match[0].strip()}” advises or orders"
    for match in _any("orders", "doing").finditer(text):
        if not _items("orders", "before").intersection(words(text[: match.start()])[-1:]):
            return f"“{match[0]}” advises or orders"
    return ""


def _ending(word: str) -> str:
    """Return whose name a word ends like, "drugs" or "diseases"; "" if neither."""
    if len(word) < _SHORTEST_NAME or word in _items("endings", "not"):
        return ""
    return next((key for key in ("drugs", "diseases") if word.endswith(tuple(_items("endings", key)))), "")


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip()]


def _claiming(text: str) -> list[str]:
    """Return the clauses of a text that say something by words of their own."""
    return [clause for clause in _clauses(text) if set(map(stem, words(clause))) - allowed("plain")]


def _tells_absence(clause: str) -> bool:
    """Tell whether a clause says that something is not among what was looked up."""
    return _has(clause, "absent", "phrases") and ("missing" in words(clause) or negated(clause))


def _of_absence(clause: str) -> bool:
    """Tell whether a clause says that something is not there, or what follows from that."""
    return _tells_absence(clause) or _has(clause, "absent", "follows")


def _has(text: str, table: str, key: str) -> bool:
    return bool(_any(table, key).search(text))


@cache
def _any(table: str, key: str) -> re.Pattern[str]:
    """Return a pattern of the items of one list."""
    ways = (
        re.escape(item).replace(r"\ ", r"\s+") for item in sorted(_items(table, key), key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?![\w-])", re.IGNORECASE)


@cache
def _items(table: str, key: str) -> frozenset[str]:
    """Return the items of one list, each in one line."""
    return frozenset(" ".join(item.split()) for item in _tables()[table][key].split(",") if item.strip())


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("assessment.toml").read_text(encoding="utf-8"))
