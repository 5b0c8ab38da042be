"""The recorded names of one kind in one record -> an index by word, name and code.

Built from names and codes only, so that records with the same names share it and no entry is kept alive.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache

from tools.concepts.lexicon import Concept, Pattern, lexicon
from tools.concepts.wording import Words, stems, tokens
from tools.record import PatientRecord

Names = tuple[tuple[tuple[str, ...], frozenset[str]], ...]
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
        self.codes = [codes for _, codes in names]
        self.stems: list[frozenset[str]] = []
        self.runs: list[list[Words]] = []
        self.about: list[frozenset[str]] = []
        self._found: dict[Concept, Places] = {}
        optional = book.lists.get(f"optional {kind}", frozenset())
        for place, (displays, codes) in enumerate(names):
            self._add(place, displays, optional)
            for code in codes:
                self.by_code[code.casefold()].append(place)
            self.about.append(NO_WORDS if kind in _ALWAYS_ABOUT else self.stems[place] & book.lists["about"])

    def _add(self, place: int, displays: tuple[str, ...], optional: frozenset[str]) -> None:
        found: set[str] = set()
        joining = lexicon().lists["joining"]
        self.runs.append([without(stems(tokens(display)), joining) for display in displays])
        for display in displays:
            words = tokens(display)
            if not words:
                continue
            short = stems(words)
            found.update(short)
            self.sizes[short[0]].add(len(short))
            _put(self.by_name, words, place)
            for form in (short, without(short, optional), _sorted(short)):
                _put(self.by_stems, form, place)
            head = stems(tokens(display.partition("[")[0])) if "[" in display else ()
            if len(head) > 1:
                self.heads.add(head)
                self.sizes[head[0]].add(len(head))
            self.words.update((word, one) for word, one in zip(words, short, strict=True) if word.isalpha())
        self.stems.append(frozenset(found))
        for one in found:
            self.by_stem[one].add(place)

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

    def with_all(self, wanted: Iterable[str]) -> Places:
        """Return the names that have all these stems."""
        postings = [self.by_stem.get(one) for one in wanted]
        if not postings or not all(postings):
            return NOWHERE
        return frozenset(set.intersection(*(posting for posting in postings if posting)))

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
    names = [(term.names or (term.display,), term.codes) for term in record.terms(kind)]
    return _vocabulary(kind, tuple(names))


def vocabularies_of(record: PatientRecord, kinds: tuple[str, ...]) -> list[Vocabulary]:
    """Return the index of each kind, to be asked for through `PatientRecord.once`."""
    return [record.once(vocabulary_of, kind) for kind in kinds]
