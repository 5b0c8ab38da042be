"""The parts of a question and its frame -> words without which it would be answered as something else.

A time that was not understood is never dropped, and what is no name is not looked for: "27", "Rx'd". Left out: words
that only a yes or no hangs on (`verdict`).
"""

import re
from collections.abc import Iterator
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.process import extractOne

from agent.planner.entries import ORDINAL
from agent.planner.frame import Frame
from agent.planner.sentence import Sentence
from tools.calls.errors import BadArgument
from tools.concepts import link
from tools.concepts.lexicon import lexicon
from tools.concepts.linking import variants
from tools.concepts.wording import stems, tokens
from tools.finding.gives import ATTRIBUTES
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import types_of

_SHORTEST_NAME = 4
"""Letters: what is shorter, and unknown, is an abbreviation that may stand for something that is recorded."""
_SHOWN = 4
"""Words of a time that was not understood, as it is shown."""
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèâêîôûœæ]", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+(?:['’]s)?")


def unclear(sentence: Sentence, frame: Frame, record: PatientRecord) -> tuple[str, ...]:
    """Return the words of a question that were not understood and on which its answer hangs."""
    if frame.topic not in ("find", "measure"):
        return ()
    lost = (*_times(sentence, frame, record), *_names(sentence, frame, record), *_operators(sentence, frame))
    return tuple(dict.fromkeys(lost))


def _operators(sentence: Sentence, frame: Frame) -> Iterator[str]:
    """Yield what is to be reckoned, told of something or compared, and has no place in the frame: "the organism"."""
    if frame.topic == "find" and frame.concept.casefold() in ATTRIBUTES:
        yield frame.concept
    if frame.topic != "measure" or not sentence.has("statistic", "change"):
        return
    if frame.pick == "nth":
        yield next(cue.text for cue in sentence.cues if (cue.table, cue.meaning) == ("statistic", "change"))
    elif frame.statistic == "change" and (ordinal := ORDINAL.search(sentence.free)):
        yield ordinal.group()


def _times(sentence: Sentence, frame: Frame, record: PatientRecord) -> Iterator[str]:
    try:
        if frame.period:
            resolve(frame.period, record)
    except BadArgument:
        yield frame.period
    from_end_to_end = frame.both_ends or frame.statistic in ("change", "trend")
    if not from_end_to_end:  # else "since the first" bounds no time
        yield from _times_left(sentence)


def _times_left(sentence: Sentence) -> tuple[str, ...]:
    """Return the times of a question that no period read, from the word that begins them: "since the eclipse"."""
    left = [said for said in sentence.words.said if said.table == "time"]
    typed = sentence.text if len(sentence.text) == len(sentence.free) else sentence.free
    return tuple(" ".join(typed[said.start :].split()[:_SHOWN]).rstrip("?.! ") for said in left)


def _names(sentence: Sentence, frame: Frame, record: PatientRecord) -> Iterator[str]:
    """Yield what is looked for though it is not the name of anything, as far as is known."""
    named = {mention.text for mention in sentence.mentions}
    if frame.reason and frame.reason not in named and not _known(frame.reason, "condition", record):
        yield frame.reason
    words = frame.concept
    if not words or words in named or frame.kind == "coverage" or _known(words, frame.kind, record):
        return
    if not is_name(words) or near_a_name(words):
        yield words


def is_name(words: str) -> bool:
    """Tell whether words may be the name of something that nobody here knows: a long word is, "27" and "PCOS" are not.

    >>> is_name("sarcoidosis"), is_name("27"), is_name("Rx'd"), is_name("PCOS")
    (True, False, False, False)
    """
    parts = words.split()
    if any(part.isalpha() and len(part) > 1 and not _VOWELS.search(part) for part in parts):
        return False
    letters = [part for part in parts if _LETTERS.fullmatch(part.strip(".,;:?!-()")) or "-" in part]
    longest = max(map(len, letters), default=0)
    abbreviated = len(parts) == 1 and words.isupper() and longest <= _SHORTEST_NAME + 1
    return longest >= _SHORTEST_NAME and not abbreviated


def near_a_name(words: str) -> bool:
    """Tell whether words are nearly what people call something known: "ear infxn" may be an ear infection."""
    said = words.casefold()
    near = extractOne(said, _phrases(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return near is not None or any(_shortens(said.split(), phrase.split()) for phrase in _phrases())


_NEAR = 90
_SAME_START = 3


def _shortens(said: list[str], phrase: list[str]) -> bool:
    """Tell whether some words of a phrase are said, and the others shortened."""
    if len(said) != len(phrase) or not set(said) & set(phrase):
        return False
    return all(
        one == other or (len(one) < len(other) and one[:_SAME_START] == other[:_SAME_START])
        for one, other in zip(said, phrase, strict=True)
    )


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(sorted({" ".join(phrase) for phrase in lexicon().phrases}))


def _known(words: str, kind: str, record: PatientRecord) -> bool:
    known = any(lexicon().phrases.get(stems(said)) for said in variants(tokens(words)))
    return known or bool(kind and link(words, record, types_of(kind)))
