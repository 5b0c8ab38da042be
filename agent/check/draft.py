"""First version: citations only."""

from collections.abc import Sequence

from agent.check.citations import cited
from agent.state import Unsupported
from tools.evidence import Evidence
from tools.record import PatientRecord


def check_draft(
    draft: str, evidence: Sequence[Evidence], record: PatientRecord, question: str
) -> tuple[Unsupported, ...]:
    """Return the statements of `draft` that the evidence does not support."""
    known = {r for e in evidence for r in (*e.references, *(f.reference for f in e.facts))}
    return tuple(Unsupported(r, "not in the evidence") for r in cited(draft) if r not in known)
