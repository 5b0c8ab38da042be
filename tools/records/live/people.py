"""What a person types -> the patient of a server that is meant.

An id or reference is read; identifiers, names and birth dates are searched for by POST, so that they stand in no
address. The rules by which a name means somebody are those of `finding`.
"""

import re
from typing import Any

from tools.errors import SetupError, UnknownPatient
from tools.records.finding import BIRTH, by_words, several, shortened, wanted_words
from tools.records.live.searching import Row, to_the_end
from tools.records.live.server import Server
from tools.records.live.trouble import Gone, NotServed
from tools.records.people import Person, person_of
from tools.records.source import PatientSummary
from tools.records.validation import reason_invalid

MOST = 2000
"""Patients that are listed."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


class People:
    """The patients of one server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def all(self) -> list[PatientSummary]:
        """Return all patients, by name.

        Raises:
            SetupError: there are more than are listed.
            Trouble: they could not be read.
        """
        first = await self._server.get("Patient", {"_count": "100"})
        total = first.get("total")
        if isinstance(total, int) and total > MOST:
            raise SetupError(
                f"{self._server.base} has {total} patients, more than are listed ({MOST})."
                " Name one with --patient: an id, an identifier, or a name."
            )
        people = _people(await to_the_end(self._server, "Patient", first, MOST))
        return sorted(map(summary, people), key=lambda p: (p.name.casefold(), p.reference))

    async def one(self, text: str) -> PatientSummary:
        """Return the one patient meant.

        Raises:
            UnknownPatient: nobody, or more than one.
            Trouble: they could not be read.
        """
        asked = text.strip()
        if not asked:
            raise UnknownPatient("No patient was named: expected a name, an id or a birth date.")
        if _ID.fullmatch(asked.removeprefix("Patient/")) and (known := await self._by_id(asked)):
            return summary(known)
        found = await self._by_identifier(asked) or _meant(asked, await self._candidates(asked))
        if len(found) == 1:
            return summary(found[0])
        if found:
            raise UnknownPatient(several(asked, [summary(person).line() for person in found]))
        raise UnknownPatient(f"No patient answers to {shortened(asked)}.")

    async def read(self, reference: str) -> dict[str, Any]:
        """Return a Patient resource.

        Raises:
            UnknownPatient: there is none, or it is not valid.
            Trouble: it could not be read.
        """
        try:
            patient = await self._server.get(reference)
        except Gone:
            raise UnknownPatient(f"No patient has the reference {reference!r}.") from None
        if reason := reason_invalid(patient):
            raise UnknownPatient(f"{reference} could not be read: {reason}.")
        return patient

    async def _by_id(self, asked: str) -> Person | None:
        reference = asked if asked.startswith("Patient/") else f"Patient/{asked}"
        try:
            patient = await self.read(reference)
        except (UnknownPatient, NotServed):
            return None
        return person_of(patient) if f"Patient/{patient['id']}" == reference else None

    async def _by_identifier(self, asked: str) -> list[Person]:
        if " " in asked and "|" not in asked:
            return []
        system, _, value = asked.rpartition("|")
        rows = await self._search({"identifier": asked})
        return [
            person
            for person in _people(rows)
            if any(value == own and system in ("", of) for of, own in person.identifiers)
        ]

    async def _candidates(self, asked: str) -> list[Person]:
        words, born = wanted_words(asked), BIRTH.findall(asked)
        form: dict[str, str | list[str]] = {"name": words} if words else {}
        if born:
            form["birthdate"] = born
        return _people(await self._search(form)) if form else []

    async def _search(self, form: dict[str, str | list[str]]) -> list[Row]:
        first = await self._server.find("Patient", {**form, "_count": "100"})
        return await to_the_end(self._server, "Patient", first, MOST)


def _people(rows: list[Row]) -> list[Person]:
    return [person_of(patient) for _, patient in rows if not reason_invalid(patient) and patient.get("id")]


def _meant(asked: str, people: list[Person]) -> list[Person]:
    by_reference = {person.reference: person for person in people}
    rows = [(person.reference, person.names, person.birth) for person in people]
    found = next(filter(None, by_words(asked, rows)), set[str]())
    return [by_reference[reference] for reference in sorted(found)]


def summary(person: Person) -> PatientSummary:
    """Return a patient as a line of a list; what there is of them is not counted."""
    return PatientSummary(
        reference=person.reference,
        name=person.name,
        birth=person.birth,
        gender=person.gender,
        died=person.died,
        identifiers=tuple(f"{system}|{value}" for system, value in person.identifiers),
    )
