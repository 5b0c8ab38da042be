"""A question -> the stretches of it that name something recorded here or known to the lexicon.

Whole recorded names first, then what people say, then parts of recorded names, then misspelt words; longest
first, never overlapping. Ordinary words ("first", "level", "test") are no names by themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.concepts.lexicon import Lexicon, lexicon
from tools.concepts.linking import LONGEST, link, weak_only
from tools.concepts.reading import Mention
from tools.concepts.spelling import corrections, said_for
from tools.concepts.vocabulary import Vocabulary, vocabularies_of
from tools.concepts.wording import Words, spans, stem, stems
from tools.record import PatientRecord

_Words = list[tuple[str, int, int]]
_EXACT, _SAID, _PART, _MISSPELT = 1.0, 0.9, 0.7, 0.6

_SHORTEST_PART = 2
"""Letters; one alone ("e-mail") is no part of a name."""


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    last: int
    score: float

    @property
    def order(self) -> tuple[int, float, int]:
        """Longest first; words that only stand in a name must be longer by more than two to win."""
        return (self.first - self.last + (2 if self.score < _SAID else 0), -self.score, self.first)


def mentions(question: str, record: PatientRecord, types: Sequence[str]) -> tuple[Mention, ...]:
    """Return what the question names, longest first.

    Args:
        question: as typed.
        record: the patient's record.
        types: FHIR resource types that may be meant, e.g. ("Condition", "Observation").

    Returns:
        Mentions that do not overlap, each with its offsets, the types it can be, and whether this record has
        it. () if the question names nothing.
    """
    return record.once(_mentions, question, tuple(dict.fromkeys(types)))


def _mentions(record: PatientRecord, question: str, types: tuple[str, ...]) -> tuple[Mention, ...]:
    words = spans(question)
    vocabularies = record.once(vocabularies_of, types)
    taken: set[int] = set()
    found: list[Mention] = []
    for span in sorted(_spans(question, words, vocabularies, types), key=lambda span: span.order):
        place = set(range(span.first, span.last + 1))
        if place & taken:
            continue
        mention = _mention(question, words, span, record, types)
        if mention:
            taken |= place
            found.append(mention)
    return tuple(found)


def _spans(
    question: str, words: _Words, vocabularies: list[Vocabulary], types: Sequence[str]
) -> Iterator[_Span]:
    plain = tuple([word for word, _, _ in words])
    short = stems(plain)
    book = lexicon()
    for first in range(len(words)):
        yield from _names(first, plain, short, vocabularies, book)
        yield from _said(first, question, words, short, types, book)
        yield from _parts(first, short, vocabularies, book)
        yield from _slips(first, plain, short, vocabularies, book)


def _names(
    first: int, plain: Words, short: Words, vocabularies: list[Vocabulary], book: Lexicon
) -> Iterator[_Span]:
    """Whole recorded names that begin here, and what LOINC says before the property: "Weight difference"."""
    for vocabulary in vocabularies:
        for size in vocabulary.sizes.get(short[first], ()):
            last = first + size - 1
            if last >= len(plain):
                continue
            run = short[first : last + 1]
            whole = plain[first : last + 1] in vocabulary.by_name or run in vocabulary.by_stems
            if whole and run not in book.never and not (size == 1 and weak_only(run, book)):
                yield _Span(first, last, _EXACT)
            elif run in vocabulary.heads and run not in book.never:
                yield _Span(first, last, _SAID)


def _said(
    first: int, question: str, words: _Words, short: Words, types: Sequence[str], book: Lexicon
) -> Iterator[_Span]:
    """Phrases of the lexicon that begin here."""
    for size in book.sizes.get(short[first], ()):
        if first + size > len(short):
            continue
        run = short[first : first + size]
        concepts = book.phrases.get(run)
        if not concepts or run in book.never or not any(set(types) & set(c.kinds) for c in concepts):
            continue
        if size == 1 and not _stands_alone(question, words[first], run, book):
            continue
        yield _Span(first, first + size - 1, _SAID)
        return


def _stands_alone(question: str, word: tuple[str, int, int], run: Words, book: Lexicon) -> bool:
    """Whether one word is a name by itself, and not an ordinary one or another that has its stem."""
    if word[0] in book.shouted:
        return _meant(question, word, book)
    return word[0] in book.shortened or not weak_only(run, book)


def _meant(question: str, word: tuple[str, int, int], book: Lexicon) -> bool:
    """Whether a short name that is also a word is written as a name: "FIT", or "Na" within a sentence."""
    text, start, end = word
    written = question[start:end]
    return text not in book.shouted or written.isupper() or (start > 0 and not written.islower())


def _parts(first: int, short: Words, vocabularies: list[Vocabulary], book: Lexicon) -> Iterator[_Span]:
    """The longest stretch from here whose words all stand in one recorded name."""
    edges = book.lists["joining"] | book.lists["leading"]
    if short[first] in edges or short[first].replace(".", "").isdigit() or _of_something(first, short, book):
        return
    for vocabulary in vocabularies:
        places = vocabulary.by_stem.get(short[first])
        last = first
        at = first
        while places and at + 1 < min(len(short), first + LONGEST):
            at += 1
            if short[at] in book.lists["joining"]:
                continue
            places = places & vocabulary.by_stem.get(short[at], set())
            if places:
                last = at
        while last > first and short[last] in book.lists["trailing"]:
            last -= 1
        run = short[first : last + 1]
        if len("".join(run)) < _SHORTEST_PART:
            continue
        if short[first] in vocabulary.by_stem and not weak_only(run, book) and run not in book.never:
            yield _Span(first, last, _PART)


def _of_something(first: int, short: Words, book: Lexicon) -> bool:
    """Whether a word that says nothing is followed by what it is of: "tablets of furosemide", "level of sodium"."""
    following = short[first + 1 : first + 3]
    told = len(following) == 2 and following[0] == "of" and following[1] not in book.lists["weak"]
    return told and short[first] in book.lists["trailing"] and short[first] in book.lists["weak"]


def _slips(
    first: int, plain: Words, short: Words, vocabularies: list[Vocabulary], book: Lexicon
) -> Iterator[_Span]:
    """A word that nobody knows and that is one slip away from a name."""
    word, one = plain[first], short[first]
    if word in book.words or one in book.lists["weak"] or any(one in v.by_stem for v in vocabularies):
        return
    near = [n for v in vocabularies for n in corrections(word, v.words)] or said_for(word)
    if any(stem(other) not in book.lists["weak"] for other in near):
        yield _Span(first, first, _MISSPELT)


def _mention(
    question: str, words: _Words, span: _Span, record: PatientRecord, types: Sequence[str]
) -> Mention | None:
    start, end = words[span.first][1], words[span.last][2]
    end += _closing(question[start:end], question[end : end + 2])
    text = question[start:end]
    recorded = list(dict.fromkeys(reading.kind for reading in link(text, record, types)))
    run = stems(tuple([word for word, _, _ in words[span.first : span.last + 1]]))
    book = lexicon()
    meant = [run]
    if span.score == _MISSPELT:
        meant = [(stem(other),) for other in said_for(text.casefold())]
    known = [kind for said in meant for c in book.phrases.get(said, ()) for kind in c.kinds if kind in types]
    kinds = tuple(dict.fromkeys([*recorded, *known]))
    return Mention(text, start, end, kinds, bool(recorded), span.score) if kinds else None


def _closing(text: str, after: str) -> int:
    """How many of the characters after a name close what it opened: "Tablet [Tylenol" + "]"."""
    size = 0
    for opening, closing in ("[]", "()"):
        if text.count(opening) > text.count(closing) and after[size : size + 1] == closing:
            size += 1
    return size
