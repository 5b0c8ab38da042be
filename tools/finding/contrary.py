"""Coded entries, the record's notes -> what a later note says against them: "off warfarin" beside an active order.

A note speaks against an entry where the last sentence on that thing, of its day or later, says that it is over though
the entry goes on, or the reverse; the words for that are in contrary.toml. The sentence is quoted, nothing is counted
anew. Left out: what is planned, feared or told of others; undated notes; which of the two is right.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice, takewhile
from pathlib import Path
from string import punctuation

from tools.calls.evidence import Evidence, Fact
from tools.concepts.lexicon import lexicon
from tools.concepts.naming import names_of, things_in
from tools.concepts.rendering import in_english
from tools.concepts.wording import Words, stems, tokens
from tools.entries.entry import Entry
from tools.entries.senses import allergen_of
from tools.finding.lasting import DRUGS
from tools.finding.library import Note, documents
from tools.finding.passages import Page, Sentence, bare_of
from tools.record import PatientRecord
from tools.wording.text import plain_name
from tools.wording.words import day_of, in_quotation_marks

_FILE = Path(__file__).parent / "contrary.toml"
_SORTS = {**dict.fromkeys(DRUGS, "drug"), "Condition": "problem", "AllergyIntolerance": "allergy"}
_KINDS = {"drug": "MedicationRequest", "problem": "Condition", "allergy": "AllergyIntolerance"}
_CLAUSE = re.compile(r"[;.!?](?=\s|$)|\b(?:but|while|although|however|aber|whereas)\b")
_TOKEN = re.compile(r"[^\W_]+(?:['’/\-][^\W_]+)*|[,&]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BLANKS = str.maketrans(dict.fromkeys(punctuation, " "))
_MOST = 3
_FIRST = 4
"""The words of a recorded name among which the thing itself begins: "24 HR metformin", "chronic viral hepatitis C"."""
_FEW = 3
"""Letters of a word that is looked for in a text before its sentences are read."""


@dataclass(frozen=True, slots=True)
class _Cues:
    """Words that say that a thing goes on, or is over: before its name, after it; `denied` is what denies the name."""

    before: frozenset[Words]
    after: frozenset[Words]
    denied: frozenset[Words] = frozenset()


@dataclass(frozen=True, slots=True)
class _Book:
    """contrary.toml, ready to be looked up; a sentence that says something has all words of one of the `cues`."""

    lists: Mapping[str, frozenset[str]]
    over: Mapping[str, _Cues]
    on: Mapping[str, _Cues]
    cues: Mapping[str, Mapping[str, Sequence[frozenset[str]]]]

    def may_tell(self, sort: str, said: Set[str]) -> bool:
        """Tell whether a text with these words may say of a thing of a sort whether it goes on."""
        cues = self.cues[sort]
        return any(cue <= said for word in cues.keys() & said for cue in cues[word])


@dataclass(frozen=True)
class _Thing:
    """What a note may speak of: its sort, its names as stems, from which day on, and whether it goes on as recorded."""

    sort: str
    names: frozenset[Words]
    since: date | None
    goes_on: bool

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """The longest word of each name."""
        return tuple({max(name, key=len) for name in self.names if len(max(name, key=len)) >= _FEW})

    @cached_property
    def unknown(self) -> tuple[Words, ...]:
        """The names that the lexicon does not have."""
        return tuple(name for name in self.names if name not in lexicon().phrases)

    def stands_in(self, bare: str) -> bool:
        """Tell whether all words of a name may stand in a sentence."""
        return any(all(word in bare for word in name) for name in self.names)


def contrary(
    entries: Sequence[Entry], record: PatientRecord, concept: str | None, *, goes_on: bool
) -> tuple[Fact, ...]:
    """Return what notes say against drugs, problems and allergies, each quoted once; of a name the newest counts.

    Args:
        entries: as found; of each name the newest counts.
        record: the patient's record.
        concept: the name that was asked for; it is one of those of the entries if they are of one thing only.
        goes_on: whether the entries say that it goes on, or that it does not.
    """
    if not (entries and documents(record).notes):
        return ()
    things = _things(entries, concept, goes_on)
    return tuple(dict.fromkeys(said for thing in things if (said := record.once(_against, thing))))


def with_contrary(evidence: Evidence, against: Sequence[Fact]) -> Evidence:
    """Return evidence with what notes say against it; of many the first, and how many more there are."""
    more = len(against) - _MOST
    notes = (f"{more} more notes speak against what is recorded",) if more > 0 else ()
    return replace(evidence, against=tuple(against[:_MOST]), notes=(*evidence.notes, *notes))


def _things(entries: Sequence[Entry], concept: str | None, goes_on: bool) -> Iterator[_Thing]:
    groups: dict[tuple[str, frozenset[Words]], list[Entry]] = {}
    for entry in entries:
        if sort := _SORTS.get(entry.kind):
            groups.setdefault((sort, _names(entry)), []).append(entry)
    asked = _known(stems(tokens(concept))) if concept and len(groups) == 1 else frozenset[Words]()
    for (sort, names), members in groups.items():
        days = [when.first for e in members if (when := e.start if goes_on else e.end or e.start)]
        yield _Thing(sort, names | asked, max(days, default=None), goes_on)


@lru_cache(maxsize=4096)
def _known(short: Words) -> frozenset[Words]:
    return names_of(short, members=False) or frozenset({short})


def _names(entry: Entry) -> frozenset[Words]:
    if entry.sense and entry.sense.blanket:
        return frozenset()
    if entry.kind == "AllergyIntolerance":
        name = allergen_of(entry.display) or plain_name(entry.display)
    else:
        name = plain_name(entry.sense.thing if entry.sense else entry.display)
    return _names_in(name, _SORTS[entry.kind])


@lru_cache(maxsize=4096)
def _names_in(name: str, sort: str) -> frozenset[Words]:
    """Return what people call the thing that a recorded name begins with; without one known, the name itself."""
    short = stems(tokens(name))
    known = (span for span in things_in(short) if lexicon().concepts(short[slice(*span)], _KINDS[sort]))
    first, end = next(known, (len(short), 0))
    if first < _FIRST and (sort == "drug" or len(short) - (end - first) < _FIRST):
        return names_of(short[first:end], members=False)
    if sort != "drug":
        return frozenset({short} if short else ())
    telling = (word for word in short if word.isalpha() and word not in lexicon().lists["weak"])
    return frozenset((word,) for word in list(telling)[:1])


def _against(record: PatientRecord, thing: _Thing) -> Fact | None:
    """Return what the last sentence on a thing says against its entries; None if it does not."""
    for note, at in record.once(_index, thing.sort).naming(thing.beginnings):
        when = note.entry.start
        if when is None or (thing.since and when.last < thing.since):
            continue
        going = _goes_on(thing, note.page, at) if thing.stands_in(note.page.sentences[at].bare) else None
        if going is not None:
            return None if going == thing.goes_on else _quoted(note, at)
    return None


def _quoted(note: Note, at: int) -> Fact:
    day = day_of(note.entry)
    text = f"a note of {day} says: {in_quotation_marks(note.page.passage(at))}"
    return Fact(text, note.entry.reference, note.entry.display, day)


def _goes_on(thing: _Thing, page: Page, at: int) -> bool | None:
    """Tell whether a thing goes on by a sentence, which may be taken back by the next; None if it does not say it."""
    sentence, after = page.sentences[at], page.sentences[at + 1 : at + 2]
    if _has(bare_of(sentence.heading), "others") or _is_older(sentence, thing.since):
        return None
    clauses = [_clause(clause, thing) for clause in _split(sentence.bare)]
    verdicts = [verdict for clause in clauses if (verdict := _verdict(clause, thing)) is not None]
    if not verdicts:
        return None
    told = " ".join([sentence.bare, *(each.bare for each in after if each.leans)])
    return verdicts[-1] or _has(told, "again")


@dataclass(frozen=True, slots=True)
class _Index:
    """The sentences that may say whether something goes on, oldest first: the words in them, and where each stands."""

    sentences: tuple[tuple[Note, int], ...]
    words: tuple[str, ...]
    places: Mapping[str, Sequence[int]]

    def naming(self, beginnings: Iterable[str]) -> Iterator[tuple[Note, int]]:
        """Yield the sentences in which a word begins so, the last first: their note and their place in it."""
        found = {place for each in beginnings for word in self._with(each) for place in self.places[word]}
        yield from (self.sentences[place] for place in sorted(found, reverse=True))

    def _with(self, beginning: str) -> Iterator[str]:
        first = bisect_left(self.words, beginning)
        return takewhile(lambda word: word.startswith(beginning), islice(self.words, first, None))


def _index(record: PatientRecord, sort: str) -> _Index:
    book = _book()
    sentences, places = list[tuple[Note, int]](), dict[str, list[int]]()
    for note in documents(record).notes:
        if not book.may_tell(sort, _apart(note.page.bare)):
            continue
        for at, sentence in enumerate(note.page.sentences):
            said = _apart(sentence.bare)
            if book.may_tell(sort, said):
                for word in said:
                    places.setdefault(word, []).append(len(sentences))
                sentences.append((note, at))
    return _Index(tuple(sentences), tuple(sorted(places)), places)


def _apart(bare: str) -> set[str]:
    return set(bare.translate(_BLANKS).split())


def _is_older(sentence: Sentence, since: date | None) -> bool:
    """Tell whether a sentence is dated before an entry: "stopped warfarin in 2010" says nothing of an order of 2020."""
    years = [int(year) for year in _YEAR.findall(sentence.bare)]
    return bool(years and since and max(years) < since.year)


@dataclass(frozen=True, slots=True)
class _Clause:
    """The words of a clause as written and as stems, and where names stand in it: first word and the one after."""

    said: Words
    short: Words
    named: tuple[tuple[int, int], ...]
    own: tuple[tuple[int, int], ...]


def _clause(bare: str, thing: _Thing) -> _Clause:
    said, short, named = _parsed(bare, _KINDS[thing.sort])
    taken = {at for first, end in named for at in range(first, end)}
    own = [span for span in named if short[slice(*span)] in thing.names]
    for name in thing.unknown:
        ends = ((at, at + len(name)) for at in range(len(short) - len(name) + 1))
        own += [s for s in ends if short[slice(*s)] == name and taken.isdisjoint(range(*s))]
    return _Clause(said, short, tuple({*named, *own}), tuple(sorted(set(own))))


@lru_cache(maxsize=1024)
def _split(bare: str) -> tuple[str, ...]:
    return tuple(_CLAUSE.split(bare))


@lru_cache(maxsize=1024)
def _parsed(bare: str, kind: str) -> tuple[Words, Words, tuple[tuple[int, int], ...]]:
    """Return the words of a clause in English, as said and as stems, and where things are named."""
    said = tuple(chain.from_iterable(in_english((word,), kind) for word in _TOKEN.findall(bare)))
    return said, stems(said), things_in(stems(said))


def _verdict(clause: _Clause, thing: _Thing) -> bool | None:
    """Return whether a clause says that a thing goes on (True) or is over (False); None if it says neither."""
    verdicts = [_of_name(clause, first, end, thing) for first, end in clause.own]
    return next((verdict for verdict in reversed(verdicts) if verdict is not None), None)


def _of_name(clause: _Clause, first: int, end: int, thing: _Thing) -> bool | None:
    if not _words("others").isdisjoint(clause.said):
        return None
    led, behind = _led(clause, first, end, thing.sort), _followed(clause, first, end, thing.sort)
    if led and behind:
        return min(led, behind)[1] if led[0] != behind[0] else (led[1] if led[1] == behind[1] else None)
    return (led or behind or (0, None))[1]


def _led(clause: _Clause, first: int, end: int, sort: str) -> tuple[int, bool] | None:
    """Return how far before a name a word stands that says whether the thing goes on, and what it says."""
    at = first
    while at > 0:
        for going, cues in ((False, _book().over[sort]), (True, _book().on[sort])):
            size = _ends_with(clause.said[:at], cues.before)
            if size and (going or sort != "problem" or _ends_there(clause, end)):
                return _unless_open(clause, at - size, first - at, going)
            size = _ends_with(clause.said[:at], cues.denied)
            if size and at == first and _ends_there(clause, end):
                return _unless_open(clause, at - size, 0, going, turned=False)
        at = _before(clause, at)
    return None


def _before(clause: _Clause, at: int) -> int:
    """Return the place before a word that may stand between a name and what is said of it; 0 if it may not."""
    word = clause.said[at - 1]
    if word in (",", "&", "and", "or", "und", "oder"):
        return max((first for first, end in clause.named if end == at - 1), default=0)
    between = word in _words("between") or word[0].isdigit()
    return at - 1 if between else max((first for first, end in clause.named if end == at), default=0)


def _followed(clause: _Clause, first: int, end: int, sort: str) -> tuple[int, bool] | None:
    """Return how far behind a name a word stands that says whether the thing goes on, and what it says."""
    at = end
    whole = clause.said[max(first - 2, 0) : first] if sort == "allergy" else ()  # "no penicillin allergy"
    while at < len(clause.said):
        for going, cues in ((False, _book().over[sort]), (True, _book().on[sort])):
            if _begins_with(clause.said[at:], cues.after):
                turned = not _words("negating").isdisjoint((*whole, *clause.said[end:at]))
                return _unless_open(clause, end, at - end, going != turned, turned=False)
        word = clause.said[at]
        passed = word in _words("between") or word in _words("negating") or word[0].isdigit()
        if not passed or word == ",":
            return None
        at += 1
    return None


def _unless_open(
    clause: _Clause, at: int, far: int, going: bool, *, turned: bool = True
) -> tuple[int, bool] | None:
    """Return what is said at a place; None where it is planned or advised, the reverse where it is denied before."""
    if not _words("open").isdisjoint(clause.said[:at]):
        return None
    denied = turned and not _words("negating").isdisjoint(clause.said[max(at - 2, 0) : at])
    return far, going != denied


def _ends_there(clause: _Clause, end: int) -> bool:
    return end == len(clause.said) or clause.said[end] == "," or clause.said[end] in _words("ends")


def _ends_with(said: Words, cues: Iterable[Words]) -> int:
    return max((len(cue) for cue in cues if said[-len(cue) :] == cue), default=0)


def _begins_with(said: Words, cues: Iterable[Words]) -> bool:
    return any(said[: len(cue)] == cue for cue in cues)


def _has(bare: str, name: str) -> bool:
    return not _words(name).isdisjoint(_TOKEN.findall(bare))


def _words(name: str) -> frozenset[str]:
    return _book().lists[name]


@lru_cache(maxsize=1)
def _book() -> _Book:
    told = tomllib.loads(_FILE.read_text("utf-8"))
    lists = {name: frozenset(_items(said)) for name, said in told.items() if isinstance(said, str)}
    over, on = ({sort: _cues(told[sort][way]) for sort in _KINDS} for way in ("over", "on"))
    return _Book(lists, over, on, {sort: _telling(over[sort], on[sort]) for sort in _KINDS})


def _telling(*cues: _Cues) -> Mapping[str, Sequence[frozenset[str]]]:
    """Return the words of each phrase, apart at apostrophes and strokes, by the longest of them."""
    found: dict[str, list[frozenset[str]]] = {}
    for phrase in chain.from_iterable((*each.before, *each.after, *each.denied) for each in cues):
        words = frozenset(_apart(" ".join(phrase)))
        found.setdefault(max(words, key=len), []).append(words)
    return found


def _cues(said: Mapping[str, str]) -> _Cues:
    return _Cues(*(frozenset(_phrases(said.get(name, ""))) for name in ("before", "after", "denied")))


def _phrases(listed: str) -> Iterator[Words]:
    return (tuple(_TOKEN.findall(bare_of(item))) for item in _items(listed))


def _items(listed: str) -> list[str]:
    return [item for part in listed.split(",") if (item := " ".join(part.split()))]
