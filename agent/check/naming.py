"""A statement and the facts it cites -> the names in it by which the linkers find these facts: "HCTZ", "eGFR".

Left out: words of the recorded names themselves, which the facts support or not, and entries whose name speaks.
"""

from collections.abc import Sequence

from agent.check.points import Point
from agent.check.recorded import speaks
from agent.check.support import Support
from agent.check.tokens import tokens
from tools.concepts import link, mentions
from tools.record import PatientRecord

_OTHER_NAMES = ("synonym", "code")


def named_otherwise(text: str, points: Sequence[Point], record: PatientRecord) -> Support:
    """Return the words of names that mean a cited fact, and no other thing that is recorded, though it has other words.

    Args:
        text: the statement, without its citations.
        points: the facts that it cites.
        record: the patient's record.
    """
    entries = [p.entry for p in points if p.entry and not speaks(p.entry.display)]
    kinds, cited = tuple(dict.fromkeys(e.kind for e in entries)), {e.display for e in entries}
    found: set[str] = set()
    for mention in mentions(text, record, kinds) if kinds else ():
        best = link(mention.text, record, kinds)[:1]
        if any(r.how in _OTHER_NAMES and not cited.isdisjoint(t.display for t in r.terms) for r in best):
            found.update(tokens(mention.text).words)
    return Support(frozenset(found))
