"""Text and what is recorded as speech -> whether the text says as its own what a text of the record says or orders.

Four words in a row are enough, in any language; all of them where the recorded text has fewer.
"""

from collections.abc import Iterable, Iterator, Sequence

from agent.check.grounds import Grounds
from agent.check.recorded import QUOTED, speaks
from tools.wording.text import words

_RUN = 4
_SHORTEST = 2


def recorded_speech(grounds: Iterable[Grounds]) -> frozenset[tuple[str, ...]]:
    """Return every run of words of what speaks in the evidence."""
    return frozenset(run for g in grounds for text in _speech(g) for run in _runs(words(text)))


def repeats(text: str, speech: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether a text shares a run of words with recorded speech."""
    said = words(text)
    sizes = {len(run) for run in speech}
    return any(said[n : n + size] in speech for size in sizes for n in range(len(said) - size + 1))


def _speech(grounds: Grounds) -> Iterator[str]:
    e = grounds.evidence
    yield from filter(speaks, (e.about, *(value for value in e.values if isinstance(value, str))))
    for fact in e.facts:
        if speaks(fact.display):
            yield fact.display
        yield from (quoted.strip("“”") for quoted in QUOTED.findall(fact.text))
        entry = grounds.record.get(fact.reference)
        if entry is not None and speaks(fact.text):
            yield from (form for form in grounds.repeatable(fact.reference) if form != fact.text)


def _runs(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if len(said) < _RUN:
        if len(said) >= _SHORTEST:
            yield tuple(said)
        return
    for n in range(len(said) - _RUN + 1):
        yield tuple(said[n : n + _RUN])
