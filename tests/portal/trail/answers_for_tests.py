"""Answers, callers and a trail of the tests' own."""

from datetime import UTC, datetime
from pathlib import Path

from agent.answer import Answer, Coverage, PlannedCall, Usage
from portal.caller import Caller
from portal.database import Database
from portal.trail.reading import Kept, Wanted, every
from portal.trail.trail import Trail

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NURSE = Caller(
    subject="user:https://ehr.example.org/fhir/Practitioner/7", name="Rosa Lind", patient="Patient/p1"
)
WARD = Caller(subject="key:ward-portal", name="Ward")
QUESTION = "0123456789abcdef0123456789abcdef"
ANSWER = Answer(
    question="Did Ada Moser ever have an HbA1c above 7 %?",
    patient="Patient/p1",
    now="2026-01-01",
    answer="Yes: 7.1 % on 2018-03-01 [Observation/a0].",
    values=(True,),
    evidence=("Observation/a0", "Observation/a1"),
    coverage=(Coverage(kind="Observation", searched=2),),
    plan=(PlannedCall(tool="measure", arguments={"concept": "HbA1c"}),),
    usage=Usage(model="medgemma-27b"),
)


def a_trail(url: str | Path, *, posts: bool = False) -> tuple[Trail, Database]:
    """A trail in a folder, or at a URL."""
    database = Database(f"sqlite:///{url / 'portal.db'}" if isinstance(url, Path) else url)
    return Trail(database, lambda: NOON, "https://assistant.example.org", posts=posts), database


def kept(database: Database) -> list[Kept]:
    """All events, the oldest first."""
    return list(every(database, Wanted()))[::-1]
