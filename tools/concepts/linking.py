"""A text -> what it can mean in this record, best first.

Tried in this order, and the first that finds something wins within a kind: the recorded name, a code, the
lexicon (synonyms, classes, panels), part of a name, an alias, a corrected spelling, a concept inside a longer
text. A name the lexicon knows and the record lacks is an answer: nothing similar is offered for it. What is only
near in meaning to a recorded name is looked for in `meaning`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.concepts.lexicon import Concept, Lexicon, lexicon
from tools.concepts.reading import How, Reading
from tools.concepts.spelling import corrections, said_for
from tools.concepts.strengths import apart, carries
from tools.concepts.vocabulary import NOWHERE, Places, Vocabulary, vocabulary_of, without
from tools.concepts.wording import Words, stem, stems, tokens
from tools.record import PatientRecord
from tools.record.shelf import Term
from tools.wording.text import plain_name

_SYSTEM = r"(?:loinc|snomed(?: ct)?|rxnorm|cvx|icd(?:-?10)?(?:-?cm)?|code)[ :#]"
_CODE = re.compile(rf"(?:{_SYSTEM}*)*(\d{{1,7}}-\d|\d{{4,18}})")
_TAGGED_CODE = re.compile(rf"(?:{_SYSTEM}+)+([\w.-]+)")
LONGEST = 40
"""Words; a longer text means nothing but what is recorded under that very name."""
_SCORES: dict[How, float] = {"name": 1.0, "code": 0.97, "synonym": 0.9, "panel": 0.87, "class": 0.86}
_ABOUT, _ALIAS, _MISSPELT, _LOOSE, _OTHER_KIND = 0.5, 0.9, 0.85, 0.6, 0.7
_NAMES_IN_LABEL = 4
_DRUGS = ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
_ASIDE = 8
"""Words that say nothing with which a name within a longer text is tried, before and after it."""
_TOLD = frozenset({"history", "past", "suspect", "family"})


@dataclass(frozen=True, slots=True)
class _Hit:
    places: Places
    score: float
    how: How


def link(text: str, record: PatientRecord, types: Sequence[str]) -> tuple[Reading, ...]:
    """Return what `text` can mean among the recorded names of these types, best first.

    Args:
        text: a name, code, abbreviation, lay word, brand, class or panel, e.g. "A1c", "water pill", "4548-4".
        record: the patient's record.
        types: FHIR resource types to search, e.g. ("Condition",).

    Returns:
        Readings, best first; () if this record holds nothing of the sort. Names of the same thing are one
        reading; two readings mean that the words can mean two things.
    """
    return record.once(_link, text, tuple(dict.fromkeys(types)))


def _link(record: PatientRecord, text: str, types: tuple[str, ...]) -> tuple[Reading, ...]:
    found: list[Reading] = []
    for kind in types:
        terms, vocabulary = record.terms(kind), record.once(vocabulary_of, kind)
        if terms:
            hits = _at_strength(text, vocabulary, terms) if kind in _DRUGS else _hits(text, vocabulary)
            found += [_reading(text, hit, kind, terms) for hit in hits]
    found.sort(key=lambda reading: -reading.score)
    best = found[0].score if found else 0.0
    return tuple([reading for reading in found if reading.score >= best * 0.5])


def _at_strength(text: str, vocabulary: Vocabulary, terms: tuple[Term, ...]) -> Sequence[_Hit]:
    """Return the hits for a drug, of which a strength that is said leaves only the names that carry it."""
    hits = _hits(text, vocabulary)
    name, strengths = apart(tokens(text))
    if not name or not strengths or any(hit.how == "name" for hit in hits):
        return hits
    hits = hits or _hits(" ".join(name), vocabulary)
    kept = (
        frozenset(p for p in hit.places if any(carries(n, name, strengths) for n in _names_of(terms[p])))
        for hit in hits
    )
    return [replace(hit, places=places) for hit, places in zip(hits, kept, strict=True) if places]


def _names_of(term: Term) -> tuple[str, ...]:
    return term.names or (term.display,)


@lru_cache(maxsize=4096)
def _hits(text: str, vocabulary: Vocabulary) -> Sequence[_Hit]:
    words = tokens(text)
    if not words:
        return ()
    if len(words) > LONGEST:
        return _as_recorded(words, vocabulary)
    code = _by_code(text, vocabulary)
    if code:
        return [_Hit(code, _SCORES["code"], "code")]
    hits = _by_words(words, vocabulary)
    if hits:
        return hits
    return _misspelt(words, vocabulary) or (_inside(text, words, vocabulary) if hits is None else [])


def _as_recorded(words: Words, vocabulary: Vocabulary) -> list[_Hit]:
    """Return the name that is recorded with all of the words, or with all but the first few that say nothing."""
    tried = variants(words)[:LONGEST]
    return next(([hit] for variant in tried if (hit := _by_name(variant, vocabulary))), [])


def _by_words(words: Words, vocabulary: Vocabulary) -> list[_Hit] | None:
    """Return the hits; [] for a concept that is known and not recorded; None if the words say nothing."""
    known = False
    told = _as_told(words, vocabulary)
    if told is not None:
        return told
    for variant in variants(words):
        exact = _by_name(variant, vocabulary)
        if exact:
            return [exact]
        if known:
            continue
        concepts = lexicon().concepts(stems(variant), vocabulary.kind)
        hits = _meant(concepts, vocabulary) if concepts else []
        if hits:
            return hits
        known = bool(concepts)
    if known:
        return _only_about(words, vocabulary)
    for variant in variants(words):
        parts = _by_part(stems(variant), vocabulary)
        if parts:
            return parts
    return _by_alias(words, vocabulary) or _by_other_label(words, vocabulary)


@lru_cache(maxsize=4096)
def variants(words: Words) -> tuple[Words, ...]:
    """Return the words as typed, then with ever more left off that carries no meaning at either end."""
    lists = lexicon().lists
    found: dict[Words, None] = {}
    front = 0
    while True:
        end = len(words)
        while end > front:
            found[words[front:end]] = None
            if stem(words[end - 1]) not in lists["trailing"] or end - front == 1:
                break
            end -= 1
        if front >= len(words) - 1 or stem(words[front]) not in lists["leading"]:
            return tuple(found)
        front += 1


@lru_cache(maxsize=4096)
def is_known(words: Words) -> bool:
    """Tell whether the lexicon has the words, or what they are without those that say nothing at either end."""
    return not lexicon().phrases.keys().isdisjoint(map(stems, variants(words)))


def says_nothing(text: str) -> bool:
    """Tell whether no word of a text tells which thing is meant: "the latest level of"."""
    lists = lexicon().lists
    plain = lists["weak"] | lists["joining"] | lists["leading"] | lists["trailing"]
    return plain.issuperset(stems(tokens(text)))


def _by_code(text: str, vocabulary: Vocabulary) -> Places:
    asked = text.strip().casefold()
    match = _CODE.fullmatch(asked) or _TAGGED_CODE.fullmatch(asked)
    return frozenset(vocabulary.by_code.get(match[1], ())) if match else NOWHERE


def _by_name(words: Words, vocabulary: Vocabulary) -> _Hit | None:
    short = stems(words)
    places = vocabulary.by_name.get(words) or vocabulary.by_stems.get(short)
    if not places:
        optional = lexicon().lists.get(f"optional {vocabulary.kind}")
        places = vocabulary.by_stems.get(_less(short, optional)) if optional else None
    if not places:
        return None
    found = frozenset(places)
    also = _same_test(short, found, vocabulary) | _disputed(short, vocabulary)
    return _Hit(found | also, _SCORES["name"], "name")


def _same_test(short: Words, places: Places, vocabulary: Vocabulary) -> Places:
    """The longer names of a test asked for by its short name, and those that it has in other words under one code.

    "Glucose", "Glucose [Mass/volume] in Blood"; "Platelets", "Thrombozyten".
    """
    if vocabulary.kind != "Observation":
        return NOWHERE
    asked = set(short)
    coded = {code for place in places for code in vocabulary.codes[place]}
    return frozenset(
        place
        for concept in lexicon().concepts(short, "Observation")
        if concept.how == "synonym" and places <= vocabulary.find(concept)
        for place in vocabulary.find(concept)
        if asked <= vocabulary.stems[place] or not coded.isdisjoint(vocabulary.codes[place])
    )


def _disputed(short: Words, vocabulary: Vocabulary) -> Places:
    """What has the code of what was asked for, and the name of another thing."""
    if not vocabulary.disputed:
        return NOWHERE
    meant = lexicon().concepts(short, vocabulary.kind)
    return frozenset(place for concept in meant for place in vocabulary.find(concept)) & vocabulary.disputed


def _by_part(short: Words, vocabulary: Vocabulary) -> list[_Hit]:
    """Names that have all the words, one of them telling."""
    book = lexicon()
    asked = _content(short, vocabulary.kind)
    if not asked or asked <= book.lists["weak"] or not asked <= vocabulary.by_stem.keys():
        return []
    places = frozenset([p for p in vocabulary.with_all(asked) if not asked <= vocabulary.tails[p]])
    plain = frozenset([place for place in places if vocabulary.about[place] <= asked])
    if not plain:
        return [_part(asked, places, vocabulary, _ABOUT)] if places else []
    plain = vocabulary.in_a_row(without(short, book.lists["joining"]), plain)
    if vocabulary.kind != "Observation":
        return [_part(asked, plain, vocabulary)]
    hits = [_part(asked, group, vocabulary) for group in _same(plain, vocabulary)]
    return sorted(hits, key=lambda hit: -hit.score)


def _part(asked: frozenset[str], places: Places, vocabulary: Vocabulary, factor: float = 1.0) -> _Hit:
    names = (frozenset(run) for place in places for run in vocabulary.runs[place])
    longest = min(
        (len(_content(tuple(name), vocabulary.kind)) for name in names if asked <= name), default=len(asked)
    )
    return _Hit(places, round((0.55 + 0.25 * len(asked) / max(longest, 1)) * factor, 3), "part")


def _same(places: Places, vocabulary: Vocabulary) -> list[Places]:
    """Tests that are one test under several names or codes, together."""
    groups: list[set[int]] = []
    for place in sorted(places):
        coded = (vocabulary.by_code[code.casefold()] for code in vocabulary.codes[place])
        mates = {place} | (set().union(*coded) & places)
        for group in [g for g in groups if g & mates]:
            groups.remove(group)
            mates |= group
        groups.append(mates)
    return [frozenset(group) for group in groups]


def _by_alias(words: Words, vocabulary: Vocabulary) -> list[_Hit] | None:
    """The same with some words said otherwise: "broken arm", "stage 3 CKD"."""
    for other in _reworded(stems(words)):
        concepts = lexicon().phrases.get(other)
        hits = (concepts and _meant(concepts, vocabulary)) or _by_part(other, vocabulary)
        if hits:
            return [replace(hit, score=round(hit.score * _ALIAS, 3)) for hit in hits]
    return _by_concept_of_part(stems(words), vocabulary)


def _by_concept_of_part(short: Words, vocabulary: Vocabulary) -> list[_Hit] | None:
    """What the lexicon knows, of those with the other words in their names: "spine MRI"."""
    book = lexicon()
    for at, end in _phrases(short):
        for concept in book.phrases[short[at:end]]:
            if vocabulary.kind not in concept.kinds:
                continue
            rest = _content((*short[:at], *short[end:]), vocabulary.kind)
            if not rest or rest <= book.lists["weak"]:
                break
            places = vocabulary.find(concept) & vocabulary.with_all(rest)
            if places:
                return [_Hit(places, round(_SCORES[concept.how] * _ALIAS, 3), concept.how)]
    return None


@lru_cache(maxsize=4096)
def _reworded(short: Words) -> tuple[Words, ...]:
    """Return the stems with one word, one phrase of the lexicon, or what was examined ("in urine"), put otherwise."""
    book = lexicon()
    found: list[Words] = []
    if len(short) > 2 and short[-2] == "in" and short[-1] in book.lists["specimens"]:
        found.append((short[-1], *short[:-2]))
    for at, one in enumerate(short):
        if one in book.aliases:
            found.append((*short[:at], *book.aliases[one], *short[at + 1 :]))
    for at, end in _phrases(short):
        if end - at < len(short):
            concepts = book.phrases[short[at:end]]
            found += [(*short[:at], *concept.phrases[0], *short[end:]) for concept in concepts]
    return tuple(found)


@lru_cache(maxsize=4096)
def _phrases(short: Words) -> tuple[tuple[int, int], ...]:
    """Return where phrases of the lexicon begin and end, the longest first."""
    book = lexicon()
    found: list[tuple[int, int]] = []
    for at, first in enumerate(short):
        ends = [at + size for size in book.sizes.get(first, ()) if at + size <= len(short)]
        found += [(at, end) for end in ends if short[at:end] in book.phrases]
    return tuple(found)


def _by_other_label(words: Words, vocabulary: Vocabulary) -> list[_Hit] | None:
    """Names of a kind that has no line of its own for the thing: goals, plans, encounters about it."""
    if not is_known(words):
        return None
    for variant in variants(words):
        for concept in lexicon().phrases.get(stems(variant), ()):
            hits = _by_part(concept.phrases[0], vocabulary)
            if hits:
                return [replace(hit, score=round(hit.score * _OTHER_KIND, 3), how="synonym") for hit in hits]
    return None


def _as_told(words: Words, vocabulary: Vocabulary) -> list[_Hit] | None:
    """What "history of" or "suspected" is asked for: told names, for "history of" else the thing itself."""
    short = stems(words)
    asked = _TOLD.intersection(short[:2])
    rest = tuple([one for one in short if one not in _TOLD and one != "of"]) if asked else ()
    if not rest or _by_name(words, vocabulary):
        return None
    places = frozenset(
        place
        for variant in variants(rest)
        for said in (variant, *(c.phrases[0] for c in lexicon().concepts(variant, vocabulary.kind)))
        for place in vocabulary.with_all(_content(said, vocabulary.kind))
        if asked & vocabulary.about[place]
    )
    if places:
        return [_Hit(places, _SCORES["synonym"], "synonym")]
    return None if asked <= {"history", "past"} else []


def _only_about(words: Words, vocabulary: Vocabulary) -> list[_Hit]:
    """A known thing that is not recorded, though its history, suspicion or screening is."""
    for variant in variants(words):
        asked = _content(stems(variant), vocabulary.kind)
        places = vocabulary.with_all(asked) if asked - lexicon().lists["weak"] else NOWHERE
        told = frozenset(place for place in places if vocabulary.about[place] - asked)
        if told:
            return [_part(asked, told, vocabulary, _ABOUT)]
        for concept in lexicon().concepts(stems(variant), vocabulary.kind):
            places = frozenset(
                p for pattern in concept.held.patterns for p in vocabulary.with_all(pattern.wanted)
            )
            told = frozenset(place for place in places if vocabulary.about[place])
            if told:
                return [_Hit(told, 0.4, "part")]
    return []


def _misspelt(words: Words, vocabulary: Vocabulary) -> list[_Hit]:
    for corrected in _respelt(words, vocabulary):
        hits = _by_words(corrected, vocabulary)
        if hits:
            return [replace(hit, score=round(hit.score * _MISSPELT, 3), how="misspelling") for hit in hits]
    return []


def _respelt(words: Words, vocabulary: Vocabulary) -> Iterator[Words]:
    """Yield the words with each unknown one corrected, by what is recorded or what people say."""
    book = lexicon()
    options: list[list[str]] = []
    for word in words:
        one = stem(word)
        if one in vocabulary.by_stem or one in book.lists["weak"] or not word.isalpha():
            options.append([word])
            continue
        if word in book.words:
            near = corrections(word, vocabulary.unsaid)
        else:
            near = [*corrections(word, vocabulary.words), *said_for(word)]
        options.append(list(dict.fromkeys(near))[:3] or [word])
    most = max(map(len, options))
    tried = [tuple([option[min(n, len(option) - 1)] for option in options]) for n in range(most)]
    yield from [corrected for corrected in dict.fromkeys(tried) if corrected != words]


def _inside(text: str, words: Words, vocabulary: Vocabulary) -> list[_Hit]:
    """What a longer text names, when the rest of it says nothing: "his A1c (glycated hemoglobin)"."""
    pieces = [piece for piece in re.split(r"[()\[\];]|,\s|\s-\s", text) if piece.strip()]
    if len(pieces) > 1:
        for piece in pieces:
            hits = _by_words(tokens(piece), vocabulary) if tokens(piece) else None
            if hits:
                return [replace(hit, score=round(hit.score * _LOOSE, 3)) for hit in hits]
    if is_known(words):
        return []
    for stretch in _telling(words):
        hits = _by_words(stretch, vocabulary)
        if hits:
            return [replace(hit, score=round(hit.score * _LOOSE, 3)) for hit in hits]
    return []


def _telling(words: Words) -> Iterator[Words]:
    """Yield the parts of a text that leave out only words that say nothing, the longest first."""
    lists = lexicon().lists
    weak = (lists["weak"] | lists["joining"]) - lists["specimens"]
    telling = [at for at, word in enumerate(words) if not (word.isalpha() and stem(word) in weak)]
    begins = ends = range(len(words) + 1)
    if telling:
        begins, ends = begins[: telling[0] + 1][-_ASIDE - 1 :], ends[telling[-1] + 1 :][: _ASIDE + 1]
    parts = [(begin, end) for begin in begins for end in ends if 0 < end - begin < len(words)]
    for begin, end in sorted(parts, key=lambda part: (part[0] - part[1], part[0])):
        if telling or end - begin <= _ASIDE:
            yield words[begin:end]


@lru_cache(maxsize=4096)
def _content(short: Words, kind: str) -> frozenset[str]:
    book = lexicon()
    optional = book.lists.get(f"optional {kind}", frozenset())
    return frozenset(short).difference(book.lists["joining"], optional)


def _less(short: Words, optional: frozenset[str] | None) -> Words:
    return tuple([one for one in short if one not in (optional or ())])


def _meant(concepts: Iterable[Concept], vocabulary: Vocabulary) -> list[_Hit]:
    """What concepts of the lexicon are here, the same places once, best first."""
    best: dict[Places, _Hit] = {}
    for concept in concepts:
        places = vocabulary.find(concept) if vocabulary.kind in concept.kinds else NOWHERE
        score = _SCORES[concept.how]
        if places and (places not in best or best[places].score < score):
            best[places] = _Hit(places, score, concept.how)
    return sorted(best.values(), key=lambda hit: -hit.score)


def _reading(text: str, hit: _Hit, kind: str, terms: tuple[Term, ...]) -> Reading:
    chosen = tuple(terms[place] for place in sorted(hit.places))
    return Reading(_label(text, hit, kind, chosen), kind, chosen, hit.score, hit.how)


def _label(text: str, hit: _Hit, kind: str, terms: tuple[Term, ...]) -> str:
    names = list(dict.fromkeys(plain_name(term.display) for term in terms))
    if len(names) == 1:
        return names[0]
    if hit.how == "panel":
        return text.strip()
    if hit.how == "name" or (kind == "Observation" and hit.how != "class" and _one_test(text, terms)):
        return plain_name(max(terms, key=lambda term: len(term.entries)).display)
    more = f" and {len(names) - _NAMES_IN_LABEL} more" if len(names) > _NAMES_IN_LABEL else ""
    return f"{text.strip()}: {', '.join(names[:_NAMES_IN_LABEL])}{more}"


def _one_test(text: str, terms: tuple[Term, ...]) -> bool:
    """Whether the lexicon takes these names for one test."""
    book = lexicon()
    concepts = [c for said in variants(tokens(text)) for c in book.concepts(stems(said), "Observation")]
    return bool(concepts) and not any(concept.held.members for concept in concepts)


def weak_only(short: Words, book: Lexicon) -> bool:
    """Tell whether every word is an ordinary one."""
    ordinary = book.lists["weak"], book.lists["joining"]
    return all([one.isdigit() for one in set(short).difference(*ordinary)])
