"""What one call of `find` looks for."""

from dataclasses import dataclass

from tools.finding.filters import means_active
from tools.finding.gives import Give
from tools.finding.matching import Relation
from tools.finding.picks import Choice
from tools.finding.windows import Window
from tools.record import PatientRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for: things of a kind and name, what narrows them, when, and what to tell of which of them."""

    record: PatientRecord
    kind: str
    concept: str | None
    status: str | None = None
    category: str | None = None
    reason: str | None = None
    route: str | None = None
    place: str | None = None
    who: str | None = None
    window: Window
    relation: Relation
    choice: Choice

    @property
    def give(self) -> Give:
        """What to tell of the entries."""
        return self.choice.asked.give

    @property
    def active(self) -> bool:
        """Whether only what goes on is meant."""
        return bool(self.status and means_active(self.status))
