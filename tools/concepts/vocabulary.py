"""The recorded names of one kind in one record -> an index by word, name and code.

Built from names and codes only, so that records with the same names share it and no entry is kept alive.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from functools import cached_property, lru_cache

from tools.codes import disagreement
from tools.concepts.lexicon import Concept, Pattern, lexicon
from tools.concepts.rendering import in_english, label_words
from tools.concepts.wording import Words, stems, tokens
from tools.record import PatientRecord
from tools.record.shelf import Term

Names = tuple[tuple[tuple[str, ...], tuple[str, ...], frozenset[str]], ...]
"""Of each term its recorded names, the names of its codes, and its codes."""
Places = frozenset[int]
NOWHERE: Places = frozenset()
NO_WORDS: frozenset[str] = frozenset()
_ALWAYS_ABOUT = ("CarePlan", "Goal", "Encounter", "DocumentReference")


class Vocabulary:
    """An index of the recorded names of a kind. Places are positions in the list of terms."""

    def __init__(self, kind: str, names: Names) -> None:
        book = lexicon()
        self.kind = kind
        self.by_name: dict[Words, list[int]] = defaultdict(list)
        self.by_stems: dict[Words, list[int]] = defaultdict(list)
        self.heads: set[Words] = set()
        self.by_code: dict[str, list[int]] = defaultdict(list)
        self.by_stem: dict[str, set[int]] = defaultdict(set)
        self.sizes: dict[str, set[int]] = defaultdict(set)
        self.words: dict[str, str] = {}
        self.codes = [codes for _, _, codes in names]
        self.stems: list[frozenset[str]] = []
        self.runs: list[list[Words]] = []
        self.about: list[frozenset[str]] = []
        self.apart: list[frozenset[str]] = []
        self.tails: list[frozenset[str]] = []
        self.disputed: set[int] = set()
        self._found: dict[Concept, Places] = {}
        optional = book.lists.get(f"optional {kind}", frozenset())
        others = book.apart.get("Medication" if kind.startswith("Medication") else kind, ())
        for place, (displays, coded, codes) in enumerate(names):
            self._add(place, displays, coded, optional)
            if disagreement(kind, codes, displays):
                self.disputed.add(place)
            for code in codes:
                self.by_code[code.casefold()].append(place)
            self.tails.append(self._tail(displays) if kind == "Procedure" else NO_WORDS)
            self.apart.append(NO_WORDS.union(*(o.wanted for o in others if o.fits(self.stems[place]))))
            self.about.append(NO_WORDS if kind in _ALWAYS_ABOUT else self.stems[place] & book.lists["about"])

    def _add(
        self, place: int, displays: tuple[str, ...], coded: tuple[str, ...], optional: frozenset[str]
    ) -> None:
        joining = lexicon().lists["joining"]
        named = list(filter(None, map(tokens, displays)))
        short = [stems(words) for words in named]
        for display, run in zip(displays, short, strict=False):
            head = stems(tokens(display.partition("[")[0])) if "[" in display else ()
            if len(head) > 1:
                self.heads.add(head)
                self.sizes[head[0]].add(len(head))
            self.sizes[run[0]].add(len(run))
        further = [words for words in self._further(named, displays, coded) if words not in named]
        for words in (*named, *further):
            run = stems(words)
            _put(self.by_name, words, place)
            for form in (run, without(run, optional), _sorted(run)):
                _put(self.by_stems, form, place)
            self.words.update((word, one) for word, one in zip(words, run, strict=True) if word.isalpha())
            short.append(run)
        self.runs.append([without(run, joining) for run in dict.fromkeys(short)])
        self.stems.append(frozenset().union(*short))
        for one in self.stems[place]:
            self.by_stem[one].add(place)

    def _further(
        self, named: list[Words], displays: tuple[str, ...], coded: tuple[str, ...]
    ) -> Iterator[Words]:
        """Yield a name in English, a label without its unit, and the name of a code if it has no word of these."""
        english = [in_english(words, self.kind) for words in named]
        yield from english
        if self.kind == "Observation":
            for words in map(label_words, displays):
                yield from (words, in_english(words, self.kind))
        said = {one for words in (*named, *english) for one in stems(words)}
        for words in map(tokens, coded):
            if said.isdisjoint(stems(words)):
                yield words

    def _tail(self, displays: tuple[str, ...]) -> frozenset[str]:
        """Return the words that stand only behind a comma: "Drainage of cavity, percutaneous approach, diagnostic"."""
        heads = NO_WORDS.union(*(stems(tokens(display.partition(",")[0])) for display in displays))
        return NO_WORDS.union(*map(stems, map(tokens, displays))) - heads

    @cached_property
    def unsaid(self) -> list[str]:
        """Words of recorded names that nobody is known to say."""
        return [word for word in self.words if word not in lexicon().words]

    def find(self, concept: Concept) -> Places:
        """Return the recorded names that a concept of the lexicon means."""
        if concept not in self._found:
            self._found[concept] = NOWHERE
            self._found[concept] = self._search(concept)
        return self._found[concept]

    def _search(self, concept: Concept) -> Places:
        found: set[int] = set()
        held = concept.held
        for code in held.codes:
            found.update(self.by_code.get(code, ()))
        for code, places in self.by_code.items() if held.prefixes else ():
            if code.startswith(held.prefixes):
                found.update(places)
        for phrase in concept.phrases:
            found.update(self.by_stems.get(phrase, ()))
            found.update(self.by_stems.get(_sorted(phrase), ()))
        for pattern in held.patterns:
            found |= self.matching(pattern)
        for member in held.members:
            if self.kind in member.kinds:
                found |= self.find(member)
        if not found and held.otherwise:
            found.update(self.find(held.otherwise))
        return frozenset(found)

    def matching(self, pattern: Pattern) -> Places:
        """Return the names with all wanted words and no barred one, unless they are only about the thing."""
        return frozenset(
            place
            for place in self.with_all(pattern.wanted)
            if not pattern.barred & self.stems[place] and self.about[place] <= pattern.wanted
        )

    def with_all(self, wanted: Set[str]) -> Places:
        """Return the names that have all these stems, unless another of their words makes them another thing."""
        postings = [self.by_stem.get(one) for one in wanted]
        if not postings or not all(postings):
            return NOWHERE
        places = set.intersection(*(posting for posting in postings if posting))
        return frozenset([place for place in places if self.apart[place] <= wanted])

    def in_a_row(self, run: Words, places: Places) -> Places:
        """Return those names in which the stems follow one another; all if there are none."""
        size = len(run)
        close = frozenset(
            place
            for place in places
            if any(
                name[at : at + size] == run for name in self.runs[place] for at in range(len(name) - size + 1)
            )
        )
        return close or places


def without(words: Words, dropped: frozenset[str]) -> Words:
    """Return words less those of a list; all of them if none would be left."""
    return tuple([word for word in words if word not in dropped]) or words


def _sorted(words: Words) -> Words:
    """The same words in any order are the same name: "type 2 diabetes", "diabetes type 2"."""
    return ("*", *sorted(without(words, lexicon().lists["joining"])))


def _put(index: dict[Words, list[int]], key: Words, place: int) -> None:
    if place not in index[key]:
        index[key].append(place)


@lru_cache(maxsize=512)
def _vocabulary(kind: str, names: Names) -> Vocabulary:
    return Vocabulary(kind, names)


def vocabulary_of(record: PatientRecord, kind: str) -> Vocabulary:
    """Return the index of the terms of a kind, to be asked for through `PatientRecord.once`."""
    names = [(_names_of(term), term.coded, term.codes) for term in record.terms(kind)]
    return _vocabulary(kind, tuple(names))


def _names_of(term: Term) -> tuple[str, ...]:
    """Return the recorded names, and where a category is part of the name the name with it: "Foley output"."""
    names = term.names or (term.display,)
    known = lexicon().categories
    left_out = {known[label] for label in term.entries[0].category if label in known}
    return (*names, *(f"{name} {word}" for word in sorted(left_out) for name in names))


def vocabularies_of(record: PatientRecord, kinds: tuple[str, ...]) -> list[Vocabulary]:
    """Return the index of each kind, to be asked for through `PatientRecord.once`."""
    return [record.once(vocabulary_of, kind) for kind in kinds]
