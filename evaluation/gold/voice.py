"""A wording with places -> the question in the clinician's or in the patient's own voice.

A place in braces is a slot of the question ({x}), or a word that follows the voice: {I} {me} {my}, and the verbs
{am} {was} {have} {do}; a capital letter stays one: "{Was} {I} ever given {x}?" is "Was Ann Lee ever given aspirin?",
"Was she ever given aspirin?" and "Was I ever given aspirin?". A slot that is empty takes the blank before it along.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PLACE = re.compile(r" ?\{(\w+)\}")
_NAMES = ("I", "me", "my", "My")
_VERBS = {"am": "is", "was": "was", "have": "has", "do": "does"}


@dataclass(frozen=True, slots=True)
class Voice:
    """How a speaker names the patient: nominative, accusative, possessive; verbs are those of the third person.

    Attributes:
        view: "clinician" or "patient".
        again: how the patient is called when named a second time, None if in the same way.
    """

    view: str
    subject: str
    object: str
    possessive: str
    again: "Voice | None" = None

    def word(self, place: str) -> str | None:
        """Return the word for a place, None if it does not follow the voice."""
        if place == "I":
            return self.subject
        said = {"me": self.object, "my": self.possessive, **self._verbs}.get(place.lower())
        return said[0].upper() + said[1:] if said and place[0].isupper() else said

    @property
    def _verbs(self) -> dict[str, str]:
        return _VERBS if self.view == "clinician" else {verb: verb for verb in _VERBS}


OWN = Voice("patient", "I", "me", "my")
THE_PATIENT = Voice("clinician", "the patient", "the patient", "the patient's")
SHE = Voice("clinician", "she", "her", "her")
HE = Voice("clinician", "he", "him", "his")


def clinicians(full_name: str, gender: str) -> tuple[Voice, ...]:
    """Return the voices in which a clinician may ask about a patient."""
    spoken = {"female": SHE, "male": HE}.get(gender)
    by_name = Voice("clinician", full_name, full_name, f"{full_name}'s", spoken)
    return (THE_PATIENT, by_name, spoken) if spoken else (THE_PATIENT, by_name)


def said(wording: str, voice: Voice, slots: Mapping[str, str]) -> str:
    """Return a wording in a voice, its slots filled.

    Raises:
        KeyError: a place is neither a word of the voice nor a slot.

    >>> said("{Have} {I} had {my} {x} checked {period}?", OWN, {"x": "LDL", "period": ""})
    'Have I had my LDL checked?'
    """
    speaking = voice

    def filled(place: re.Match[str]) -> str:
        nonlocal speaking
        blank = " " if place[0].startswith(" ") else ""
        text = speaking.word(place[1]) or slots[place[1]]
        if place[1] in _NAMES:
            speaking = voice.again or voice
        return blank + text if text else ""

    text = _PLACE.sub(filled, wording).strip()
    return text[0].upper() + text[1:]
