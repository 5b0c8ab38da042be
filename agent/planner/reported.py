"""Questions about one value of a report: "what was the MCHC in the last CBC report?" -> that test, in that report."""

import re
from dataclasses import replace

from agent.planner.frame import Frame
from agent.planner.naming import topic_mentions
from agent.planner.sentence import Sentence
from tools.concepts import Mention

_REPORT = re.compile(
    r",?\s*(?:(?:the\s+)?(?:last|latest|most recent|first|earliest)\s+)?(?:panel\s+)?reports?\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|earliest|initial)\b[^¤]*$", re.IGNORECASE)


def in_a_report(sentence: Sentence, base: Frame) -> Frame | None:
    """Return the measurement of a test in a report, or None if the question does not name both."""
    named = topic_mentions(sentence)
    report = next((mention for mention in named if _is_report(sentence, mention)), None)
    test = next(
        (mention for mention in named if mention is not report and "Observation" in mention.kinds), None
    )
    if not report or not test or base.give not in ("", "detail"):
        return None
    which = "first" if _FIRST.search(sentence.free[: report.start]) else "last"
    period = f"in the {which} {report.text} report"
    return replace(base, topic="measure", give="", kind="observation", concept=test.text, period=period)


def _is_report(sentence: Sentence, mention: Mention) -> bool:
    return "DiagnosticReport" in mention.kinds and bool(_REPORT.match(sentence.text, mention.end))
