"""A statement and the facts it cites -> the names in it by which the linkers find these facts: "HCTZ", "eGFR".

Left out: words of the recorded names themselves, which the facts support or not, and entries whose name speaks.
"""

from collections.abc import Sequence
from functools import lru_cache

from agent.check.points import Point
from agent.check.recorded import speaks
from agent.check.support import Support
from agent.check.tokens import stem, tokens
from agent.check.vocabulary import implied
from tools.concepts import link, mentions
from tools.record import PatientRecord
from tools.wording.text import words

_OTHER_NAMES = ("synonym", "code")


def named_otherwise(
    text: str, points: Sequence[Point], kinds: Sequence[str], record: PatientRecord
) -> Support:
    """Return the words of names that mean a cited fact, and no other thing that is recorded, though it has other words.

    Args:
        text: the statement, without its citations.
        points: the facts that it cites.
        kinds: FHIR resource types among which names are looked up.
        record: the patient's record.
    """
    entries = [p.entry for p in points if p.entry and not speaks(p.entry.display)]
    cited = {e.display for e in entries}
    names = [set(words(e.display)) for e in entries]
    found: set[str] = set()
    for mention in mentions(text, record, kinds) if entries else ():
        best = [reading for kind in kinds for reading in link(mention.text, record, (kind,))[:1]]
        meant = [t.display for r in best if r.how in _OTHER_NAMES for t in r.terms]
        if any(each in cited or any(set(words(each)) <= name for name in names) for each in meant):
            found.update(tokens(mention.text).words)
    return Support(frozenset(found))


@lru_cache(maxsize=4096)
def called(name: str) -> frozenset[str]:
    """Return the words of a name, and those for the same."""
    said = frozenset(map(stem, words(name)))
    return said.union(*(implied().get(word, ()) for word in said))
