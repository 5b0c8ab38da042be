"""What a person types -> the patient meant: id, reference, a listed line, identifier, name, part of it, birth date.

The first of these that anybody answers to decides; more than one answer is an error that names them.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rapidfuzz import fuzz, process

from tools.calls.errors import UnknownPatient
from tools.sources.people import name_key, no_digits

K = TypeVar("K")

BIRTH = re.compile(r"\b(?:18|19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b")
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
    for numbers in _answers(connection, asked, id_at_the_end(asked)):
        if len(numbers) == 1:
            return numbers.pop()
        if numbers:
            raise UnknownPatient(several(asked, [_line(connection, number) for number in numbers]))
    raise UnknownPatient(_nobody(connection, asked))


def id_at_the_end(text: str) -> str:
    """Return the id with which a patient's line in a list ends, "" if it ends with none; one word may be an id.

    >>> id_at_the_end("María Abreu, female, born 1970-03-01 (Patient/1)"), id_at_the_end("María  female  p1")
    ('1', 'p1')
    >>> id_at_the_end("María Abreu"), id_at_the_end("abreu")
    ('', 'abreu')
    """
    *before, last = text.split()
    identity = last.strip("()").removeprefix("Patient/")
    return identity if not before or identity != last or any(map(str.isdigit, last)) else ""


def _answers(connection: sqlite3.Connection, asked: str, identity: str) -> Iterator[set[int]]:
    yield _numbers(
        connection,
        "SELECT p.id FROM patient p JOIN person n ON n.patient = p.id WHERE reference IN (?, ?)",
        f"Patient/{identity}",
        asked,
    )
    system, _, value = asked.rpartition("|")
    yield _numbers(
        connection,
        "SELECT patient FROM identifier WHERE value = ? AND (? = '' OR system = ?)",
        value,
        system,
        system,
    )
    yield from by_words(asked, _people(connection))


def by_words(asked: str, people: Sequence[tuple[K, str, str]]) -> Iterator[set[K]]:
    """Yield whom a name, a part of it or a birth date means, the strictest reading first.

    Args:
        asked: e.g. "Ann Lee", "lee 1970", "1970-03-01".
        people: whoever may be meant, the names as `Person.names`, and the birth date.
    """
    born, wanted = BIRTH.findall(asked), wanted_words(asked)
    for day in born:
        people = [row for row in people if row[2].startswith(day)]
    if not wanted:
        yield {key for key, _, _ in people} if born else set()
        return
    exact = {name_key(asked), " ".join(wanted), " ".join(sorted(wanted))}
    yield {key for key, names, _ in people if exact & {*names.split("\n"), *_sorted(names)}}
    yield {
        key for key, names, _ in people if any(set(wanted) <= set(one.split()) for one in names.split("\n"))
    }
    yield {key for key, names, _ in people if any(_begin(wanted, one.split()) for one in names.split("\n"))}


def wanted_words(asked: str) -> list[str]:
    """Return the words of a name in what was typed, without titles and birth dates."""
    return [w for w in name_key(no_digits(BIRTH.sub(" ", asked))).split() if w not in _TITLES]


def several(asked: str, lines: Sequence[str]) -> str:
    """Say that more than one patient may be meant, and which."""
    more = f"; and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    listed = "; ".join(sorted(lines)[:SHOWN])
    return f"{asked!r} may be {len(lines)} patients: {listed}{more}. Name one by its reference."


def shortened(asked: str) -> str:
    """Return what was typed, quoted, not too long for a message."""
    return repr(asked if len(asked) <= 80 else asked[:77] + "...")


def _sorted(names: str) -> list[str]:
    return [" ".join(sorted(name.split())) for name in names.split("\n")]


def _begin(wanted: list[str], name: list[str]) -> bool:
    return all(len(w) > 1 and any(part.startswith(w) for part in name) for w in wanted)


def _numbers(connection: sqlite3.Connection, query: str, *values: str) -> set[int]:
    return {row[0] for row in connection.execute(query, values)}


def _people(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    return connection.execute("SELECT patient, names, birth FROM person").fetchall()


def _nobody(connection: sqlite3.Connection, asked: str) -> str:
    shown = shortened(asked)
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
