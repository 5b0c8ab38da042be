"""A question with marks in the place of its slots: what the network reads.

"When was metformin started?" -> "When was [drug] started?". Left out: what its slots are (`slots`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.reading.marks import mark

SLOT_OF: Mapping[str, str] = {
    "Condition": "problem",
    "MedicationRequest": "drug",
    "MedicationStatement": "drug",
    "MedicationAdministration": "drug",
    "MedicationDispense": "drug",
    "Observation": "test",
    "Procedure": "procedure",
    "Immunization": "vaccine",
    "AllergyIntolerance": "substance",
    "Device": "device",
}
"""FHIR types of names -> their slot; all others are an "item"."""
TYPES_OF_NAMES = (
    "Condition", "MedicationRequest", "MedicationStatement", "MedicationAdministration", "Observation", "Procedure",
    "Immunization", "AllergyIntolerance", "Device", "DiagnosticReport", "ImagingStudy", "CarePlan", "Goal", "Consent",
    "ServiceRequest", "QuestionnaireResponse", "FamilyMemberHistory", "Coverage", "SupplyDelivery",
)  # fmt: skip
"""FHIR types of what a question names."""
_PREFERRED = ("problem", "drug", "test", "procedure", "vaccine", "device", "substance", "item")
"""What a name is taken for where it may be several things."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a question that stands for something.

    Attributes:
        kind: its slot, "drug", "time"; as in the corpus.
        text: as it stands in the question; the recorded name that it may mean where it is only near to one.
        start: where it starts in the question.
        end: where it ends there.
        types: FHIR types that it can be; () if it is no name.
        at: where its mark, or its first word, starts in the text that the network reads.
        value: of a number or ordinal, as the tools take it.
        same: what it means in this record, where another slot of the question may mean that too.
        days: of a time its first and last day, ISO; "" if it has none.
        others: of a name the slots that it may be, too, and how likely it is, beside its own.
        parts: of a test the tests that it is made of, where there is another in the question.
        meant: how likely a name that is only near in meaning to the words is what they mean; 1 of all others.
    """

    kind: str
    text: str
    start: int
    end: int
    types: tuple[str, ...] = ()
    at: int = 0
    value: str = ""
    same: str = ""
    days: tuple[str, str] = ("", "")
    others: tuple[tuple[str, float], ...] = ()
    parts: frozenset[str] = frozenset()
    meant: float = 1.0

    def apart(self, other: "Slot") -> bool:
        """Tell whether this slot and another have no letter of the question in common."""
        return self.end <= other.start or other.end <= self.start


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with marks in the place of its slots.

    Attributes:
        question: as it was read.
        text: what the network reads.
        slots: in the order of the text.
        begins: where the question begins in it, after the one before it.
        near: the same with names that are near in meaning to its words, each with how likely they are meant.
    """

    question: str
    text: str
    slots: tuple[Slot, ...]
    begins: int = 0
    near: tuple[tuple[float, "Marked"], ...] = ()


def with_marks(text: str, slots: Iterable[Slot]) -> Marked:
    """Return a text with a mark in the place of each slot; no two overlap."""
    out, at, placed = "", 0, []
    for slot in sorted(slots, key=lambda slot: slot.start):
        out += text[at : slot.start]
        placed.append(replace(slot, at=len(out)))
        out += mark(slot.kind)
        at = slot.end
    return Marked(text, out + text[at:], tuple(placed))


def kinds_of(types: Sequence[str]) -> tuple[str, ...]:
    """Return the slots that a name may be, the likeliest first: "shingles" is a disease before it is a vaccine.

    >>> kinds_of(("Immunization", "Condition"))
    ('problem', 'vaccine')
    """
    slots = {SLOT_OF.get(name, "item") for name in types}
    return tuple(sorted(slots, key=_PREFERRED.index))
