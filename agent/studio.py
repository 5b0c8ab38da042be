"""The state machine for LangGraph's own tools (`langgraph.json`), over the patients in fhir_fixtures.

Their context is JSON, so it names the patient and the clock; the record is opened from it. Conversations are
kept by the tool itself.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from agent.assistant import Assistant
from agent.context import Writer
from agent.graph import Graph, build
from agent.plan import Planner
from agent.usage import Meter
from tools.record import PatientRecord
from tools.sources import open_location


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The context of a run as JSON can say it: what `Context` is otherwise.

    Attributes:
        patient: id or name of a patient in fhir_fixtures.
        now: ISO day of the clock; "" is today.
    """

    patient: str
    now: str = ""

    @property
    def record(self) -> PatientRecord:
        """The patient's record as of the clock's day."""
        day = date.fromisoformat(self.now) if self.now else datetime.now(UTC).date()
        return _assistant().record(self.patient, day)

    @property
    def planner(self) -> Planner:
        """The built-in planner."""
        return _assistant().planner

    @property
    def writer(self) -> Writer | None:
        """The built-in writer."""
        return None

    @property
    def can_reply(self) -> bool:
        """Whoever runs the tool can."""
        return True

    @property
    def meter(self) -> Meter:
        """One that nobody reads: the tool counts by itself."""
        return Meter()

    @property
    def hear(self) -> None:
        """Nobody: the tool streams the run."""


def graph() -> Graph:
    """Return the state machine whose context names a patient in fhir_fixtures."""
    return build(context_schema=Visit)


@cache
def _assistant() -> Assistant:
    return Assistant(open_location(str(files("fhir_fixtures").joinpath("records"))), model="none")
