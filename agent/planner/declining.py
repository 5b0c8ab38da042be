"""Questions no record can answer: advice, opinions, other people, the world at large."""

from agent.plan import Decline
from agent.planner.sentence import Sentence

_ORDER: tuple[Decline, ...] = ("another patient", "advice", "opinion", "not in a record")


def declined(sentence: Sentence) -> Decline | None:
    """Return why the question is declined, or None."""
    if sentence.stranger:
        return "another patient"
    found = sentence.meanings("decline")
    return next((reason for reason in _ORDER if reason in found), None)
