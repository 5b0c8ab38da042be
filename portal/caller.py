"""Who is asking, as every part of the portal sees it: authentication turns a request into a `Caller`."""

from dataclasses import dataclass

from tools.calls.errors import AssistantError


class NotAllowed(AssistantError):
    """The caller is known, but may not have this. The message names no patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody, or some program, that may ask.

    Attributes:
        subject: stable and unique, e.g. "local", "key:ward-portal", "user:https://ehr.example.org/Practitioner/7".
            Conversations belong to a subject; it goes into the trail.
        name: for people.
        patient: "Patient/…", the only one this caller may see; "" is any.
        session: key of the launch whose records are read, "" for the records the portal was started with.
    """

    subject: str
    name: str = ""
    patient: str = ""
    session: str = ""

    def may_see(self, reference: str) -> bool:
        """Tell whether the caller may see the patient "Patient/…"."""
        return self.patient in ("", reference)


LOCAL = Caller(subject="local", name="This computer")
"""Whoever reaches a portal that listens on this computer alone and has no authentication configured."""
