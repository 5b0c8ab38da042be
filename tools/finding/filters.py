"""Words for status, category and reason -> which entries they keep.

The words are those of clinicians ("past", "emergency", "labs") or of FHIR R4 ("resolved", "EMER"). What
counts is what the record says: a test filed under another category stays there.
"""

from collections.abc import Callable, Iterable
from functools import cache

from tools.calls.errors import BadArgument
from tools.concepts import link
from tools.concepts.lexicon import lexicon
from tools.concepts.wording import stems, tokens
from tools.entries.entry import Entry, Link
from tools.measuring.series import Point, judged
from tools.record import PatientRecord
from tools.wording.text import normal, words

Keep = Callable[[Entry], bool]

ACTIVE = frozenset({"active", "recurrence", "relapse", "in-progress", "accepted"})
_FLAGS = frozenset({"abnormal", "high", "low", "normal"})
_AHEAD = frozenset({"draft", "planned", "proposed", "on-hold", "unknown", "booked", "pending", ""})
_STATUS_WORDS = {
    "current": "active",
    "currently active": "active",
    "ongoing": "active",
    "open": "active",
    "past": "past",
    "former": "past",
    "previous": "past",
    "not active": "past",
    "inactive": "past",
    "ended": "past",
}
_STATUSES = ACTIVE | _AHEAD - {""}
_STATUSES |= frozenset(
    {
        "remission",
        "resolved",
        "stopped",
        "completed",
        "cancelled",
        "finished",
        "final",
        "preliminary",
        "amended",
    }
    | {"corrected", "available", "current", "superseded", "registered", "arrived", "triaged", "onleave"}
    | {"suspended", "rejected", "revoked", "retired", "partial", "intended"}
)
_CATEGORY_WORDS: dict[str, frozenset[str]] = {
    "inpatient": frozenset({"imp", "acute", "nonac", "inpatient"}),
    "emergency": frozenset({"emer", "emergency"}),
    "ambulatory": frozenset({"amb", "ambulatory", "outpatient"}),
    "virtual": frozenset({"vr", "virtual"}),
    "home": frozenset({"hh", "home", "home health"}),
    "laboratory": frozenset({"laboratory", "lab"}),
    "imaging": frozenset({"imaging", "rad", "radiology"}),
    "wellness": frozenset({"wellness"}),
}
_CATEGORY_SYNONYMS = {
    "hospital": "inpatient",
    "admission": "inpatient",
    "hospitalization": "inpatient",
    "hospitalisation": "inpatient",
    "er": "emergency",
    "ed": "emergency",
    "emergency room": "emergency",
    "outpatient": "ambulatory",
    "office": "ambulatory",
    "telehealth": "virtual",
    "home health": "home",
    "lab": "laboratory",
    "labs": "laboratory",
    "radiology": "imaging",
    "vitals": "vital signs",
    "vital": "vital signs",
    "preventive": "wellness",
    "checkup": "wellness",
    "check up": "wellness",
    "drug": "medication",
}
_WELLNESS = (
    "wellness",
    "well child",
    "check up",
    "checkup",
    "general examination",
    "preventive",
    "annual physical",
)


def status_filter(status: str | None) -> Keep:
    """Return the test for a status word.

    Raises:
        BadArgument: neither a word for active or past, nor a FHIR status.
    """
    if status is None:
        return lambda entry: True
    word = normal(status)
    word = _STATUS_WORDS.get(word, word.replace(" ", "-"))
    if word == "active":
        return is_active
    if word == "past":
        return lambda entry: entry.status not in ACTIVE | _AHEAD
    if word in _FLAGS:
        return lambda entry: _flagged(entry, word)
    if word not in _STATUSES:
        raise BadArgument("status", status, "active, past, abnormal or a FHIR status", "resolved")
    return lambda entry: entry.status == word


def _flagged(entry: Entry, word: str) -> bool:
    """Whether the record's range or flag says so of a value; what it does not judge is neither."""
    flag = judged(Point(entry))
    return flag not in (None, "normal") if word == "abnormal" else flag == word


def is_active(entry: Entry) -> bool:
    """Tell whether the record's own status says that it goes on."""
    return entry.status in ACTIVE


def category_filter(category: str | None) -> Keep:
    """Return the test for a category word: the entry's category or class, else a word of its name."""
    if category is None:
        return lambda entry: True
    word = _spaced(category)
    word = _CATEGORY_SYNONYMS.get(word, word)
    codes = _CATEGORY_WORDS.get(word, frozenset({word}))
    named = _WELLNESS if word == "wellness" else () if word in _CATEGORY_WORDS else (word,)

    @cache
    def filed(recorded: tuple[str, ...]) -> bool:
        return any(_spaced(label) in codes for label in recorded)

    return lambda entry: filed(entry.category) or any(name in _spaced(entry.display) for name in named)


@cache
def _spaced(text: str) -> str:
    return normal(text).replace("-", " ")


def reason_filter(reason: str | None, record: PatientRecord, *, broadly: bool = False) -> Keep:
    """Return the test whether an entry, or the encounter it belongs to, was for `reason`.

    Broadly: also for a condition whose longer name holds its words, "Childhood asthma" of "asthma".
    """
    if reason is None:
        return lambda entry: True
    readings = link(reason, record, ("Condition",))[:1]
    wanted = {entry.reference for reading in readings for entry in reading.entries}
    names = {normal(term.display) for reading in readings for term in reading.terms}
    meant = lexicon().concepts(stems(tokens(reason)), "Condition")

    def meets(links: Iterable[Link]) -> bool:
        return any(
            to.reference in wanted
            or normal(to.display) in names
            or _mentions(display(to), reason)
            or any(c in meant for c in lexicon().concepts(stems(tokens(to.display)), "Condition"))
            for to in links
        )

    def display(to: Link) -> str:
        target = record.get(to.reference) if broadly and not to.display else None
        return target.display if target else to.display

    def keep(entry: Entry) -> bool:
        visit = None if entry.reasons else record.get(entry.encounter)
        return meets(visit.reasons if visit else entry.reasons)

    return keep


def mention_filter(text: str, record: PatientRecord) -> Keep:
    """Return the test whether an entry names `text` as its reason, person, place or part."""
    for_it = reason_filter(text, record)

    def named(to: Link) -> bool:
        target = None if to.display else record.get(to.reference)
        return _mentions(to.display or (target.display if target else ""), text)

    return lambda entry: for_it(entry) or any(map(named, (*entry.who, *entry.where, *entry.parts)))


def _mentions(display: str, text: str) -> bool:
    wanted = set(words(text)) - {"dr", "doctor"}
    return bool(wanted) and wanted <= set(words(display))
