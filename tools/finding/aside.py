"""Entries that are set aside, or are only about a thing -> what they make of a yes or no, and how they are named.

One table: why an entry does not count as the thing -> what follows. Left out: which entries are meant (`matching`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from tools.calls.evidence import Evidence, Fact
from tools.concepts.lexicon import lexicon
from tools.concepts.linking import variants
from tools.concepts.wording import stems, tokens
from tools.entries.entry import Entry
from tools.entries.senses import asked_for
from tools.wording.facts import cut
from tools.wording.lines import line_of
from tools.wording.words import day_of, name_of

Weight = Literal["denies", "mentions", "leaves open", "says nothing"]
"""What an entry makes of the question whether there is such a thing: no; no, and it is named; neither; nothing."""

_WEIGHTS: dict[str, tuple[Weight, str]] = {
    # The record says that it is not so.
    "refuted": ("denies", "refuted"),
    "negated": ("denies", "negated"),
    "not-done": ("denies", "not done"),
    "not done": ("denies", "not done"),
    "declined": ("denies", "declined"),
    "not-taken": ("denies", "not taken"),
    "rejected": ("denies", "rejected"),
    "do not perform": ("denies", "an order not to do it"),
    "none known": ("denies", "none known"),
    # It tells of somebody else, of another time or of another thing.
    "family history": ("mentions", "family history"),
    "no family history": ("mentions", "a family history that is denied"),
    "feared": ("mentions", "a fear"),
    "at risk": ("mentions", "a risk"),
    "screening": ("mentions", "screening"),
    "prevention": ("mentions", "prevention"),
    "teaching": ("mentions", "teaching"),
    "exposure": ("mentions", "exposure"),
    "to stop": ("mentions", "an order to stop it"),
    "proposed": ("mentions", "a proposal"),
    "option": ("mentions", "an option"),
    "planned": ("mentions", "planned"),
    "draft": ("mentions", "a draft"),
    "preparation": ("mentions", "in preparation"),
    "on-hold": ("mentions", "on hold"),
    "cancelled": ("mentions", "cancelled"),
    "revoked": ("mentions", "revoked"),
    "only potential": ("mentions", "only potential"),
    "abandoned": ("mentions", "abandoned"),
    "noshow": ("mentions", "not attended"),
    # It may be so.
    "provisional": ("leaves open", "provisional"),
    "differential": ("leaves open", "a differential diagnosis"),
    "suspected": ("leaves open", "suspected"),
    "history": ("leaves open", "a history of it"),
    "stopped": ("leaves open", "begun and stopped"),
    "registered": ("leaves open", "registered, without a result yet"),
    "subpotent": ("leaves open", "subpotent, a dose that does not count"),
    "no information": ("leaves open", "no information"),
    # It never was.
    "entered-in-error": ("says nothing", "entered in error"),
    "nullified": ("says nothing", "nullified"),
}
REASONS = frozenset(_WEIGHTS)
"""Why entries are set aside, or are only about a thing."""
_MOST_NAMED = 3
STATES, ONLY, CHANGED = "the record states", "only as", "its meaning is changed"
"""How facts begin that say why there is no plain yes or no."""
_SORTS = {"medication": "drug", "drug": "drug", "food": "food", "environment": "environment"}


def reason_of(entry: Entry) -> str:
    """Return why an entry does not count as the thing that it names; "" if it does, or lies after the clock."""
    return entry.void or (entry.sense.how if entry.sense else "")


def weight(entry: Entry) -> Weight:
    """Return what an entry that is set aside makes of a yes or no: what was replaced or is of others says nothing."""
    reason = reason_of(entry)
    return "leaves open" if reason.startswith(CHANGED) else _WEIGHTS.get(reason, ("says nothing", ""))[0]


def is_blanket(entry: Entry) -> bool:
    """Tell whether an entry speaks of a whole kind: "No known allergies", "No information about medications"."""
    return entry.sense is not None and entry.sense.blanket


def is_hedged(entry: Entry, concept: str) -> bool:
    """Tell whether an entry counts but is not the thing that is asked for: "Fear of cancer" is no cancer."""
    sense = entry.sense
    return sense is not None and sense.counts and not asked_for(sense.how, concept)


def concerns(entry: Entry, concept: str | None, category: str | None) -> bool:
    """Tell whether what is said of a whole kind is said of this: a "no known drug allergy" says nothing of nuts."""
    sort = entry.sense.thing if entry.sense else ""
    if not sort:
        return True
    if concept is None:
        return category is None or _SORTS.get(category.casefold(), category.casefold()) == sort
    words = tokens(concept)
    if sort not in ("drug", "food", "environment"):
        return sort in words
    known = [c for said in variants(words) for c in lexicon().phrases.get(stems(said), ())]
    is_drug = any("MedicationRequest" in each.kinds for each in known)
    return not known or is_drug == (sort == "drug")


def reason_words(entry: Entry) -> str:
    """Return why an entry is set aside, in a clinician's words."""
    reason = reason_of(entry)
    return _WEIGHTS[reason][1] if reason in _WEIGHTS else reason


def aside_fact(entry: Entry) -> Fact:
    """Return the line of an entry that is all that there is: "only as provisional: Malignant neoplasm of lung, …"."""
    states = weight(entry) == "denies" or is_blanket(entry)
    why = reason_words(entry)
    lead = STATES if states else why if why.startswith(CHANGED) else f"{ONLY} {why}"
    why = why if states and entry.sense is None else ""
    line = line_of(entry)
    return Fact(f"{lead}: {line}{f', {why}' if why and entry.status != entry.void else ''}", *_source(entry))


def _source(entry: Entry) -> tuple[str, str, str]:
    return entry.reference, entry.display, day_of(entry)


def beside(aside: Sequence[Entry], *, named: bool) -> tuple[str, ...]:
    """Return what is said of entries that are set aside beside those that count, by name if they are few."""
    if not aside:
        return ()
    told = [entry for entry in aside if weight(entry) != "says nothing"]
    blanket = tuple(f"the record also states: {line_of(entry)}" for entry in told if is_blanket(entry))
    others = [entry for entry in told if not is_blanket(entry)]
    if not named or len(others) > _MOST_NAMED:
        counts = Counter(map(reason_of, others))
        return (*(f"{n} not counted: {why}" for why, n in counts.items()), *blanket)
    return (*(f"not counted: {_short(entry)} ({reason_words(entry)})" for entry in others), *blanket)


def never(aside: Iterable[Entry], now: str) -> tuple[str, ...]:
    """Return how many entries never were, or lie after the clock's day."""
    reasons = (reason_of(entry) or f"after {now}" for entry in aside if weight(entry) == "says nothing")
    return tuple(f"{n} not counted: {reason}" for reason, n in Counter(reasons).items())


def left_open(blank: Evidence, told: Sequence[Entry], notes: tuple[str, ...]) -> Evidence:
    """Return the entries that are all that there is of a thing, and do not say that it is so."""
    return replace(
        blank,
        outcome="no value",
        facts=cut(tuple(map(aside_fact, told))),
        total=len(told),
        references=tuple(entry.reference for entry in told),
        notes=notes,
    )


def _short(entry: Entry) -> str:
    day = f", {entry.start.day}" if entry.start else ""
    return f"{name_of(entry.display, entry.kind)}{day}"
