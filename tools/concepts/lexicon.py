"""tools/concepts/concepts.toml -> what people say, and what records hold for it.

The file's head tells its form. Read once per process.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Literal

from tools.codes import tables
from tools.concepts.reading import How
from tools.concepts.wording import Words, stem, stems, tokens
from tools.record.kinds import KINDS

DRUG_TYPES = (
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "MedicationDispense",
    "Medication",
)
_TABLES: dict[str, tuple[How, tuple[str, ...]]] = {
    "tests": ("synonym", ("Observation",)),
    "vitals": ("synonym", ("Observation",)),
    "panels": ("panel", ("Observation", "DiagnosticReport")),
    "reports": ("synonym", ("DiagnosticReport", "DocumentReference", "Composition")),
    "conditions": ("synonym", ("Condition", "FamilyMemberHistory")),
    "condition_classes": ("class", ("Condition", "FamilyMemberHistory")),
    "vaccines": ("synonym", ("Immunization",)),
    "allergens": ("synonym", ("AllergyIntolerance",)),
    "drugs": ("synonym", (*DRUG_TYPES, "AllergyIntolerance")),
    "drug_classes": ("class", (*DRUG_TYPES, "AllergyIntolerance")),
    "procedures": ("synonym", ("Procedure",)),
    "imaging": ("synonym", ("Procedure", "ImagingStudy", "DiagnosticReport")),
    "encounters": ("synonym", ("Encounter",)),
    "devices": ("synonym", ("Device", "SupplyDelivery", "DeviceRequest")),
    "plans": ("synonym", ("CarePlan",)),
    "directives": ("synonym", KINDS["directive"]),
    "orders": ("synonym", KINDS["order"]),
}
_SHARED = {"vitals": "tests", "panels": "tests", "drug_classes": "drugs", "condition_classes": "conditions"}
_LISTS = (
    "weak",
    "trailing",
    "leading",
    "joining",
    "asking",
    "about",
    "optional AllergyIntolerance",
    "allergic",
    "relatives",
    "optional Immunization",
    "beside a label",
    "in brackets",
    "specimens",
    "implanting",
)
_CODE = re.compile(r"\d{1,18}(?:-\d)?|[A-Z]\d[\dA-Z][\dA-Z.]*\*?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A recorded name has all of `wanted` and none of `barred` (stems)."""

    wanted: frozenset[str]
    barred: frozenset[str]

    def fits(self, name: Set[str]) -> bool:
        """Tell whether it is the pattern of a name, given as stems."""
        return self.wanted <= name and self.barred.isdisjoint(name)


@dataclass(frozen=True, slots=True)
class Held:
    """What records hold for a concept.

    Attributes:
        codes: codes of recorded names.
        prefixes: how codes of recorded names begin, as they are compared.
        patterns: words of recorded names.
        members: concepts it is made of.
        otherwise: what stands for it when the record has none of the above.
    """

    codes: frozenset[str]
    patterns: tuple[Pattern, ...]
    prefixes: tuple[str, ...] = ()
    members: tuple["Concept", ...] = ()
    otherwise: "Concept | None" = None


@dataclass(frozen=True, eq=False)
class Concept:
    """One line of the file.

    Attributes:
        label: its name.
        how: "synonym", "class" or "panel".
        kinds: FHIR types whose recorded names it can be.
        phrases: what people say, as stems, the label first.
        read: reads what records hold for it; most concepts are never asked for.
    """

    label: str
    how: How
    kinds: tuple[str, ...]
    phrases: tuple[Words, ...]
    read: Callable[[], Held]

    @cached_property
    def held(self) -> Held:
        """What records hold for it."""
        return self.read()


@dataclass(slots=True)
class Lexicon:
    """All lines of the file, to be looked up by what people say.

    Attributes:
        phrases: stems of what people say -> concepts.
        words: every word people say, as typed, in the order of the file, for spelling.
        sizes: first stem of a phrase -> how many words its phrases have, the most first.
        aliases: one word -> the words that may stand for it, as stems.
        lists: the word lists of the file, as stems.
        confusable: pairs of word parts that must not be taken for each other.
        opposites: sides of which one never means the other, as stems.
        apart: words of a recorded name that make it another thing than the one it names, by kind.
        told_by_tests: a finding -> the test that tells of it, and the way its result is out of range then.
        categories: a category -> the word that names in it leave out.
        never: names that are no concept when they stand in a question.
        shouted: short names that count only in capitals.
        shortened: short names that have the stem of an ordinary word.
        results: what results in words say, as stems -> what they say of the thing that was looked for.
        negating: words that turn what follows them.
        measured: codes of tests that a laboratory measures.
    """

    phrases: dict[Words, list[Concept]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, None] = field(default_factory=dict)
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    aliases: dict[str, Words] = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    confusable: tuple[tuple[str, str], ...] = ()
    opposites: tuple[tuple[frozenset[str], ...], ...] = ()
    apart: dict[str, tuple[Pattern, ...]] = field(default_factory=dict)
    told_by_tests: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[Words] = frozenset()
    shouted: frozenset[str] = frozenset()
    shortened: frozenset[str] = frozenset()
    results: dict[Words, str] = field(default_factory=dict)
    negating: frozenset[str] = frozenset()
    measured: Callable[[], frozenset[str]] = frozenset

    def concepts(self, phrase: Words, kind: str) -> list[Concept]:
        """Return the concepts that `phrase` (stems) names among those of a FHIR type."""
        known = self.phrases.get(phrase)
        return [concept for concept in known if kind in concept.kinds] if known else []

    def add(self, concept: Concept) -> None:
        """Make a concept findable under everything people say for it."""
        for phrase in concept.phrases:
            if concept not in self.phrases[phrase]:
                self.phrases[phrase].append(concept)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon of tools/concepts/concepts.toml."""
    return read(tables())


def read(tables: Mapping[str, Mapping[str, str]]) -> Lexicon:
    """Return the lexicon of parsed tables."""
    book = Lexicon()
    reader = _Reader(tables, book)
    for table in _TABLES:
        for label in tables.get(table, {}):
            book.add(reader.concept(table, label))
    book.sizes = _sizes(book.phrases)
    lists = tables.get("words", {})
    for name in _LISTS:
        book.lists[name] = frozenset(stem(word) for word in lists.get(name, "").split())
    book.aliases = {stem(word): stems(tokens(other)) for word, other in tables.get("aliases", {}).items()}
    for kind, items in tables.get("apart", {}).items():
        book.apart[kind] = tuple(map(_pattern, _items(items)))
    told = {disease: said.rpartition(" ") for disease, said in tables.get("told by tests", {}).items()}
    book.told_by_tests = {disease: (test, way) for disease, (test, _, way) in told.items()}
    book.categories = tables.get("categories", {})
    pairs = (pair.split() for pair in lists.get("confusable", "").split(","))
    book.confusable = tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)
    sided = (group.split("|") for group in lists.get("opposites", "").split(";"))
    book.opposites = tuple(tuple(frozenset(map(stem, side.split())) for side in group) for group in sided)
    book.never = frozenset(stems(tokens(name)) for name in lists.get("never", "").split(","))
    book.shouted = frozenset(lists.get("shouted", "").split())
    book.shortened = frozenset(lists.get("shortened", "").split())
    said = tables.get("results", {})
    for verdict in ("positive", "negative", "some", "unclear"):
        phrases = _items(said.get(verdict, ""))
        book.results |= dict.fromkeys((stems(tokens(phrase)) for phrase in phrases), verdict)
    book.negating = frozenset(stem(word) for word in _items(said.get("negating", "")))
    book.measured = lru_cache(maxsize=1)(partial(_measured, tables, reader))
    return book


def _measured(tables: Mapping[str, Mapping[str, str]], reader: "_Reader") -> frozenset[str]:
    others = set(_items(tables.get("laboratory", {}).get("not", "")))
    lines = [label for label in tables.get("tests", {}) if label not in others]
    return frozenset().union(*(reader.concept("tests", label).held.codes for label in lines))


def _sizes(phrases: Iterable[Words]) -> dict[str, tuple[int, ...]]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for phrase in filter(None, phrases):
        sizes[phrase[0]].add(len(phrase))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


@lru_cache(maxsize=4096)
def told_by_test(name: str, codes: frozenset[str]) -> Mapping[str, str]:
    """Return the findings that a test tells of, each with the way its result is out of range then.

    >>> told_by_test("Potassium [Moles/volume] in Serum", frozenset())
    {'hyperkalemia': 'high', 'hypokalemia': 'low'}
    """
    told = lexicon().told_by_tests.items()
    return {disease: way for disease, (test, way) in told if records(test, name, codes)}


_NAMING = ("Observation", "Condition", "Procedure", "Immunization", *DRUG_TYPES, "AllergyIntolerance")


@lru_cache(maxsize=1)
def one_word_names() -> frozenset[str]:
    """Return the names of tests, problems, drugs and procedures that are one word and nothing else, as stems.

    >>> "creatinine" in one_word_names() or stem("creatinine") in one_word_names(), "test" in one_word_names()
    (True, False)
    """
    book = lexicon()
    ordinary = book.lists["weak"] | book.shouted
    return frozenset(
        phrase[0]
        for phrase, concepts in book.phrases.items()
        if len(phrase) == 1 and phrase not in book.never and phrase[0] not in ordinary
        if any(kind in concept.kinds for concept in concepts for kind in _NAMING)
    )


def classes_of(name: str) -> tuple[str, ...]:
    """Return the classes of drugs that a drug is in, the narrowest first.

    >>> classes_of("amoxicillin")
    ('penicillin antibiotic', 'antibiotic')
    """
    return tuple(c.label for c in _classes(name))


def near_classes(name: str) -> tuple[str, ...]:
    """Return the classes of drugs that a drug is in and that hold no narrower one of these.

    >>> near_classes("amoxicillin"), near_classes("aspirin")
    (('penicillin antibiotic',), ('antiplatelet', 'NSAID'))
    """
    classes = [(c.label, {id(member) for member in c.held.members}) for c in _classes(name)]
    return tuple(label for label, held in classes if not any(other < held for _, other in classes))


def _classes(name: str) -> list["Concept"]:
    book = lexicon()
    drugs = {id(concept) for concept in book.concepts(stems(tokens(name)), "MedicationRequest")}
    known = {id(concept): concept for concepts in book.phrases.values() for concept in concepts}
    classes = [
        c for c in known.values() if c.how == "class" and drugs & {id(member) for member in c.held.members}
    ]
    return sorted(classes, key=lambda c: len(c.held.members))


def records(label: str, name: str, codes: frozenset[str]) -> bool:
    """Tell whether what is recorded under a name and codes is the test that a line of the file is about.

    >>> [records("glucose", name, frozenset()) for name in ("Glucose in Blood", "Glucose in Urine")]
    [True, False]
    """
    said, words = stems(tokens(name)), frozenset(stems(tokens(name)))
    return any(
        concept.label == label
        and (
            said in concept.phrases
            or not codes.isdisjoint(concept.held.codes)
            or any(
                wanted.wanted <= words and wanted.barred.isdisjoint(words) for wanted in concept.held.patterns
            )
        )
        for concept in lexicon().concepts(stems(tokens(label)), "Observation")
    )


_GRADES = "123456789 "
"""What may stand beside the sign of a result: "2+"."""


Result = Literal["positive", "negative", "some"]
_PLAIN: dict[str, Result] = {"positive": "positive", "negative": "negative", "some": "some"}
_CLAUSE = re.compile(r"[.;:\n]\s|[;\n]")


@lru_cache(maxsize=4096)
def result_of(text: str) -> Result | None:
    """Return what a result in words says of the thing that was looked for, None if it says nothing plainly.

    >>> result_of("Not detected (qualifier value)"), result_of("POSITIVE"), result_of("2+"), result_of("Cloudy")
    ('negative', 'positive', 'positive', None)
    >>> result_of("No MRSA isolated"), result_of("Trace"), result_of("Negative for A; positive for B")
    ('negative', 'some', None)
    """
    sign = text.strip()
    if set(sign.strip(_GRADES)) == {"+"}:
        return "positive"
    if sign in ("-", "−", "–", "0"):
        return "negative"
    said = {_result_of_clause(stems(tokens(clause))) for clause in _CLAUSE.split(text)} - {""}
    return _PLAIN.get(said.pop()) if len(said) == 1 else None


def names_something(text: str) -> bool:
    """Tell whether a result in words names what was found, rather than only whether anything was.

    >>> [names_something(said) for said in ("Escherichia coli", "Heavy growth of E. coli", "Positive", "Skin flora")]
    [True, True, False, False]
    """
    short, book = stems(tokens(text)), lexicon()
    if result_of(text) not in (None, "positive") or _result_of_clause(short) == "unclear":
        return False
    said = {word for phrase in book.results for word in phrase}
    return any(word.isalpha() and word not in said | book.lists["joining"] for word in short)


def _result_of_clause(short: Words) -> str:
    """Return what a clause says: of its longest phrases if they agree; "" if it has none, "unclear" if they differ."""
    results = lexicon().results
    for size in range(min(max(map(len, results), default=0), len(short)), 0, -1):
        found = [
            (at, results[p]) for at in range(len(short) - size + 1) if (p := short[at : at + size]) in results
        ]
        if found:
            said = [verdict for _, verdict in found]
            if (
                short[0] in lexicon().negating
                and set(said) <= {"negative", "positive"}
                and said.count("positive") <= 1
            ):
                return "negative"
            return said[0] if len(set(said)) == 1 else "unclear"
    return ""


class _Reader:
    """Lines -> concepts. A line may name others of its table, so each is read once, when asked for."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]], book: Lexicon) -> None:
        self._tables = tables
        self._book = book
        self._done: dict[tuple[str, str], Concept] = {}
        self._drugs: dict[str, Concept] = {}
        self._labels: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        for table in _TABLES:
            for label in tables.get(table, {}):
                self._labels[_SHARED.get(table, table)].setdefault(label.casefold(), (table, label))

    def concept(self, table: str, label: str) -> Concept:
        if (table, label) not in self._done:
            self._done[table, label] = self._read(table, label)
        return self._done[table, label]

    def _read(self, table: str, label: str) -> Concept:
        said, held, instead = (*self._tables[table][label].split("|"), "", "")[:3]
        how, kinds = _TABLES[table]
        names = (label, *_items(said))
        phrases = tuple(self._phrase(name) for name in names)
        if table == "drug_classes":
            for item in _items(held):
                self._drug(item, label)
        own = names if table == "drugs" else ()
        return Concept(label, how, kinds, phrases, lambda: self._held(table, label, (held, instead), own))

    def _held(self, table: str, label: str, parts: tuple[str, str], names: Iterable[str]) -> Held:
        """Read the second part of a line, and the third, which stands in for it."""
        codes: dict[str, None] = {}
        members: list[Concept] = []
        patterns = [_pattern(name) for name in names]
        for item in _items(parts[0]):
            pieces = item.split()
            known = self._labels[_SHARED.get(table, table)].get(item.casefold())
            if all(_CODE.fullmatch(piece) for piece in pieces):
                codes.update(dict.fromkeys(pieces))
            elif known and known != (table, label):
                members.append(self.concept(*known))
            elif item in self._drugs:
                members.append(self._drugs[item])
            else:
                patterns.append(_pattern(label if item == "*" else item))
        instead = parts[1]
        how, kinds = _TABLES[table]
        other = Concept(label, how, kinds, (), lambda: self._held(table, label, (instead, ""), ()))
        whole = frozenset(code.casefold() for code in codes if not code.endswith("*"))
        prefixes = tuple(code[:-1].casefold() for code in codes if code.endswith("*"))
        otherwise = other if instead.strip() else None
        return Held(whole, tuple(patterns), prefixes, tuple(members), otherwise)

    def _drug(self, name: str, drug_class: str) -> None:
        """Make a drug that stands in classes only findable by its name."""
        plain = name.casefold()
        if name in self._drugs or plain in self._labels["drugs"] or plain == drug_class.casefold():
            return
        how, kinds = _TABLES["drugs"]
        held = partial(Held, frozenset(), (_pattern(name),))
        self._drugs[name] = Concept(name, how, kinds, (self._phrase(name),), held)
        self._book.add(self._drugs[name])

    def _phrase(self, name: str) -> Words:
        words = tokens(name)
        self._book.words.update(dict.fromkeys(words))
        return stems(words)


def _items(text: str) -> Iterable[str]:
    return filter(None, map(str.strip, text.split(",")))


def _pattern(text: str) -> Pattern:
    words = text.split()
    barred = [word[1:] for word in words if word.startswith("-")]
    wanted = " ".join(word for word in words if not word.startswith("-"))
    return Pattern(frozenset(stems(tokens(wanted))), frozenset(stem(word) for word in barred))
