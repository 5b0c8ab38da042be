"""The parts of a question -> its frame: the first reader that recognises its topic wins."""

import re

from agent.planner.asking import asked
from agent.planner.entries import entries
from agent.planner.events import two_events
from agent.planner.frame import Frame
from agent.planner.insurance import insurance
from agent.planner.measuring import measurement
from agent.planner.naming import VISIT_ASKED, topic_mentions
from agent.planner.overviews import money, notes, overview, timeline
from agent.planner.person import profile
from agent.planner.readings import days_ago, two_readings
from agent.planner.reported import in_a_report
from agent.planner.sentence import Sentence, with_clause_as_topic

READERS = (
    overview,
    insurance,
    two_readings,
    days_ago,
    in_a_report,
    two_events,
    profile,
    money,
    notes,
    timeline,
    measurement,
    entries,
)


_STAY = re.compile(r"(?:after|following|from)\b.*\b(?:stay|admission|hospitali[sz]ation)", re.IGNORECASE)


def _left_after_it(sentence: Sentence) -> bool:
    """Tell "when did she leave hospital after her last stay?", whose clause is what is asked about."""
    return sentence.has("discharge") and any(_STAY.fullmatch(clause.text) for clause in sentence.anchored)


def frame_of(sentence: Sentence) -> Frame:
    """Return what the question asks for. A frame with topic "nothing" says that it was not understood."""
    give = asked(sentence)
    hung = give in ("age", "duration") or VISIT_ASKED.search(sentence.free) or _left_after_it(sentence)
    if hung and sentence.anchored and not topic_mentions(sentence):
        sentence = with_clause_as_topic(sentence)
    base = Frame(give=give, period=sentence.periods[0].text if sentence.periods else "")
    return next((frame for reader in READERS if (frame := reader(sentence, base)) is not None), base)
