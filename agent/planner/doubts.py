"""Words that could mean several tests of this record equally well -> the question to ask back."""

from agent.planner.frame import Frame
from tools.concepts import link
from tools.record import PatientRecord

_AS_GOOD = 0.02
"""Readings whose scores differ by no more are equally good."""
_MOST = 5


def options_for(frame: Frame, record: PatientRecord) -> tuple[str, ...]:
    """Return the readings to choose from, as the record names them; () when the words are clear.

    Only tests are asked back: several drugs or diagnoses under one word are all meant.
    """
    if frame.topic != "measure" or not frame.concept:
        return ()
    readings = link(frame.concept, record, ("Observation",))
    rivals = [r for r in readings if r.how == "part" and r.score >= readings[0].score - _AS_GOOD]
    return tuple(reading.label for reading in rivals[:_MOST]) if len(rivals) > 1 else ()


def question_back(frame: Frame) -> str:
    """Return the clarifying question."""
    return f"Which do you mean by “{frame.concept}”?"
