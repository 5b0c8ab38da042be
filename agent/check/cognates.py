"""Words of another language -> the clinical names that they write in its way: "Kreatinin", "warfarina", "HbA1c".

International names differ in few letters from one language to the next. A name that is another word altogether
("glicemia") is known only where renderings.toml has it ("Bluthochdruck"), else it is not decided.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from agent.check.notation import foreign_marks
from agent.check.tokens import stem, tokens
from agent.check.vocabulary import allowed, report_words
from tools.concepts import link, mentions, one_word_names
from tools.concepts.rendering import in_english
from tools.concepts.wording import stem as concept_stem
from tools.record import PatientRecord
from tools.wording.text import plain_name, words

_WRITTEN = (
    ("ß", "ss"), ("ão", "io"), ("ä", "e"), ("ö", "e"), ("ø", "e"), ("æ", "e"), ("ł", "l"), ("ae", "e"), ("oe", "e"),
    ("ph", "f"), ("th", "t"), ("qu", "c"), ("x", "cs"), ("ch", "c"), ("h", ""), ("y", "i"), ("j", "i"),
    ("k", "c"), ("z", "s"), ("w", "v"),
)  # fmt: skip
"""Letters that are written in different ways, each with one of them."""
_TWICE = re.compile(r"(.)\1")
_ENDING = re.compile(r"(?:um|us|is|os|as|es|en|one|on|e|a|o|i|s)$")
_SHORTEST = 5
"""Letters of a skeleton that tell a name."""
_WORD = re.compile(r"[^\W_]+")
_CODED = re.compile(r"[A-Z].*[A-Z]|[A-Za-z]\d|\d[A-Za-z]")
"""A word that is written as names alone are: "TSH", "HbA1c", "B12"."""
_KINDS = ("Observation", "Condition", "MedicationRequest", "AllergyIntolerance", "Immunization", "Procedure")


@lru_cache(maxsize=16384)
def skeleton(word: str) -> str:
    """Return what a word has in common with the same name in other languages.

    >>> skeleton("Kreatinin") == skeleton("creatinine") == skeleton("créatinine"), skeleton("Hämoglobin")
    (True, 'emoglobin')
    """
    return _ENDING.sub("", _letters(word))


def _letters(word: str) -> str:
    """Return a word with the letters that languages write in different ways as one of them."""
    bare = unicodedata.normalize("NFC", word.lower())
    for written, one in _WRITTEN:
        bare = bare.replace(written, one)
    bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return _TWICE.sub(r"\1", bare)


def names_in(
    text: str, evidence: frozenset[str], displays: Mapping[str, str], record: PatientRecord
) -> Iterator[tuple[str, str]]:
    """Yield each clinical name in a text as the evidence has it, else as English writes it, with how it is written.

    Args:
        text: in another language, without citations.
        evidence: the words of the evidence, as stems.
        displays: the recorded names behind the facts, each with the one that the fact has: "HbA1c" yields its words.
        record: the patient's record.
    """
    of_evidence = _skeletons(evidence)
    for found in _WORD.finditer(text):
        written = found[0]
        word = stem("".join(words(written)))
        if not word or written.lower() in foreign_marks() or written.isdigit():
            continue
        bare = skeleton(written)
        if word in evidence or bare in of_evidence:
            yield of_evidence.get(bare, word), written
        elif _CODED.search(written) or _names_something(word, bare):
            for each in _linked(written, displays, record) or (word,):
                yield each, written
        else:
            yield from ((each, written) for each in _rendered(word, record))


def _linked(word: str, displays: Mapping[str, str], record: PatientRecord) -> tuple[str, ...]:
    """Return the words of the cited name that a word means by the lexicon, () if none."""
    meant = {term.display for reading in link(word, record, _KINDS) for term in reading.terms}
    named = next((told for recorded, told in displays.items() if recorded in meant), "")
    return tuple(each for each in tokens(plain_name(named)).words if each not in allowed("plain"))


def _rendered(word: str, record: PatientRecord) -> Iterator[str]:
    """Yield the words of the English name that a word of renderings.toml stands for: "Bluthochdruck"."""
    english = in_english((word,), "MedicationRequest")
    if english != (word,):
        for mention in mentions(" ".join(english), record, _KINDS):
            yield from map(stem, words(mention.text))


def _names_something(word: str, bare: str) -> bool:
    return (len(word) >= _SHORTEST - 1 and concept_stem(word) in one_word_names()) or bare in _of_names()


@cache
def _of_names() -> frozenset[str]:
    """Return the skeletons of names, without those of words of reports: "active" is no brand."""
    return frozenset(_skeletons(one_word_names())).difference(map(skeleton, report_words()))


@lru_cache(maxsize=256)
def _skeletons(names: frozenset[str]) -> Mapping[str, str]:
    """Return the names that are long enough by their skeletons; a stem has lost its ending already."""
    forms = ((form, name) for name in sorted(names) for form in (_letters(name), skeleton(name)))
    return {form: name for form, name in forms if len(form) >= _SHORTEST}
