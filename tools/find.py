"""Entries of a kind, by concept, status, category, reason, period -> names, days, counts, what they say.

Left out: values of tests (`measure`), two events compared (`compare`), notes (`notes`), money (`costs`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.concepts import Reading, link
from tools.entries.entry import Entry
from tools.evidence import Evidence, Fact, Scalar
from tools.facts import cut, fact, grouped, head, moment, one_line, within
from tools.filters import Keep, category_filter, mention_filter, reason_filter, status_filter
from tools.gives import Give, added_words, diagnosed_in, distinct, given, visit_asked
from tools.kinds import types_of
from tools.periods import Period, resolve
from tools.record import PatientRecord
from tools.text import normal, words

Pick = Literal["all", "first", "last"]
_BY_MENTION = frozenset(
    {"Encounter", "CarePlan", "CareTeam", "Goal", "DocumentReference", "Coverage", "Claim"}
)
_NO_ALLERGY = frozenset({"716186003", "409137002", "428607008", "429625007", "1003774007"})
_EQUALLY = 0.95
_ONE_BY_ONE = 6
_ABSENT: dict[Give, tuple[Scalar, ...]] = {"exists": (False,), "count": (0,)}
_UNITS: dict[Give, str] = {"days": "days", "age": "years"}
_GROUPED = ("name", "count", "exists", "status")


@dataclass(frozen=True, slots=True)
class _Found:
    """Entries on their way to an answer, with what must be said with them."""

    about: str
    entries: tuple[Entry, ...]
    denials: tuple[Entry, ...] = ()
    readings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find(
    record: PatientRecord,
    kind: str,
    concept: str | None = None,
    *,
    give: Give = "name",
    pick: Pick = "all",
    status: str | None = None,
    category: str | None = None,
    reason: str | None = None,
    period: str | None = None,
) -> Evidence:
    """Find conditions, medications, encounters and other entries.

    Args:
        record: the patient's record.
        kind: a word of `KINDS` or a FHIR type.
        concept: e.g. "diabetes", "statin", "flu shot"; None for any.
        give: what to tell of those found: "name" as recorded, "date" and "end" as ISO days, "days" from start
            to end, "age" in completed years at the start, "count", "exists", or what the entry says.
        pick: by start; entries of the same moment are all taken, undated ones never.
        status: "active", "past" or a FHIR status.
        category: e.g. "inpatient", "emergency", "laboratory", "problem-list-item", "food".
        reason: the condition they were for.
        period: e.g. "in 2015", "during the last admission"; of the end when the end is asked for.

    Returns:
        Evidence; "none recorded" when nothing matches (exists: False, count: 0), "no value" when the entries
        do not say what was asked.

    Raises:
        BadArgument: kind, status or period is not understood.
    """
    arguments = _asked(
        kind=kind,
        concept=concept,
        give=give,
        pick=pick,
        status=status,
        category=category,
        reason=reason,
        period=period,
    )
    types = _types(kind, record)
    when = resolve(period, record) if period else None
    blank = Evidence(
        tool="find", arguments=arguments, outcome="none recorded", coverage=record.coverage(*types)
    )
    if period and when is None:
        missing = f'the record has no such event: "{one_line(period)}"'
        return replace(blank, about=concept or kind, notes=(missing,))
    found = _timed(_named(record, kind, types, concept), give, when)
    kept = _kept(found, (status_filter(status), category_filter(category), reason_filter(reason, record)))
    about = concept and found.about or " ".join(word for word in (status, category, kind) if word)
    blank = replace(blank, about=about, period=when.label if when else "", readings=found.readings)
    if not kept.entries:
        return _nothing(blank, record, give, found if status and concept else kept, status)
    return _something(blank, record, give, kept, pick)


def _asked(**arguments: object) -> dict[str, object]:
    defaults = {"give": "name", "pick": "all"}
    return {
        name: value for name, value in arguments.items() if value is not None and defaults.get(name) != value
    }


def _types(kind: str, record: PatientRecord) -> tuple[str, ...]:
    types = types_of(normal(kind) if not kind[:1].isupper() else kind)
    if "MedicationRequest" in types or "Claim" in types:
        return next(((name,) for name in types if record.counts.get(name)), types[:1])
    return types


def _named(record: PatientRecord, kind: str, types: tuple[str, ...], concept: str | None) -> _Found:
    aside = _aside(record, types, concept)
    if concept is None:
        return _without_denials(_Found(kind, _everything(record, types), notes=aside))
    readings = link(concept, record, types)
    if readings:
        best, others = _chosen(readings)
        entries = _in_order(entry for reading in best for entry in reading.entries)
        return _without_denials(_Found(best[0].label, entries, readings=others, notes=aside))
    if _BY_MENTION.intersection(types):
        named = mention_filter(concept, record)
        return _Found(concept, tuple(e for e in _everything(record, types) if named(e)), notes=aside)
    return replace(_without_denials(_Found(concept, _everything(record, types), notes=aside)), entries=())


def _everything(record: PatientRecord, types: tuple[str, ...]) -> tuple[Entry, ...]:
    if len(types) == 1:
        return record.entries(types[0])
    return _in_order(entry for name in types for entry in record.entries(name))


def _chosen(readings: Sequence[Reading]) -> tuple[list[Reading], tuple[str, ...]]:
    """Return the best reading of each kind, if about as good as the best of all, and the labels of rivals."""
    near = [reading for reading in readings if reading.score >= _EQUALLY * readings[0].score]
    best = list({reading.kind: reading for reading in reversed(near)}.values())[::-1]
    return best, tuple(reading.label for reading in near if reading not in best)


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    once = {entry.reference: entry for entry in entries}
    return tuple(sorted(once.values(), key=moment))


def _aside(record: PatientRecord, types: tuple[str, ...], concept: str | None) -> tuple[str, ...]:
    wanted = set(words(concept or ""))
    counts: dict[str, int] = {}
    for entry in (entry for name in types for entry in record.set_aside(name)):
        if wanted <= set(words(entry.display)):
            reason = entry.void or f"after {record.now.isoformat()}"
            counts[reason] = counts.get(reason, 0) + 1
    return tuple(f"{n} not counted: {reason}" for reason, n in counts.items())


def _without_denials(found: _Found) -> _Found:
    denials = tuple(entry for entry in found.entries if is_denial(entry))
    if not denials:
        return found
    return replace(found, entries=tuple(e for e in found.entries if not is_denial(e)), denials=denials)


def is_denial(entry: Entry) -> bool:
    """Tell whether an allergy entry says that there is none: "No known allergies" is not an allergy."""
    if entry.kind != "AllergyIntolerance":
        return False
    return any(c.code in _NO_ALLERGY for c in entry.codings) or normal(entry.display).startswith("no known")


def _timed(found: _Found, give: Give, period: Period | None) -> _Found:
    if period is None:
        return found
    by_end = give == "end" and not period.encounter
    kept = tuple(e for e in found.entries if (period.span.holds(e.end) if by_end else within(e, period)))
    undated = sum(1 for e in found.entries if e.start is None)
    notes = (f"{undated} without a date could not be placed in the period",) if undated else ()
    return replace(found, entries=kept, notes=found.notes + notes)


def _kept(found: _Found, filters: Sequence[Keep]) -> _Found:
    return replace(found, entries=tuple(e for e in found.entries if all(keep(e) for keep in filters)))


def _nothing(
    blank: Evidence, record: PatientRecord, give: Give, found: _Found, status: str | None
) -> Evidence:
    if any(record.problems.get(cover.kind) and not cover.searched for cover in blank.coverage):
        return replace(blank, outcome="unreadable", notes=found.notes)
    facts = [fact(entry) for entry in (*found.entries, *found.denials)]
    notes = found.notes + tuple(f"the record states: {denial.text}" for denial in map(fact, found.denials))
    if found.entries:
        notes += (f"none of those found is {status}",)
    return replace(
        blank,
        values=_ABSENT.get(give, ()),
        facts=cut(facts),
        total=len(facts),
        references=tuple(entry.reference for entry in (*found.entries, *found.denials)),
        notes=notes,
    )


def _something(blank: Evidence, record: PatientRecord, give: Give, found: _Found, pick: Pick) -> Evidence:
    chosen = found.entries if give in _ABSENT else _picked(found.entries, give, pick)
    values = _values(chosen, give, record)
    facts, kept = _facts(chosen, give, record)
    return replace(
        blank,
        outcome="found" if values else "no value",
        values=values,
        unit=_UNITS.get(give, ""),
        facts=kept,
        total=len(facts),
        references=_references(chosen, give, record),
        notes=found.notes + _cautions(chosen, found.entries, give, pick),
    )


def _picked(entries: tuple[Entry, ...], give: Give, pick: Pick) -> tuple[Entry, ...]:
    ended = tuple(e for e in entries if e.end) if give in ("end", "days") else ()
    dated = tuple(e for e in ended or entries if e.start)
    if pick == "all" or not dated:
        return ended or entries
    moments = [e.start.moment for e in dated if e.start]
    wanted = moments[0] if pick == "first" else moments[-1]
    return tuple(entry for entry, moment in zip(dated, moments, strict=True) if moment == wanted)


def _values(chosen: tuple[Entry, ...], give: Give, record: PatientRecord) -> tuple[Scalar, ...]:
    if give == "count":
        return (len(chosen),)
    if give == "exists":
        return (True,)
    return distinct(value for entry in chosen for value in given(give, entry, record))


def _facts(
    chosen: tuple[Entry, ...], give: Give, record: PatientRecord
) -> tuple[list[Fact], tuple[Fact, ...]]:
    if give in _GROUPED and len(chosen) > _ONE_BY_ONE:
        lines = grouped(chosen)
        return lines, head(lines)
    lines = [fact(entry, added_words(give, entry, record)) for entry in chosen]
    return lines, cut(lines)


def _references(chosen: tuple[Entry, ...], give: Give, record: PatientRecord) -> tuple[str, ...]:
    carriers = [e.reference for e in chosen]
    for entry in chosen:
        visit = visit_asked(give, entry, record)
        carriers += [visit.reference] if visit else []
        if give == "reason" and entry.kind == "Encounter" and not entry.reasons:
            carriers += [e.reference for e in diagnosed_in(entry, record)]
    return tuple(dict.fromkeys(carriers))


def _cautions(
    chosen: tuple[Entry, ...], entries: tuple[Entry, ...], give: Give, pick: Pick
) -> tuple[str, ...]:
    notes = []
    undated = sum(1 for entry in entries if entry.start is None)
    if pick != "all" and undated:
        notes.append(f"{undated} without a date could not be ordered")
    if give in ("age", "days") and any(e.start and e.start.first != e.start.last for e in chosen):
        notes.append(
            f"the start is recorded only as {chosen[0].start.day if chosen[0].start else 'a partial date'}"
        )
    return tuple(notes)
