"""What a person types -> the patient meant: id, reference, identifier, name, part of a name, birth date.

The first of these that anybody answers to decides; more than one answer is an error that names them.
"""

import re
import sqlite3
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from tools.errors import UnknownPatient
from tools.records.people import name_key, no_digits

_BIRTH = re.compile(r"\b(?:18|19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b")
_TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof", "patient", "born"}
SHOWN = 5


def find_number(connection: sqlite3.Connection, text: str) -> int:
    """Return the number of the one patient meant.

    Raises:
        UnknownPatient: nobody or several; the message names near matches.
    """
    asked = text.strip()
    if not asked:
        raise UnknownPatient("No patient was named: expected a name, an id or a birth date.")
    for numbers in _answers(connection, asked):
        if len(numbers) == 1:
            return numbers.pop()
        if numbers:
            raise UnknownPatient(_several(connection, asked, numbers))
    raise UnknownPatient(_nobody(connection, asked))


def _answers(connection: sqlite3.Connection, asked: str) -> Iterator[set[int]]:
    reference = asked if asked.startswith("Patient/") else f"Patient/{asked}"
    yield _numbers(
        connection,
        "SELECT p.id FROM patient p JOIN person n ON n.patient = p.id WHERE reference = ?",
        reference,
    )
    system, _, value = asked.rpartition("|")
    yield _numbers(
        connection,
        "SELECT patient FROM identifier WHERE value = ? AND (? = '' OR system = ?)",
        value,
        system,
        system,
    )
    born = _BIRTH.findall(asked)
    people = [row for row in _people(connection) if all(row[2].startswith(day) for day in born)]
    wanted = [w for w in name_key(no_digits(_BIRTH.sub(" ", asked))).split() if w not in _TITLES]
    if not wanted:
        yield {number for number, _, _ in people} if born else set()
        return
    exact = {name_key(asked), " ".join(wanted), " ".join(sorted(wanted))}
    yield {n for n, names, _ in people if exact & {*names.split("\n"), *_sorted(names)}}
    yield {n for n, names, _ in people if any(set(wanted) <= set(one.split()) for one in names.split("\n"))}
    yield {n for n, names, _ in people if any(_begin(wanted, one.split()) for one in names.split("\n"))}


def _sorted(names: str) -> Iterator[str]:
    return (" ".join(sorted(name.split())) for name in names.split("\n"))


def _begin(wanted: list[str], name: list[str]) -> bool:
    return all(len(w) > 1 and any(part.startswith(w) for part in name) for w in wanted)


def _numbers(connection: sqlite3.Connection, query: str, *values: str) -> set[int]:
    return {row[0] for row in connection.execute(query, values)}


def _people(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    return connection.execute("SELECT patient, names, birth FROM person").fetchall()


def _several(connection: sqlite3.Connection, asked: str, numbers: set[int]) -> str:
    lines = sorted(_line(connection, number) for number in numbers)
    more = f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    listed = "; ".join(lines[:SHOWN])
    return f"{asked!r} may be {len(lines)} patients: {listed}{more}. Name one by its reference."


def _nobody(connection: sqlite3.Connection, asked: str) -> str:
    shown = repr(asked if len(asked) <= 80 else asked[:77] + "...")
    unread = connection.execute(
        "SELECT l.position, l.reason, s.name FROM lost l JOIN source s ON s.id = l.source"
        " WHERE l.kind = 'Patient' AND l.reference IN (?, 'Patient/' || ?)",
        (asked, asked),
    ).fetchone()
    if unread:
        return f"{shown} could not be read: {unread[1]} ({unread[2]}, {unread[0]})."
    names = {row[0]: row[1].split("\n")[-1] for row in _people(connection)}
    near = process.extract(name_key(no_digits(asked)), names, scorer=fuzz.WRatio, limit=3, score_cutoff=75)
    lines = "; ".join(_line(connection, number) for _, _, number in near)
    total = len(names)
    hint = (
        f" Near: {lines}." if lines else f" There {'is 1' if total == 1 else f'are {total}'} to choose from."
    )
    return f"No patient answers to {shown}.{hint}"


def _line(connection: sqlite3.Connection, number: int) -> str:
    name, birth, reference = connection.execute(
        "SELECT name, birth, reference FROM person n JOIN patient p ON p.id = n.patient"
        " WHERE n.patient = ? ORDER BY n.source DESC",
        (number,),
    ).fetchone()
    return f"{name}{f', born {birth}' if birth else ''} ({reference})"
