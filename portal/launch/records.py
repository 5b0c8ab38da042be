"""A session -> the records of its one patient, as far as the launch was granted them; opened when they are needed."""

import threading
from datetime import date

from portal.access import sessions
from portal.caller import NotAllowed
from portal.desk import OpenSession
from portal.launch.holding import held
from portal.launch.renewing import SessionToken
from portal.launch.scopes import Granted, granted
from portal.portal import Portal
from tools.record import PatientRecord
from tools.sources.live import LiveRecords
from tools.sources.source import Listed, PatientSummary


class LaunchedRecords:
    """The `RecordSource` of a session: one patient, nobody else.

    Args:
        base: the FHIR base URL.
        token: the session's.
        patient: "Patient/…".
        may: what was granted.

    Attributes:
        location: the FHIR base URL.
    """

    def __init__(self, base: str, token: SessionToken, patient: str, may: Granted) -> None:
        self.location = base
        self._token, self._patient, self._may = token, patient, may
        self._opening = threading.Lock()
        self._live: LiveRecords | None = None

    def patients(self) -> list[PatientSummary]:
        """Return the patient.

        Raises:
            SetupError: the server may not be read, or is none.
            UnreadableRecord: they could not be read.
        """
        return self._opened().patients()

    def find(self, text: str) -> PatientSummary:
        """Return the patient, if that is who is meant; raises as `patients`.

        Raises:
            UnknownPatient: somebody else is.
        """
        return self._opened().find(text)

    def search(self, text: str, most: int) -> Listed:
        """Return the patient, if every word may mean them; raises as `patients`."""
        return self._opened().search(text, most)

    def open(self, reference: str, now: date) -> PatientRecord:
        """Return the record of "Patient/…" as of `now`; raises as `patients`.

        Raises:
            WrongPatient: another patient is asked for.
        """
        return self._opened().open(reference, now)

    def _opened(self) -> LiveRecords:
        with self._opening:
            if self._live is None:
                self._live = LiveRecords(
                    self.location,
                    self._token,
                    only=self._patient,
                    granted=self._may.kinds,
                    partly=self._may.parts,
                )
            return self._live


def opener(portal: Portal) -> OpenSession:
    """Return what opens the records of a session."""

    def opening(session: str) -> LaunchedRecords:
        kept, caller = held(portal, session), sessions.caller_in(portal, session)
        if caller is None or not caller.patient:
            raise NotAllowed("This session has ended: launch again.")
        return LaunchedRecords(
            kept.iss, SessionToken(portal, session), caller.patient, granted(kept.tokens.scope)
        )

    return opening
