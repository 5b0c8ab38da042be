"""Problems -> since when each was first recorded, where it was entered again later.

Entries of one name, or of one code, are one problem.
"""

from collections.abc import Mapping

from tools.entries.times import When
from tools.record import PatientRecord


def first_recorded(record: PatientRecord) -> Mapping[str, str]:
    """Return "first recorded 2010-05-24" of problems that go on and were entered before; to be asked for `once`.

    Returns:
        the words by the references of the entries.
    """
    first: dict[str, When] = {}
    terms = record.terms("Condition")
    for term in terms:
        for entry in term.entries:
            if entry.start:
                for key in (term.display, *term.codes):
                    if key and (key not in first or entry.start.moment < first[key].moment):
                        first[key] = entry.start
                break  # the oldest of its name
    words: dict[str, str] = {}
    for term in terms:
        onset: When | None = None
        for key in (term.display, *term.codes):
            if key in first and (onset is None or first[key].moment < onset.moment):
                onset = first[key]
        for entry in term.entries:
            if entry.status == "active" and entry.start and onset and onset.last < entry.start.first:
                words[entry.reference] = f"first recorded {onset.text[:10]}"
    return words
