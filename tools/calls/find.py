"""Entries of a kind, by concept, status, category, reason, route, place and time -> names, days, counts, what they say.

Left out: values of tests (`measure`), what is reckoned with several finds (`calculate`), notes (`notes`), money
(`costs`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tools.calls.errors import BadArgument
from tools.calls.evidence import Coverage, Evidence, Fact, Scalar
from tools.calls.operations import Unit
from tools.calls.results import Item, Result
from tools.concepts import link, near_classes
from tools.entries.entry import Entry
from tools.entries.times import parse_when
from tools.finding.aside import aside_fact, beside, concerns, is_blanket, never, reason_of, weight
from tools.finding.conflicts import also_ended, conflicts, ends_before_start
from tools.finding.drugs import beside_current, by_drug, dosed, drug_lines
from tools.finding.elsewhere import (
    Elsewhere,
    elsewhere,
    fact_of,
    lasts,
    placed_elsewhere,
    without_patient,
)
from tools.finding.filters import (
    OF_ENCOUNTER,
    ON_PROBLEM_LIST,
    Keep,
    category_filter,
    means_active,
    means_microbiology,
    means_set_aside,
    place_filter,
    reason_filter,
    route_filter,
    status_filter,
    within_stays,
)
from tools.finding.gives import (
    TYPES,
    Asked,
    Give,
    added_words,
    amount_of,
    carriers,
    distinct,
    elapsed,
    values_of,
)
from tools.finding.lasting import DRUGS, goes_on, until_now
from tools.finding.matching import (
    ANY,
    Found,
    Relation,
    dated_by_encounter,
    filtered,
    named,
    or_examined,
    placed,
    recorded_types,
    undated,
)
from tools.finding.onsets import first_recorded
from tools.finding.windows import Beside, Window, nearest
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import KINDS, types_of
from tools.wording.facts import LIMIT, cut, fact, grouped, head, moment
from tools.wording.words import on_day, one_line

Pick = Literal["all", "first", "last", "nth", "longest", "shortest", "most often"]
Per = Literal["year", "month"]
_ONE_BY_ONE = 6
_MOST_GROUPS = 24
_ABSENT: dict[Give, tuple[Scalar, ...]] = {
    "exists": (False,),
    "absent": (True,),
    "over": (),
    "count": (0,),
    "distinct": (0,),
}
_OPEN = ("", "unknown")
_TRUTHS = ("exists", "absent", "over")
_OF_ENDS = ("end", "end time")
_OF_STARTS = ("date", "time", "age", "duration")
_GROUPED = ("entry", "exists", "absent")
_OF_DRUGS = (*_GROUPED, "count", "distinct")
_LISTED = ("entry", "count", "distinct")
_WITHDRAWN = ("inactive", "resolved")
"""Statuses of a "no known allergy" that holds no longer."""
_OVERLAPPING = frozenset({"condition", "medication", "coverage", "Condition", "Coverage", *DRUGS})
"""Kinds of which a period means that they went on in it."""
_SERVES = {"encounter": "appointment"}
"""Kinds for which another one serves where they hold nothing of what was asked."""
_REACTION = frozenset({"reaction", "severity", "criticality"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Which of the entries that match are meant, and what is asked of them."""

    pick: Pick
    n: int | None
    per: Per | None
    asked: Asked
    drugs: bool = False
    """Whether it is the current drugs: each counts once, however often it was ordered."""


def find(
    record: PatientRecord,
    kind: str,
    concept: str | None = None,
    *,
    give: Give = "entry",
    pick: Pick = "all",
    n: int | None = None,
    status: str | None = None,
    category: str | None = None,
    reason: str | None = None,
    route: str | None = None,
    place: str | None = None,
    period: str | None = None,
    when: Beside | None = None,
    relation: Relation | None = None,
    part: str | None = None,
    per: Per | None = None,
    unit: Unit | None = None,
) -> Evidence:
    """Conditions, medications, encounters and other entries.

    Args:
        record: the patient's record.
        kind: a word of `KINDS`, a FHIR type, or "any": wherever a thing of that name may stand.
        concept: e.g. "diabetes", "statin", "flu shot"; None for any.
        give: what to tell of those found: "entry" by its name as recorded, "date" and "end" as ISO days, "time" and
            "end time" to the minute, "duration" until the end, else until the clock or death where it goes on, "age"
            in completed years at the start, "count", how many "distinct" names, whether it "exists", is "absent" or is
            "over" (was, and does not go on), an "attribute",
            or the "amount" of each, its dose unless part says which, as numbers that can be added up.
        pick: by start; entries of the same moment are all taken, undated ones never; with an end those that have
            one. "most often": those of the name that is recorded most, or with `per` the year or month with most.
        n: with nth which moment, -2 the last but one; with first or last how many moments.
        status: "active", "past", "declined" or a FHIR status, now; with `period` or `when` of what is active: then.
        category: e.g. "inpatient" (hospital stays), "observation", "icu", "ward" (the time in each unit of a stay, by
            its name), "emergency", "laboratory", "problem-list-item", "food".
        reason: the condition they were for.
        route: of a drug, e.g. "oral", "iv".
        place: words of a location or organisation, e.g. "emergency department".
        period: e.g. "in 2015", "during the last admission".
        when: next to what another call found.
        relation: what lies in that time: what is "recorded" for it, what "started" or "ended" in it, what was
            "active" in it (conditions, medications and insurance unless said). With `per` it is the start that counts.
        part: of an attribute which: "reason", "dose", "who", "where", "visit", "status", "route", "detail"
            (everything), or a label as "body site", "reaction", "quantity", "organism", "specimen", "resistant to";
            of stays "main diagnosis", "class", "admission type", "admit source", "discharge disposition", "service",
            "ward", "attending".
        per: a count (or distinct) for each year or month.
        unit: of a duration; days between the two dates if None.

    Returns:
        Evidence; "none recorded" when nothing matches (exists: False, absent: True, count: 0), "no value" when the
        entries do not say what was asked. Nobody takes a drug after death.

    Raises:
        BadArgument: kind, status or period is not understood, or arguments do not go together.
    """
    choice = _Choice(pick=pick, n=n, per=per, asked=Asked(give=_give(give, per), part=part or "", unit=unit))
    _check(choice, kind, concept)
    give = choice.asked.give
    relation = relation or _relation(kind, give, per)
    if relation == "active" and (period or when) and status and means_active(status):
        status = None  # active in that time, not now
    current = kind == "medication" and bool(status and means_active(status))
    choice = replace(choice, drugs=current)
    taken = kind == "medication" and give in _TRUTHS and (give == "over" or status == "active")
    types, meant = _meant(record, kind, concept, every=current or give in _TRUTHS)
    if concept and "Observation" in types and means_microbiology(category):
        meant = or_examined(meant, record, concept)
    blank = Evidence(outcome="none recorded", coverage=record.coverage(*types))
    resolved = resolve(period, record) if period else None
    if period and resolved is None:
        missing = f'the record has no such event: "{one_line(period)}"'
        return undated(replace(blank, about=concept or kind), record, missing)
    window = Window(record, resolved, when)
    everything = dated_by_encounter(meant, record)
    if kind == "device" and concept and give in _OF_STARTS and not any(e.start for e in everything.entries):
        everything = _as_put_in(everything, record, types, concept)
    if "Encounter" in types and (within := within_stays(category)):
        units = [stay for entry in everything.entries for stay in within(entry, record)]
        everything = replace(everything, entries=tuple(sorted(units, key=moment)))
    if means_set_aside(status):
        aside = tuple(entry for entry in everything.aside if reason_of(entry))
        everything = replace(everything, entries=_by_time((*everything.entries, *aside)), aside=())
    found = placed(everything, window, relation)
    if kind in (ANY, "condition") and found.partly and found.entries and give in _TRUTHS:
        note = f"“{concept}” is only a part of the names that are recorded"
        found = replace(found, entries=(), unclear=found.entries, notes=(*found.notes, note))
    filters = (
        status_filter(status, record),
        category_filter(category, record),
        route_filter(route, found.entries),
        place_filter(place, record),
    )
    kept = _numbered(_narrowed(found, filters, reason, window), choice)
    held = _held(found, record, named=bool(concept)) if current else ()
    if held:
        kept = replace(kept, notes=(*kept.notes, *held))
        found = replace(found, notes=(*found.notes, *held))
    if choice.asked.attribute == "dose" and (
        dose := dosed(_picked(kept.entries, choice, record), found.entries)
    ):
        kept = replace(kept, entries=dose[:1], notes=(*kept.notes, dose[1]))
    stated = found.aside if kind != ANY else [entry for entry in found.aside if not is_blanket(entry)]
    kept = replace(kept, aside=_concerned(stated, (concept, category), window, filters[1:]))
    if give in ("exists", "absent") and not status:
        kept = _with_history(kept)
    told = _told(kept, choice, named=bool(concept))
    if taken and give != "over":
        found = _with_last_given(found, record, concept)
    about = concept and found.about or " ".join(word for word in (status, category, kind) if word)
    blank = replace(blank, about=about, period=window.label, relation=relation, readings=found.readings)
    unsaid = _unsaid(found) if give in _TRUTHS and status == "active" and concept else ()
    if not kept.entries and kept.unclear:
        return _undecided(
            blank, record, replace(kept, entries=kept.unclear), *conflicts(kept.unclear, record)
        )
    if not kept.entries and unsaid:
        return _undecided(blank, record, replace(found, entries=unsaid), "whether it goes on is not recorded")
    if not kept.entries and any(weight(entry) == "leaves open" for entry in told):
        return _left_open(blank, record, kept, told)
    if not kept.entries and kind in _SERVES and record.counts.get(types_of(_SERVES[kind])[0]):
        served = find(
            record,
            _SERVES[kind],
            concept,
            give=give,
            pick=pick,
            n=n,
            reason=reason,
            place=place,
            period=period,
            when=when,
            part=part,
            unit=unit,
        )
        if served.outcome == "found":
            return served
    if not kept.entries:
        said = beside([entry for entry in kept.aside if entry not in told], named=False)
        notes = (*kept.notes, *said, *never(kept.aside, record.now.isoformat()))
        past = found.entries if status and concept else ()
        shown = replace(kept, entries=past, aside=told, notes=notes)
        nothing = _nothing(blank, record, choice, shown, "" if held else status)
        listed = everything.entries and relation in ("started", "ended")  # nothing else tells when that was
        if not concept or found.entries or told or listed:
            return nothing
        if kin := _of_its_class(nothing, record, choice, types, concept):
            return kin
        return _elsewhere(nothing, record, choice, types, window, status)
    said = (
        *beside(kept.aside, named=bool(concept)),
        *never(kept.aside, record.now.isoformat()),
        *(also_ended(kept.entries, found.entries) if status and concept and means_active(status) else ()),
        *(_by_list(kept.entries) if not (concept or category or per) and give in _LISTED else ()),
        *conflicts((*kept.entries, *kept.unclear), record),
    )
    kept = replace(kept, notes=(*kept.notes, *said))
    if taken and give != "over" and not any(goes_on(entry, record) for entry in kept.entries):
        died = record.patient.died  # nobody takes them, and none of them was ended
        return _undecided(blank, record, kept, f"the patient died{f' {on_day(died.day)}' if died else ''}")
    if current and record.dead and give != "over":
        return _at_death(blank, record, choice, kept)
    if give == "over":
        return _over(blank, record, kept)
    return _counted(blank, record, choice, kept) if per else _something(blank, record, choice, kept)


def _give(give: Give, per: Per | None) -> Give:
    return "count" if per and give == "entry" else give


def _check(choice: _Choice, kind: str, concept: str | None) -> None:
    """Refuse arguments that do not go together.

    Raises:
        BadArgument: as it says.
    """
    pick, n, give = choice.pick, choice.n, choice.asked.give
    if kind == ANY and not concept:
        raise BadArgument("concept", concept, "a name, as any kind may have it", "diabetes")
    if pick == "nth" and not n:
        raise BadArgument("n", n, "which moment, from 1 or from the end", "-2")
    if n is not None and pick != "nth" and (pick not in ("first", "last") or n < 1):
        raise BadArgument("n", n, "with pick nth which moment, with first or last how many", "2")
    if choice.per and (give not in ("count", "distinct") or pick not in ("all", "most often")):
        raise BadArgument("per", choice.per, "give count or distinct, and pick all or most often", "year")


def _relation(kind: str, give: Give, per: Per | None) -> Relation:
    if give in _OF_ENDS:
        return "ended"
    if per:
        return "started"
    return "active" if kind in _OVERLAPPING else "recorded"


def _meant(
    record: PatientRecord, kind: str, concept: str | None, *, every: bool
) -> tuple[tuple[str, ...], Found]:
    """Return the FHIR types that are read, and what goes by the name in them.

    Of drugs a yes or no, and what is current, reads every type that says what is taken; so does a list where the first
    has none of the name.
    """
    taking = _taking_types(record) if kind == "medication" else ()
    types = taking if taking and every else recorded_types(kind, record)
    found = named(record, kind, types, concept)
    if not concept or found.entries or set(taking) <= set(types):
        return types, found
    return taking, named(record, kind, taking, concept)


def _taking_types(record: PatientRecord) -> tuple[str, ...]:
    """Return the FHIR types that say what is being taken, of those that this record has or could not read.

    A prescription or statement says it by its status; a dose given or dispensed only that it once was.
    """
    return tuple(name for name in DRUGS if record.counts.get(name) or record.problems.get(name)) or DRUGS[:1]


def _with_last_given(found: Found, record: PatientRecord, concept: str | None) -> Found:
    """Return what was found and, where it is given rather than prescribed, when it was given last."""
    given = [
        entry
        for kind in KINDS["administration"]
        if concept and record.counts.get(kind)
        for reading in link(concept, record, (kind,))[:1]
        for entry in reading.entries
    ]
    last = max(given, key=moment, default=None)
    return replace(found, entries=(*found.entries, last)) if last else found


def _by_time(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=moment))


def _by_list(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return how many problems are on the problem list, where others are only diagnoses of a visit."""
    listed = len([entry for entry in entries if ON_PROBLEM_LIST in entry.category])
    of_visits = len([e for e in entries if OF_ENCOUNTER in e.category and ON_PROBLEM_LIST not in e.category])
    return (
        (f"{listed} on the problem list, {of_visits} only of visits (encounter-diagnosis)",)
        if listed and of_visits
        else ()
    )


def _concerned(
    aside: Sequence[Entry], asked: tuple[str | None, str | None], window: Window, filters: Sequence[Keep]
) -> tuple[Entry, ...]:
    """Keep of what is set aside what was asked for: by its time and what narrows it, or by the kind that it denies."""
    concept, category = asked

    def keep(entry: Entry) -> bool:
        if is_blanket(entry):
            return entry.status not in _WITHDRAWN and concerns(entry, concept, category)
        if weight(entry) == "says nothing":
            return True
        return window.places(entry) is not False and all(test(entry) is not False for test in filters)

    return tuple(filter(keep, aside))


def _with_history(found: Found) -> Found:
    """Take what is recorded as a history for something that once was."""
    was = tuple(entry for entry in found.aside if reason_of(entry) == "history")
    aside = tuple(entry for entry in found.aside if entry not in was)
    return replace(found, entries=(*found.entries, *was), aside=aside) if was else found


def _told(found: Found, choice: _Choice, *, named: bool) -> tuple[Entry, ...]:
    """Return what is set aside and must be told where nothing else is found: all that goes by a name, or denies all."""
    telling = named or choice.asked.give in _TRUTHS
    told = (entry for entry in found.aside if telling or is_blanket(entry))
    return tuple(entry for entry in told if weight(entry) != "says nothing")


def _left_open(blank: Evidence, record: PatientRecord, found: Found, told: Sequence[Entry]) -> Evidence:
    """Return the entries that are all that there is of a thing, and do not say that it is so."""
    return replace(
        blank,
        outcome="no value",
        facts=cut(tuple(map(aside_fact, told))),
        total=len(told),
        references=tuple(entry.reference for entry in told),
        notes=(*found.notes, *never(found.aside, record.now.isoformat())),
    )


def _of_its_class(
    nothing: Evidence, record: PatientRecord, choice: _Choice, types: Sequence[str], concept: str
) -> Evidence | None:
    """Return the allergies to drugs of the class that a drug is in, of which none is recorded; None without them.

    Whether one reaches the other, the record does not say, and nothing is denied.
    """
    if tuple(types) != KINDS["allergy"] or choice.asked.give not in _GROUPED:
        return None
    for drugs in near_classes(concept):
        kin = named(record, "allergy", tuple(types), drugs).entries
        if kin:
            why = f"{concept} is a drug of the class {drugs}, to which an allergy is recorded"
            return _undecided(nothing, record, Found(concept, kin, notes=nothing.notes), why)
    return None


def _elsewhere(
    nothing: Evidence,
    record: PatientRecord,
    choice: _Choice,
    types: Sequence[str],
    window: Window,
    status: str | None,
) -> Evidence:
    """Return what kinds that do not list such things say of one that its own kind lacks: yes, no, or neither."""
    other = placed_elsewhere(elsewhere(record, types, nothing.about), window)
    nothing = replace(nothing, coverage=(*nothing.coverage, *_beside(record, types, other)))
    asked = choice.asked.give
    if other.states:
        stated = Found(other.label, tuple(told.entry for told in other.states), notes=nothing.notes)
        blank = replace(nothing, about=other.label)
        lasting = any(lasts(told, record) for told in other.states)
        if asked in _TRUTHS and status and means_active(status) and not lasting:
            return _undecided(blank, record, stated, "whether it goes on is not recorded")
        shown, facts = _something(blank, record, choice, stated), tuple(map(fact_of, other.states))
        return replace(shown, facts=cut(facts), total=len(facts)) if asked in _GROUPED else shown
    if nobodys := without_patient(record, nothing.about):
        known = {cover.kind for cover in nothing.coverage}
        lost = record.coverage(*(kind for kind in nobodys if kind not in known))
        return replace(
            nothing, outcome="unreadable", values=(), result=None, coverage=(*nothing.coverage, *lost)
        )
    told = other.mentions or other.denies or other.family
    if not told or nothing.outcome == "unreadable":
        return nothing
    facts = tuple(map(fact_of, told))
    shown = replace(
        nothing,
        facts=cut(facts),
        total=len(facts),
        references=tuple(each.entry.reference for each in told),
        notes=(*nothing.notes, *other.note),
    )
    open_ = bool(other.mentions) and asked in _TRUTHS
    return replace(shown, outcome="no value", values=(), result=None) if open_ else shown


def _beside(record: PatientRecord, types: Sequence[str], other: Elsewhere) -> tuple[Coverage, ...]:
    read = record.coverage(*(kind for kind in other.kinds if kind not in types))
    return tuple(replace(cover, beside=True) for cover in read)


def _as_put_in(found: Found, record: PatientRecord, types: Sequence[str], concept: str) -> Found:
    """Return the operations that put a device in, where one says when; a Device does not."""
    put_in = tuple(told.entry for told in elsewhere(record, types, concept).states if told.entry.start)
    return replace(found, entries=put_in) if put_in else found


def _unsaid(found: Found) -> tuple[Entry, ...]:
    """Return the entries that neither end nor say whether they go on: a status is not required of a Condition."""
    return tuple(entry for entry in found.entries if entry.status in _OPEN and not entry.end)


def _narrowed(found: Found, filters: Sequence[Keep], reason: str | None, window: Window) -> Found:
    """Keep what passes, what was for a reason (else for one whose longer name holds it), what is nearest in time."""
    passed = filtered(found, filters)
    kept = filtered(passed, (reason_filter(reason, window.record),))
    if not kept.entries:
        kept = filtered(passed, (reason_filter(reason, window.record, broadly=True),))
    if window.beside and window.beside.relation == "nearest":
        kept = replace(kept, entries=tuple(nearest(kept.entries, window.beside, lambda entry: entry.start)))
    return kept


def _numbered(found: Found, choice: _Choice) -> Found:
    """Keep the entries of the nth moment, or of so many first or last ones, where a number is said."""
    if choice.n is None:
        return found
    moments, n = _moments(found.entries), choice.n
    if choice.pick == "nth":
        wanted = moments[n - 1 :][:1] if n > 0 else moments[n:][:1] if -n <= len(moments) else []
    else:
        wanted = moments[:n] if choice.pick == "first" else moments[-n:]
    few = f"recorded {len(moments)} {'time' if len(moments) == 1 else 'times'} only"
    notes = () if len(moments) >= abs(n) else (few,)
    kept = tuple(entry for entry in found.entries if entry.start and entry.start.moment in wanted)
    return replace(found, entries=kept, notes=(*found.notes, *notes))


def _moments(entries: Sequence[Entry]) -> list[datetime]:
    return sorted({entry.start.moment for entry in entries if entry.start})


def _undecided(blank: Evidence, record: PatientRecord, found: Found, *why: str) -> Evidence:
    """Return the entries that do not decide what was asked, and why."""
    told = replace(found, notes=(*found.notes, *why), unclear=())
    shown = _something(blank, record, _ENTRIES, told)
    return replace(shown, outcome="no value", values=(), result=None)


_ENTRIES = _Choice(pick="all", n=None, per=None, asked=Asked(give="entry"))
_DRUGS = replace(_ENTRIES, drugs=True)


def _over(blank: Evidence, record: PatientRecord, found: Found) -> Evidence:
    """Return whether none of what was found goes on, with what does, else with all of it."""
    going = tuple(entry for entry in found.entries if goes_on(entry, record))
    if not going and record.may_hide(*(cover.kind for cover in blank.coverage)):
        return replace(blank, outcome="unreadable", notes=found.notes)
    return replace(
        _something(blank, record, _ENTRIES, replace(found, entries=going or found.entries)),
        outcome="found",
        values=(not going,),
        result=Result(type="truth", truth=not going),
    )


def _held(found: Found, record: PatientRecord, *, named: bool) -> tuple[str, ...]:
    """Return what is said beside current drugs, or beside that there are none."""
    aside = beside_current(found.entries, record, named=named)
    died = (_takes_nothing(record),) if record.dead and found.entries and not named else ()
    return (*died, *aside)


def _takes_nothing(record: PatientRecord) -> str:
    died = record.patient.died
    return f"the patient died{f' {on_day(died.day)}' if died else ''} and takes nothing now"


def _at_death(blank: Evidence, record: PatientRecord, choice: _Choice, found: Found) -> Evidence:
    """Return what a patient who died took at death: nobody takes drugs now, so there are none to count."""
    died, why = record.patient.died, _takes_nothing(record)
    told = found if why in found.notes else replace(found, notes=(*found.notes, why))
    if choice.asked.give in ("count", "distinct"):
        shown = _something(blank, record, _DRUGS, told)
        return replace(
            shown, outcome="none recorded", values=(0,), result=_result(choice, (), (0,), record, ())
        )
    when = f"at death ({died.day})" if died else "at death"
    about = blank.about.removeprefix("active ")
    return _something(replace(blank, about=about, period=when, relation="active"), record, choice, told)


def _nothing(
    blank: Evidence, record: PatientRecord, choice: _Choice, found: Found, status: str | None
) -> Evidence:
    if record.may_hide(*(cover.kind for cover in blank.coverage if not cover.beside)):
        return replace(blank, outcome="unreadable", notes=found.notes)
    facts = [*map(aside_fact, found.aside), *map(fact, found.entries)]
    notes = found.notes
    if found.entries and status:
        notes += (f"none of those found is {status}",)
    values = () if choice.per else _ABSENT.get(choice.asked.give, ())
    return replace(
        blank,
        values=values,
        facts=cut(facts),
        total=len(facts),
        references=tuple(entry.reference for entry in (*found.aside, *found.entries)),
        notes=notes,
        result=_result(choice, (), values, record, ()),
    )


def _something(blank: Evidence, record: PatientRecord, choice: _Choice, found: Found) -> Evidence:
    asked = choice.asked
    chosen = _picked(found.entries, choice, record)
    if not chosen:
        return _undecided(blank, record, found, *_cautions(chosen, found, choice, record))
    values = _values(chosen, asked, record, drugs=choice.drugs)
    total, facts = _facts(chosen, asked, record, drugs=choice.drugs)
    references = tuple(dict.fromkeys([ref for entry in chosen for ref in carriers(asked, entry, record)]))
    return replace(
        blank,
        outcome="found" if values else "no value",
        values=values,
        unit=_unit(asked, chosen),
        facts=facts,
        total=total,
        references=references,
        notes=found.notes + _cautions(chosen, found, choice, record),
        result=_result(choice, chosen, values, record, references),
    )


def _unit(asked: Asked, chosen: Sequence[Entry]) -> str:
    """Return the unit of the values; of amounts that of all of them, "" where they differ."""
    if asked.give == "amount":
        units = {amount.unit for entry in chosen if (amount := amount_of(asked, entry))}
        return units.pop() if len(units) == 1 else ""
    return {"duration": asked.unit or "days", "age": "years"}.get(asked.give, "")


def _picked(entries: tuple[Entry, ...], choice: _Choice, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the entries that are meant; of those whose end is asked for, the ones that ended."""
    pick = choice.pick
    if pick == "most often":
        counts = Counter(entry.display.casefold() for entry in entries)
        most = max(counts.values())
        return tuple(entry for entry in entries if counts[entry.display.casefold()] == most)
    if choice.asked.give in _ABSENT:
        return entries
    if pick in ("longest", "shortest"):
        return _by_length(entries, pick, record)
    ended = tuple(e for e in entries if e.end) if choice.asked.give in _OF_ENDS else ()
    return _by_start(ended or entries, choice)


def _by_start(entries: tuple[Entry, ...], choice: _Choice) -> tuple[Entry, ...]:
    """Return the entries of the first or last moment; all of them where neither is asked for, or is settled already."""
    moments = _moments(entries)
    if choice.pick == "all" or choice.n is not None or not moments:
        return entries
    wanted = moments[0] if choice.pick == "first" else moments[-1]
    return tuple(entry for entry in entries if entry.start and entry.start.moment == wanted)


def _by_length(entries: Sequence[Entry], pick: Pick, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the entries that lasted longest or shortest, of those of which it is known how long."""
    lengths = [(lasted, entry) for entry in entries if (lasted := _hours(entry, record)) is not None]
    best = (max if pick == "longest" else min)((lasted for lasted, _ in lengths), default=None)
    return tuple(entry for lasted, entry in lengths if lasted == best)


def _hours(entry: Entry, record: PatientRecord) -> Decimal | None:
    end = until_now(entry, record)
    if not entry.start or not end or ends_before_start(entry):
        return None
    exact = elapsed(entry.start, end, "hours")
    return Decimal(exact if exact is not None else (end.last - entry.start.first).days * 24)


def _values(
    chosen: tuple[Entry, ...], asked: Asked, record: PatientRecord, *, drugs: bool = False
) -> tuple[Scalar, ...]:
    if asked.give == "count":
        return (len(by_drug(chosen)) if drugs else len(chosen),)
    if asked.give in ("exists", "absent"):
        return (asked.give == "exists",)
    if asked.give in ("entry", "distinct"):
        said = distinct([entry.display for entry in chosen if entry.display])
        return (len(said),) if asked.give == "distinct" else said
    values = [value for entry in chosen for value in values_of(asked, entry, record)]
    return tuple(values) if asked.give == "amount" else distinct(values)


def _facts(
    chosen: tuple[Entry, ...], asked: Asked, record: PatientRecord, *, drugs: bool = False
) -> tuple[int, tuple[Fact, ...]]:
    """Return how many lines there are, and those that fit a prompt."""
    if drugs and asked.give in _OF_DRUGS:
        lines = drug_lines(chosen)
        return len(lines), cut(lines)
    by_name = asked.give in _GROUPED or asked.attribute == "status"
    first = record.once(first_recorded)
    if asked.give == "distinct" or (by_name and len(chosen) > _ONE_BY_ONE):
        groups = grouped(chosen, first)
        return len(groups), head(groups)
    shown = chosen if len(chosen) <= LIMIT else (chosen[0], *chosen[-LIMIT:])  # as `cut` leaves them
    clocks = _clocks(shown) if asked.give != "time" else {}
    lines = [
        fact(
            entry,
            clocks.get(entry.reference, ""),
            first.get(entry.reference, ""),
            added_words(asked, entry, record),
        )
        for entry in shown
    ]
    return len(chosen), cut(lines)


def _clocks(chosen: Sequence[Entry]) -> dict[str, str]:
    """Return the time of day, in words, of those that share their day with another of another time."""
    times: dict[str, set[str]] = {}
    for entry in chosen:
        if entry.start:
            times.setdefault(entry.start.day, set()).add(entry.start.minute[11:])
    return {
        entry.reference: f"at {entry.start.minute[11:]}"
        for entry in chosen
        if entry.start and entry.start.clocked and len(times[entry.start.day]) > 1
    }


def _cautions(
    chosen: tuple[Entry, ...], found: Found, choice: _Choice, record: PatientRecord
) -> tuple[str, ...]:
    asked, notes = choice.asked, list[str]()
    if asked.give in _OF_ENDS:
        notes += _endless([entry for entry in _by_start(found.entries, choice) if not entry.end])
    if choice.pick in ("longest", "shortest"):
        unknown = sum(1 for entry in found.entries if _hours(entry, record) is None)
        notes += [f"{unknown} without an end could not be compared"] if unknown else []
    elif choice.pick != "all" and (undated := sum(1 for entry in found.entries if entry.start is None)):
        notes.append(f"{undated} without a date could not be ordered")
    if asked.give in ("age", "duration"):
        notes += _partial(chosen, asked.give, record)
    if asked.give == "duration" and len(chosen) > 1:
        endless = sum(1 for entry in chosen if not values_of(asked, entry, record))
        notes += [f"{endless} of unknown length left out"] if endless else []
    if asked.unit in ("minutes", "hours") and any(e.start and not e.start.clocked for e in chosen):
        notes.append("only days are recorded, no times of day")
    if asked.attribute == "detail" and chosen and all(_without_reaction(entry) for entry in chosen):
        notes.append("reaction and severity are not recorded")
    silent = (
        sum(1 for entry in chosen if not values_of(asked, entry, record)) if asked.give == "amount" else 0
    )
    notes += [f"{silent} of {len(chosen)} do not say the {asked.amount} as one number"] if silent else []
    part = asked.attribute
    why = {entry.detail(f"{part} not known") for entry in chosen} - {""} if part else set[str]()
    notes += [f"{part}: not known, the record says ({', '.join(sorted(why))})"] if why else []
    if found.unclear:
        names = ", ".join(dict.fromkeys(one_line(entry.display) for entry in found.unclear[:3]))
        notes.append(f"{len(found.unclear)} more may belong, which the record does not say: {names}")
    return tuple(notes)


def _partial(chosen: Sequence[Entry], give: Give, record: PatientRecord) -> list[str]:
    """Return which dates that are counted from or to are only a month or year."""
    births = [record.patient.birth] if give == "age" else []
    ends = [entry.end for entry in chosen] if give == "duration" else []
    dates = {"birth": births, "start": [entry.start for entry in chosen], "end": ends}
    vague = {
        name: [when.day for when in known if when and when.first != when.last]
        for name, known in dates.items()
    }
    return [f"the {name} is recorded only as {days[0]}" for name, days in vague.items() if days]


def _endless(entries: Sequence[Entry]) -> list[str]:
    """Return what to say of entries whose end is asked for and that have none."""
    if len(entries) != 1:
        return [f"{len(entries)} have no recorded end"] if entries else []
    day = f" from {entries[0].start.day}" if entries[0].start else ""
    status = f": it is {entries[0].status}" if entries[0].status else ""
    return [f"one{day} has no recorded end{status}"]


def _without_reaction(entry: Entry) -> bool:
    return entry.kind == "AllergyIntolerance" and _REACTION.isdisjoint(label for label, _ in entry.details)


def _counted(blank: Evidence, record: PatientRecord, choice: _Choice, found: Found) -> Evidence:
    """Return a number for each year or month, from the first to the last that has any, or those with the most."""
    groups: dict[str, list[Entry]] = {}
    size = 4 if choice.per == "year" else 7
    for entry in found.entries:
        if entry.start and len(entry.start.day) >= size:
            groups.setdefault(entry.start.day[:size], []).append(entry)
    undated = len(found.entries) - sum(map(len, groups.values()))
    notes = found.notes + ((f"{undated} without a {choice.per} could not be counted",) if undated else ())
    if not groups:
        return replace(blank, outcome="no value", notes=notes)
    counts = {
        name: _number(groups.get(name, ()), choice.asked.give) for name in _names(min(groups), max(groups))
    }
    if choice.pick == "most often":
        counts = {name: count for name, count in counts.items() if count == max(counts.values())}
    facts = [_line(name, count, groups.get(name, ()), record) for name, count in counts.items()]
    chosen = tuple(entry for name in counts for entry in groups.get(name, ()))
    return replace(
        blank,
        outcome="found",
        values=tuple(counts) if choice.pick == "most often" else tuple(counts.values()),
        facts=cut(facts, _MOST_GROUPS),
        total=len(facts),
        references=tuple(entry.reference for entry in chosen),
        notes=notes,
        result=Result(type="numbers", items=tuple(_of_group(*each, groups) for each in counts.items())),
    )


def _names(first: str, last: str) -> Iterator[str]:
    """Yield the years or months from the first to the last.

    >>> list(_names("2019-11", "2020-01")), list(_names("2019", "2020"))
    (['2019-11', '2019-12', '2020-01'], ['2019', '2020'])
    """
    name = first
    while name <= last:
        yield name
        year, month = int(name[:4]), name[5:]
        later = f"{year + 1:04}{'-01' if month else ''}"
        name = later if month in ("", "12") else f"{year:04}-{int(month) + 1:02}"


def _number(entries: Sequence[Entry], give: Give) -> int:
    return len({entry.display.casefold() for entry in entries}) if give == "distinct" else len(entries)


def _line(name: str, count: int, entries: Sequence[Entry], record: PatientRecord) -> Fact:
    newest = entries[-1] if entries else None
    return Fact(
        f"{name}: {count}",
        newest.reference if newest else record.reference,
        newest.display if newest else "",
        name,
    )


def _of_group(name: str, count: int, groups: dict[str, list[Entry]]) -> Item:
    references = tuple(entry.reference for entry in groups.get(name, ()))
    return Item(name=name, start=parse_when(name), number=Decimal(count), references=references)


def _result(
    choice: _Choice,
    chosen: Sequence[Entry],
    values: tuple[Scalar, ...],
    record: PatientRecord,
    references: tuple[str, ...],
) -> Result:
    """Return what another call can build on: the entries that were picked, or the number or truth about them."""
    asked = choice.asked
    if asked.give in _TRUTHS:
        return Result(type="truth", truth=bool(values[0]) if values else None)
    if asked.give in ("count", "distinct"):
        number = Decimal(str(values[0])) if values else None
        items = () if number is None else (Item(number=number, references=references),)
        return Result(type="numbers", items=items)
    return Result(
        type=TYPES[asked.give], items=tuple([i for entry in chosen for i in _items(asked, entry, record)])
    )


def _items(asked: Asked, entry: Entry, record: PatientRecord) -> list[Item]:
    whole = Item(
        name=entry.display,
        start=entry.start,
        end=entry.end,
        goes_on=goes_on(entry, record),
        references=(entry.reference,),
        entry=entry,
    )
    if asked.give == "entry":
        return [whole]
    if asked.give in ("end", "end time"):
        return [replace(whole, start=entry.end, end=None, goes_on=False)]
    if asked.give in ("date", "time"):
        return [replace(whole, end=None, goes_on=False)]
    whole, found = replace(whole, references=carriers(asked, entry, record)), list[Item]()
    for value in values_of(asked, entry, record):
        number = None if isinstance(value, str | bool) else Decimal(value)
        name = str(value) if asked.give == "attribute" else entry.display
        unit = _unit(asked, (entry,)) if number is not None else ""
        found.append(replace(whole, name=name, number=number, unit=unit))
    return found
