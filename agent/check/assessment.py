"""An assessment and the evidence -> those of its sentences that rest on nothing."""

from collections.abc import Sequence

from agent.findings import Assessment
from agent.state import Unsupported
from tools.calls.evidence import Evidence
from tools.record import PatientRecord


def check_assessment(
    assessment: Sequence[Assessment], evidence: Sequence[Evidence], record: PatientRecord, question: str
) -> tuple[Unsupported, ...]:
    """Return the sentences that may not be said, with the reason."""
    return tuple(Unsupported(each.text, "it rests on no finding") for each in assessment)
