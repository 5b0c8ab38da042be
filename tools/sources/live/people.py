"""What a person types -> the patient of a server that is meant.

A reference is read; ids, identifiers, names and birth dates are searched for by POST, so that what was typed stands
in no address. The rules by which a name means somebody are those of `finding`.
"""

import re
from dataclasses import replace
from typing import Any

import httpx

from tools.calls.errors import SetupError, UnknownPatient, WrongPatient
from tools.sources.finding import BIRTH, by_words, id_at_the_end, several, shortened, wanted_words
from tools.sources.live.searching import Row, link_of, rows_of, to_the_end, total_of
from tools.sources.live.server import Form, Server
from tools.sources.live.trouble import Gone, NotServed
from tools.sources.people import Person, person_of
from tools.sources.source import Listed, PatientSummary, answers_to, listed
from tools.sources.validation import check

MOST = 2000
"""Patients that are listed."""
_ID = re.compile(r"(?!\.+$)[A-Za-z0-9.-]{1,64}")
_REFERENCE = re.compile(rf"Patient/{_ID.pattern}")


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
        people = _people(await self._everybody())
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
        if _REFERENCE.fullmatch(asked):
            return summary(person_of(await self.read(asked)))
        for search in (self._by_id, self._by_identifier, self._by_name):
            if found := await search(asked):
                return summary(_only(asked, found))
        raise UnknownPatient(f"No patient answers to {shortened(asked)}.")

    async def some(self, text: str, most: int) -> Listed:
        """Return whom an id, identifier, name, part of it or birth date may mean, by name; "" means anybody.

        Raises:
            UnknownPatient: more than are listed.
            Trouble: they could not be read.
        """
        asked = text.strip().removeprefix("Patient/")
        if not asked:
            return await self._first(most)
        for search in (self._by_id, self._by_identifier, self._by_part):
            if found := await search(asked):
                return listed(map(summary, found), most)
        return Listed((), 0)

    async def read(self, reference: str) -> dict[str, Any]:
        """Return a Patient resource.

        Raises:
            UnknownPatient: there is none, or it is not valid.
            Trouble: it could not be read.
        """
        unknown = UnknownPatient(f"No patient has the reference {reference!r}.")
        if not _REFERENCE.fullmatch(reference):
            raise unknown
        try:
            patient = await self._server.get(reference)
        except Gone:
            raise unknown from None
        if reason := check(patient).refused:
            raise UnknownPatient(f"{reference} could not be read: {reason}.")
        if f"{patient['resourceType']}/{patient.get('id')}" != reference:
            raise WrongPatient(f"{self._server.name} gave something else for {reference}.")
        return patient

    async def _by_id(self, asked: str) -> list[Person]:
        asked = id_at_the_end(asked)
        rows = await self._search({"_id": asked}) if _ID.fullmatch(asked) else []
        found = [row for row in rows if row.get("id") == asked]
        if reason := next(filter(None, (check(row).refused for row in found)), ""):
            raise UnknownPatient(f"Patient/{asked} could not be read: {reason}.")
        return _people(found)

    async def _by_identifier(self, asked: str) -> list[Person]:
        if " " in asked and "|" not in asked:
            return []
        return _numbered(asked, _people(await self._search({"identifier": asked})))

    async def _by_name(self, asked: str) -> list[Person]:
        return _meant(asked, await self._so_called(asked))

    async def _by_part(self, asked: str) -> list[Person]:
        people = await self._so_called(asked)
        return [person for person in people if _meant(asked, [person])]

    async def _so_called(self, asked: str) -> list[Person]:
        words, born = _words(asked), BIRTH.findall(asked)
        form: dict[str, str | list[str]] = {"name": words} if words else {}
        if born:
            form["birthdate"] = born
        return _people(await self._search(form)) if form else []

    async def _search(self, form: Form) -> list[Row]:
        """Return whoever a server finds; where it cannot search so, everybody."""
        try:
            first = await self._server.find("Patient", {**form, "_count": str(self._server.limits.page)})
            list(rows_of(first, "Patient"))
        except (Gone, NotServed):
            return await self._everybody()
        if _tells(link_of(first, "next"), form):
            raise UnknownPatient("More patients answer to this than are listed. Say more, or name an id.")
        return await to_the_end(self._server, "Patient", first, MOST)

    async def _first(self, most: int) -> Listed:
        """Return the first patients; where there are more than are listed, those that the server gives first."""
        page = await self._server.get("Patient", {"_count": str(max(most, self._server.limits.page))})
        total = total_of(page)
        if total is None or total <= MOST:
            return listed(await self.all(), most)
        return replace(listed(map(summary, _people(list(rows_of(page, "Patient")))), most), total=total)

    async def _everybody(self) -> list[Row]:
        first = await self._server.get("Patient", {"_count": str(self._server.limits.page)})
        total = total_of(first)
        if total is not None and total > MOST:
            raise SetupError(
                f"{self._server.name} has {total} patients, more than are listed ({MOST})."
                " Name one with --patient by its reference, e.g. Patient/123."
            )
        return await to_the_end(self._server, "Patient", first, MOST)


class OnePatient(People):
    """The one patient that who asks may read; nobody is searched for, and nothing of others is asked.

    Args:
        server: where the patient is.
        reference: "Patient/…".
    """

    def __init__(self, server: Server, reference: str) -> None:
        super().__init__(server)
        self._reference = reference

    async def all(self) -> list[PatientSummary]:
        """Return the one patient."""
        return [summary(person_of(await self.read(self._reference)))]

    async def some(self, text: str, most: int) -> Listed:
        """Return the patient, if every word may mean them."""
        return listed([patient for patient in await self.all() if answers_to(patient, text)], most)

    async def one(self, text: str) -> PatientSummary:
        """Return the patient, if that is who is meant.

        Raises:
            UnknownPatient: somebody else is meant, or nobody.
            Trouble: the patient could not be read.
        """
        asked = text.strip()
        if not asked:
            raise UnknownPatient("No patient was named: expected a name, an id or a birth date.")
        person = person_of(await self.read(self._reference))
        if f"Patient/{id_at_the_end(asked)}" == self._reference:
            return summary(person)
        if _numbered(asked, [person]) or _meant(asked, [person]):
            return summary(person)
        raise UnknownPatient(f"No patient answers to {shortened(asked)}: only {self._reference} may be read.")

    async def read(self, reference: str) -> dict[str, Any]:
        """Return the Patient resource.

        Raises:
            WrongPatient: another one is asked for.
            UnknownPatient: it is not there, or not valid.
            Trouble: it could not be read.
        """
        if reference != self._reference:
            raise WrongPatient(f"{shortened(reference)}: only {self._reference} may be read.")
        return await super().read(reference)


def _words(asked: str) -> list[str]:
    """Return the words of a name as they were typed, so that a server knows them: "O'Keefe", "Ruiz-Mata"."""
    typed = re.split(r"[\s,]+", BIRTH.sub(" ", asked))
    return [word for word in typed if wanted_words(word)]


def _tells(link: str, form: Form) -> bool:
    """Tell whether an address has in it what was searched for: it is not asked then."""
    terms = [term for value in form.values() for term in ([value] if isinstance(value, str) else value)]
    shown = {value.casefold() for _, value in httpx.URL(link).params.multi_items()}
    return any(term.casefold() in shown for term in terms)


def _only(asked: str, found: list[Person]) -> Person:
    if len(found) > 1:
        raise UnknownPatient(several(asked, [summary(person).line() for person in found]))
    return found[0]


def _people(rows: list[Row]) -> list[Person]:
    return [person_of(patient) for patient in rows if patient.get("id") and not check(patient).refused]


def _numbered(asked: str, people: list[Person]) -> list[Person]:
    system, _, value = asked.rpartition("|")
    return [
        person
        for person in people
        if any(value == own and system in ("", of) for of, own in person.identifiers)
    ]


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
