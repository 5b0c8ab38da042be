"""The sentences in which the assistant speaks of itself: they claim nothing about the patient."""

from agent.plan import Decline

DECLINED: dict[Decline, str] = {
    "advice": "I give no advice: I only report what is in the record",
    "opinion": "I give no opinion: I only report what is in the record",
    "another patient": "I can only report what is in this patient's record, not in another's",
    "not in a record": "A patient's record does not answer this: I only report what is in it",
}
HELD = "The record holds:"
NOT_UNDERSTOOD = (
    "I did not understand what to look for. Ask for something that a record holds: problems, medications, "
    "results, procedures, visits, vaccines, allergies, notes or costs."
)
FALLEN_BACK = "The model's wording said what the record does not support; these are the facts as computed."
FAILED = "Could not be answered:"

OWN = frozenset((HELD, *(f"{part.rstrip('.')}." for part in NOT_UNDERSTOOD.split(". ")), FALLEN_BACK))
"""Sentences that claim nothing, as they stand in a draft."""
