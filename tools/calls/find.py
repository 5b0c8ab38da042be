"""Entries of a kind, by concept, status, category, reason, period -> names, days, counts, what they say.

Left out: values of tests (`measure`), two events compared (`compare`), notes (`notes`), money (`costs`).
"""

from collections import Counter
from dataclasses import replace
from typing import Literal

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Fact, Scalar
from tools.entries.entry import Entry
from tools.finding.filters import category_filter, reason_filter, status_filter
from tools.finding.gives import Give, added_words, diagnosed_in, distinct, given, visit_asked
from tools.finding.matching import Found, filtered, named, recorded_types, timed, undated
from tools.finding.taking import goes_on, taking_types, with_last_given
from tools.periods import resolve
from tools.record import PatientRecord
from tools.wording.facts import cut, fact, grouped, head
from tools.wording.words import one_line

Pick = Literal["all", "first", "last", "most often"]
_ONE_BY_ONE = 6
_ABSENT: dict[Give, tuple[Scalar, ...]] = {
    "exists": (False,),
    "absent": (True,),
    "over": (),
    "count": (0,),
    "distinct": (0,),
}
_OPEN = ("", "unknown")
_TRUTHS = ("exists", "absent", "over")
_UNITS: dict[Give, str] = {"days": "days", "years": "years", "age": "years"}
_GROUPED = ("name", "exists", "absent", "status")
_REACTION = frozenset({"reaction", "severity", "criticality"})


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
    nth: int | None = None,
    part: str | None = None,
) -> Evidence:
    """Conditions, medications, encounters and other entries.

    Args:
        record: the patient's record.
        kind: a word of `KINDS` or a FHIR type.
        concept: e.g. "diabetes", "statin", "flu shot"; None for any.
        give: what to tell of those found: "name" as recorded, "date" and "end" as ISO days, "days" or full "years" from
            start to end, "age" in completed years at the start, "count", how many "distinct" names, whether it
            "exists", is "absent" or is "over" (was, and does not go on), or what the entry says.
        pick: by start; entries of the same moment are all taken, undated ones never. "most often": those of the
            name that is recorded most.
        status: "active", "past" or a FHIR status.
        category: e.g. "inpatient", "emergency", "laboratory", "problem-list-item", "food".
        reason: the condition they were for.
        period: e.g. "in 2015", "during the last admission"; of the end when the end is asked for.
        part: of the details which, e.g. "modality", "body site", "reaction", "activities", "quantity", "insurer".
        nth: only those of the second, third, … day of all that match, e.g. 2.

    Returns:
        Evidence; "none recorded" when nothing matches (exists: False, absent: True, count: 0), "no value" when the
        entries do not say what was asked. Nobody takes a drug after death.

    Raises:
        BadArgument: kind, status or period is not understood, or nth is below 1.
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
        nth=nth,
        part=part,
    )
    if nth is not None and nth < 1:
        raise BadArgument("nth", nth, "a number from 1", "2")
    taken = kind == "medication" and give in _TRUTHS and (give == "over" or status == "active")
    types = taking_types(record) if taken else recorded_types(kind, record)
    when = resolve(period, record) if period else None
    blank = Evidence(
        tool="find", arguments=arguments, outcome="none recorded", coverage=record.coverage(*types)
    )
    if period and when is None:
        missing = f'the record has no such event: "{one_line(period)}"'
        return undated(replace(blank, about=concept or kind), record, missing)
    found = timed(named(record, kind, types, concept), when, by_end=give == "end")
    narrowed = filtered(found, (status_filter(status), category_filter(category)))
    kept = _for_reason(narrowed, reason, record)
    kept = _on_day(kept, nth) if nth else kept
    if taken and give != "over":
        found = with_last_given(found, record, concept)
    about = concept and found.about or " ".join(word for word in (status, category, kind) if word)
    blank = replace(blank, about=about, period=when.label if when else "", readings=found.readings)
    unsaid = _unsaid(found) if give in _TRUTHS and status == "active" and concept else ()
    if not kept.entries and unsaid:
        return _undecided(blank, record, replace(found, entries=unsaid), "whether it goes on is not recorded")
    if not kept.entries:
        return _nothing(blank, record, give, found if status and concept else kept, status)
    if taken and give != "over" and not any(goes_on(entry, record) for entry in kept.entries):
        died = record.patient.died  # nobody takes them, and none of them was ended
        return _undecided(blank, record, kept, f"the patient died{f' on {died.day}' if died else ''}")
    if give == "over":
        return _over(blank, record, kept)
    return _something(blank, record, give, kept, pick, part or "")


def _unsaid(found: Found) -> tuple[Entry, ...]:
    """Return the entries that neither end nor say whether they go on: a status is not required of a Condition."""
    return tuple(entry for entry in found.entries if entry.status in _OPEN and not entry.end)


def _undecided(blank: Evidence, record: PatientRecord, found: Found, why: str) -> Evidence:
    """Return the entries that do not decide whether it goes on, and why."""
    told = replace(found, notes=(*found.notes, why))
    return replace(_something(blank, record, "name", told, "all", ""), outcome="no value", values=())


def _over(blank: Evidence, record: PatientRecord, found: Found) -> Evidence:
    """Return whether none of what was found goes on, with what does, else with all of it."""
    going = tuple(entry for entry in found.entries if goes_on(entry, record))
    if not going and record.may_hide(*(cover.kind for cover in blank.coverage)):
        return replace(blank, outcome="unreadable", notes=found.notes)
    return replace(
        _something(blank, record, "name", replace(found, entries=going or found.entries), "all", ""),
        outcome="found",
        values=(not going,),
    )


def _for_reason(found: Found, reason: str | None, record: PatientRecord) -> Found:
    """Keep what was for a reason by its name, else for one whose longer name holds it."""
    kept = filtered(found, (reason_filter(reason, record),))
    return kept if kept.entries else filtered(found, (reason_filter(reason, record, broadly=True),))


def _on_day(found: Found, nth: int) -> Found:
    """Keep the entries of the nth day."""
    days = sorted({entry.start.first for entry in found.entries if entry.start})
    wanted = days[nth - 1] if nth <= len(days) else None
    kept = tuple(e for e in found.entries if e.start and e.start.first == wanted)
    notes = () if kept else (f"recorded on {len(days)} days only",)
    return replace(found, entries=kept, notes=(*found.notes, *notes))


def _asked(**arguments: object) -> dict[str, object]:
    defaults = {"give": "name", "pick": "all"}
    return {
        name: value for name, value in arguments.items() if value is not None and defaults.get(name) != value
    }


def _nothing(
    blank: Evidence, record: PatientRecord, give: Give, found: Found, status: str | None
) -> Evidence:
    if record.may_hide(*(cover.kind for cover in blank.coverage)):
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


def _something(
    blank: Evidence, record: PatientRecord, give: Give, found: Found, pick: Pick, part: str
) -> Evidence:
    chosen = found.entries if give in _ABSENT else _picked(found.entries, give, pick)
    values = _values(chosen, give, record, part)
    facts, kept = _facts(chosen, give, record, part)
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
    if pick == "most often":
        counts = Counter(entry.display.casefold() for entry in entries)
        most = max(counts.values())
        return tuple(entry for entry in entries if counts[entry.display.casefold()] == most)
    ended = tuple(e for e in entries if e.end) if give in ("end", "days", "years") else ()
    dated = tuple(e for e in ended or entries if e.start)
    if pick == "all" or not dated:
        return ended or entries
    moments = [e.start.moment for e in dated if e.start]
    wanted = moments[0] if pick == "first" else moments[-1]
    return tuple(entry for entry, moment in zip(dated, moments, strict=True) if moment == wanted)


def _values(chosen: tuple[Entry, ...], give: Give, record: PatientRecord, part: str) -> tuple[Scalar, ...]:
    if give == "count":
        return (len(chosen),)
    if give in ("exists", "absent"):
        return (give == "exists",)
    said = distinct(value for entry in chosen for value in given(give, entry, record, part))
    return (len(said),) if give == "distinct" else said


def _facts(
    chosen: tuple[Entry, ...], give: Give, record: PatientRecord, part: str
) -> tuple[list[Fact], tuple[Fact, ...]]:
    if give == "distinct" or (give in _GROUPED and len(chosen) > _ONE_BY_ONE):
        lines = grouped(chosen)
        return lines, head(lines)
    lines = [fact(entry, added_words(give, entry, record, part)) for entry in chosen]
    return lines, cut(lines)


def _references(chosen: tuple[Entry, ...], give: Give, record: PatientRecord) -> tuple[str, ...]:
    carriers = [e.reference for e in chosen]
    for entry in chosen:
        visit = visit_asked(give, entry, record)
        carriers += [visit.reference] if visit else []
        carriers += [entry.encounter] if give == "visit" and entry.encounter else []
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
    if give in ("age", "days", "years") and any(e.start and e.start.first != e.start.last for e in chosen):
        notes.append(
            f"the start is recorded only as {chosen[0].start.day if chosen[0].start else 'a partial date'}"
        )
    if give == "detail" and all(_without_reaction(entry) for entry in chosen):
        notes.append("reaction and severity are not recorded")
    return tuple(notes)


def _without_reaction(entry: Entry) -> bool:
    return entry.kind == "AllergyIntolerance" and _REACTION.isdisjoint(label for label, _ in entry.details)
