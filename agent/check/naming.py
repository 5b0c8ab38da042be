"""A statement and the facts it cites -> the names in it by which the linkers find these facts: "HCTZ", "eGFR"."""

from collections.abc import Sequence

from agent.check.points import Point
from agent.check.support import Support
from agent.check.tokens import tokens
from tools.concepts import link, mentions
from tools.record import PatientRecord


def named_otherwise(text: str, points: Sequence[Point], record: PatientRecord) -> Support:
    """Return the words of names that mean a cited fact, and no other thing that is recorded, though it has other words.

    Args:
        text: the statement, without its citations.
        points: the facts that it cites.
        record: the patient's record.
    """
    kinds = tuple(dict.fromkeys(p.entry.kind for p in points if p.entry))
    cited = {p.entry.display for p in points if p.entry}
    found: set[str] = set()
    for mention in mentions(text, record, kinds) if kinds else ():
        readings = link(mention.text, record, kinds)
        if (
            readings
            and readings[0].how != "class"
            and any(term.display in cited for term in readings[0].terms)
        ):
            found.update(tokens(mention.text).words)
    return Support(frozenset(found))
