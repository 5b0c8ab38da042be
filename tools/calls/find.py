"""Entries of a kind, by name, status, category, reason, route, place, person and time -> names, days, counts, texts.

What is meant -> narrowed in time -> filtered, with what is set aside -> found, open, or none, maybe elsewhere.
Left out: values of tests (`measure`), what is reckoned with several finds (`calculate`), notes (`notes`), money
(`costs`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Fact
from tools.calls.operations import Unit
from tools.concepts import near_classes
from tools.concepts.meaning import may_be, unknown_but_near
from tools.entries.entry import Entry
from tools.finding.aside import beside, concerns, is_blanket, left_open, never, reason_of, weight
from tools.finding.conflicts import also_ended, conflicts
from tools.finding.contrary import contrary, with_contrary
from tools.finding.counts import counted
from tools.finding.elsewhere import as_put_in, or_elsewhere
from tools.finding.filters import (
    OF_ENCOUNTER,
    ON_PROBLEM_LIST,
    Keep,
    category_filter,
    means_active,
    means_judged,
    means_microbiology,
    means_set_aside,
    place_filter,
    reason_filter,
    route_filter,
    status_filter,
    who_filter,
    within_stays,
)
from tools.finding.further import latest_of_goals
from tools.finding.gives import GROUPED, OF_ENDS, OF_STARTS, TRUTHS, Asked, Give
from tools.finding.lasting import DRUGS, goes_on
from tools.finding.matching import (
    ANY,
    Found,
    Relation,
    dated_by_encounter,
    filtered,
    has_pictures,
    named,
    or_examined,
    placed,
    recorded_types,
    undated,
)
from tools.finding.outcomes import NOT_SAID, entries_found, none_recorded, over, undecided
from tools.finding.picks import Choice, Per, Pick, numbered
from tools.finding.search import Search
from tools.finding.taking import beside_taken, of_the_dead, taking_types, with_dose, with_last_given
from tools.finding.windows import Beside, Window, nearest
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import KINDS, PICTURE, types_of
from tools.wording.facts import moment
from tools.wording.words import one_line

_OPEN = ("", "unknown")
_LISTED = ("entry", "count", "distinct")
_NOT_JUDGED = ("the record gives neither a usable reference range nor a flag",)
_WITHDRAWN = ("inactive", "resolved")
"""Statuses of a "no known allergy" that holds no longer."""
_OVERLAPPING = frozenset({"condition", "medication", "coverage", "Condition", "Coverage", *DRUGS})
"""Kinds of which a period means that they went on in it."""
_GOALS = types_of("goal")
_SERVES = {"encounter": "appointment", "imaging": PICTURE}
"""Kinds for which another one serves where they hold nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class _Findings:
    """What a search came to."""

    search: Search
    blank: Evidence
    """What was searched, for evidence to be filled in."""
    meant: Found
    """What goes by the name."""
    found: Found
    """What of it lies in the time that is meant."""
    kept: Found
    """What of it passes the filters, too."""
    drugs: tuple[str, ...] = ()
    """What is said beside current drugs, or beside that there are none."""


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
    who: str | None = None,
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
        n: with nth which moment, -1 the last, -2 the last but one; with first or last how many moments.
        status: "active", "past", "declined" or a FHIR status, now; with `period` or `when` of what is active: then. Of
            results "in range", "out of range", "high" or "low", by the record's own ranges and flags.
        category: e.g. "inpatient" (hospital stays), "observation", "icu", "ward" (the time in each unit of a stay, by
            its name), "emergency", "laboratory", "problem-list-item", "food".
        reason: the condition they were for; "none" for those that name none themselves.
        route: of a drug, e.g. "oral", "iv".
        place: words of a location or organisation, e.g. "emergency department".
        who: the name of who did it, ordered it or was seen at it, e.g. "Dr. Osei".
        period: e.g. "in 2015", "during the last admission".
        when: next to what another call found.
        relation: what lies in that time: what is "recorded" for it, what "started" or "ended" in it, what was
            "active" in it (conditions, medications and insurance unless said). With `per` it is the start that counts.
        part: of an attribute which: "reason", "dose", "who" (saw, ordered or did it), "where", "visit", "status",
            "route", "refills" (allowed, as ordered), "detail" (everything), or a label as "body site", "reaction",
            "quantity", "supply", "organism", "specimen", "resistant to"; of stays "main diagnosis", "class",
            "admission type", "admit source", "discharge disposition", "service", "ward", "attending".
        per: a count (or distinct) for each year or month.
        unit: of a duration; days between the two dates if None.

    Returns:
        Evidence; "none recorded" when nothing matches (exists: False, absent: True, count: 0), "no value" when the
        entries do not say what was asked. Nobody takes a drug after death.

    Raises:
        BadArgument: kind, status or period is not understood, or arguments do not go together.
    """
    give = "count" if per and give == "entry" else give
    _check(kind, concept, give, pick, n, per)
    relation = relation or _relation(kind, give, per)
    if relation == "active" and (period or when) and status and means_active(status):
        status = None  # active in that time, not now
    drugs = kind == "medication" and bool(status and means_active(status))
    asked = Asked(give=give, part=part or "", unit=unit)
    span = resolve(period, record) if period else None
    search = Search(
        record=record,
        kind=kind,
        concept=concept,
        status=status,
        category=category,
        reason=reason,
        route=route,
        place=place,
        who=who,
        window=Window(record, span, when),
        relation=relation,
        choice=Choice(pick=pick, n=n, per=per, asked=asked, drugs=drugs),
    )
    if period and span is None:
        searched = record.coverage(*_meant(search).types)
        blank = Evidence(outcome="none recorded", about=concept or kind, coverage=searched)
        return undated(blank, record, f'the record has no such event: "{one_line(period)}"')
    return _evidence(search)


def _evidence(search: Search) -> Evidence:
    """Return what a search comes to."""
    findings = _findings(search)
    if findings.kept.entries:
        return _present(findings)
    return _undecided(findings) or _substitute(search) or _absent(findings)


def _findings(search: Search) -> _Findings:
    """Find what is meant, in its time, and filter it."""
    record, concept, choice = search.record, search.concept, search.choice
    meant = _as_dated(search, _meant(search))
    found = placed(meant, search.window, search.relation)
    if found.partly:
        found = _by_whole_names(search, found)
    drugs = beside_taken(found, record, concept) if choice.drugs else ()
    kept = _kept(search, found)
    if drugs:
        found = replace(found, notes=(*found.notes, *drugs))
        kept = replace(kept, notes=(*kept.notes, *drugs))
    if choice.asked.attribute == "dose":
        kept = with_dose(kept, found, choice, record)
    if choice.drugs and concept and choice.asked.give in ("exists", "absent"):
        found = with_last_given(found, record, concept)
    return _Findings(search, _blank(search, found), meant, found, kept, drugs)


def _blank(search: Search, found: Found) -> Evidence:
    """Return what was searched for what, in which time."""
    words = (search.status, search.category, search.kind)
    return Evidence(
        outcome="none recorded",
        about=search.concept and found.about or " ".join(filter(None, words)),
        period=search.window.label,
        relation=search.relation,
        coverage=search.record.coverage(*found.types),
        readings=found.readings,
    )


def _check(kind: str, concept: str | None, give: Give, pick: Pick, n: int | None, per: Per | None) -> None:
    """Refuse arguments that do not go together.

    Raises:
        BadArgument: as it says.
    """
    if kind == ANY and not concept:
        raise BadArgument("concept", concept, "a name, as any kind may have it", "diabetes")
    if pick == "nth" and not n:
        raise BadArgument("n", n, "which moment, from 1 or from the end", "-2")
    if n is not None and pick != "nth" and (pick not in ("first", "last") or n < 1):
        raise BadArgument("n", n, "with pick nth which moment, with first or last how many", "2")
    if per and (give not in ("count", "distinct") or pick not in ("all", "most often")):
        raise BadArgument("per", per, "give count or distinct, and pick all or most often", "year")


def _relation(kind: str, give: Give, per: Per | None) -> Relation:
    if give in OF_ENDS:
        return "ended"
    if per:
        return "started"
    return "active" if kind in _OVERLAPPING else "recorded"


def _meant(search: Search) -> Found:
    """Return what goes by the name in the FHIR types that are read.

    Of drugs a yes or no, and what is current, reads every type that says what is taken; so does a list where the first
    has none of the name.
    """
    record, kind, concept = search.record, search.kind, search.concept
    taking = taking_types(record) if kind == "medication" else ()
    every = search.choice.drugs or search.give in TRUTHS
    types = taking if taking and every else recorded_types(kind, record)
    found = named(record, kind, types, concept)
    if concept and not found.entries and not set(taking) <= set(types):
        types, found = taking, named(record, kind, taking, concept)
    if concept and "Observation" in types and means_microbiology(search.category):
        found = or_examined(found, record, concept)
    return replace(found, types=types)


def _as_dated(search: Search, meant: Found) -> Found:
    """Return what is meant with the dates by which it is placed in time: lent ones, those of an operation or a unit."""
    record = search.record
    found = dated_by_encounter(meant, record)
    if search.kind == "device" and search.concept and search.give in OF_STARTS:
        found = as_put_in(found, record, search.concept)
    if "Encounter" in found.types and (within := within_stays(search.category)):
        parts = [part for entry in found.entries for part in within(entry, record)]
        found = replace(found, entries=_by_time(parts))
    if means_set_aside(search.status):
        aside = [entry for entry in found.aside if reason_of(entry)]
        found = replace(found, entries=_by_time([*found.entries, *aside]), aside=())
    return found


def _by_time(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=moment))


def _by_whole_names(search: Search, found: Found) -> Found:
    """Take things that have the words in longer names for no yes and no plain no: it is open whether they are meant."""
    if not (found.entries and search.kind in (ANY, "condition") and search.give in TRUTHS):
        return found
    note = f"“{search.concept}” is only a part of the names that are recorded"
    return replace(found, entries=(), unclear=found.entries, notes=(*found.notes, note))


def _kept(search: Search, found: Found) -> Found:
    """Keep what passes the filters and is picked by its number, and what is set aside of what was asked for."""
    record = search.record
    status = status_filter(search.status, record)
    others = (
        category_filter(search.category, record),
        route_filter(search.route, found.entries),
        place_filter(search.place, record),
        who_filter(search.who, record),
    )
    kept = numbered(_narrowed(search, found, (status, *others)), search.choice)
    kept = replace(kept, aside=_concerned(search, found.aside, others))
    once = search.give in ("exists", "absent") and not search.status
    return _with_history(kept) if once else kept


def _narrowed(search: Search, found: Found, filters: Sequence[Keep]) -> Found:
    """Keep what passes, what was for a reason (else for one whose longer name holds it), what is nearest in time."""
    passed = filtered(found, filters)
    kept = passed if search.reason is None else _for_reason(passed, search.reason, search.record)
    event = search.window.beside
    if event and event.relation == "nearest":
        kept = replace(kept, entries=tuple(nearest(kept.entries, event, lambda entry: entry.start)))
    return kept


def _for_reason(found: Found, reason: str, record: PatientRecord) -> Found:
    kept = filtered(found, (reason_filter(reason, record),))
    return kept if kept.entries else filtered(found, (reason_filter(reason, record, broadly=True),))


def _concerned(search: Search, aside: Sequence[Entry], filters: Sequence[Keep]) -> tuple[Entry, ...]:
    """Keep of what is set aside what was asked for: by its time and what narrows it, or by the kind that it denies."""

    def keep(entry: Entry) -> bool:
        if is_blanket(entry):
            holds = search.kind != ANY and entry.status not in _WITHDRAWN
            return holds and concerns(entry, search.concept, search.category)
        if weight(entry) == "says nothing":
            return True
        return search.window.places(entry) is not False and all(test(entry) is not False for test in filters)

    return tuple(filter(keep, aside))


def _with_history(found: Found) -> Found:
    """Take what is recorded as a history for something that once was."""
    was = tuple(entry for entry in found.aside if reason_of(entry) == "history")
    aside = tuple(entry for entry in found.aside if entry not in was)
    return replace(found, entries=(*found.entries, *was), aside=aside) if was else found


def _present(findings: _Findings) -> Evidence:
    """Return what the entries that were kept say, and what must be said beside them."""
    search, blank, record = findings.search, findings.blank, findings.search.record
    kept = replace(findings.kept, notes=(*findings.kept.notes, *_remarks(findings)))
    going = [entry for entry in kept.entries if goes_on(entry, record)]
    return with_contrary(_said(search, blank, kept), _said_against(search, going, going=True))


def _said(search: Search, blank: Evidence, kept: Found) -> Evidence:
    record = search.record
    if search.give == "over":
        return over(blank, record, kept)
    if search.choice.drugs and record.dead:
        return of_the_dead(blank, record, search.choice, kept)
    if search.choice.per:
        return counted(blank, record, search.choice, kept)
    found = entries_found(blank, record, search.choice, kept)
    if kept.types == _GOALS and search.give in GROUPED:
        latest = latest_of_goals(kept.entries, record)
        return replace(found, behind=latest, measured=len(latest))
    return found


def _remarks(findings: _Findings) -> tuple[str, ...]:
    """Return what is said beside entries: what is set aside, where they are listed, and what contradicts itself."""
    search, kept = findings.search, findings.kept
    narrowed = search.concept or search.category or search.choice.per
    return (
        *beside(kept.aside, named=bool(search.concept)),
        *never(kept.aside, search.record.now.isoformat()),
        *(also_ended(kept.entries, findings.found.entries) if search.concept and search.active else ()),
        *(_by_list(kept.entries) if search.give in _LISTED and not narrowed else ()),
        *conflicts((*kept.entries, *kept.unclear), search.record),
    )


def _said_against(search: Search, entries: Sequence[Entry], *, going: bool) -> tuple[Fact, ...]:
    """Return what notes say against entries, where it is asked whether they are there, or which go on, now."""
    now = search.window.open and not search.choice.per and not search.record.dead
    if not (now and (search.active or search.give in TRUTHS)):
        return ()
    return contrary(entries, search.record, search.concept, goes_on=going)


def _by_list(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return how many problems are on the problem list, where others are only diagnoses of a visit."""
    listed = len([entry for entry in entries if ON_PROBLEM_LIST in entry.category])
    of_visits = len([e for e in entries if OF_ENCOUNTER in e.category and ON_PROBLEM_LIST not in e.category])
    return (
        (f"{listed} on the problem list, {of_visits} only of visits (encounter-diagnosis)",)
        if listed and of_visits
        else ()
    )


def _undecided(findings: _Findings) -> Evidence | None:
    """Return the entries that leave it open whether there is such a thing; None if there are none of them."""
    search, blank, record = findings.search, findings.blank, findings.search.record
    found, kept = findings.found, findings.kept
    if kept.unclear:
        why = (*conflicts(kept.unclear, record), *(_NOT_JUDGED if means_judged(search.status) else ()))
        return undecided(blank, record, replace(kept, entries=kept.unclear), *why)
    if search.give in TRUTHS and search.concept and search.active and (unsaid := _unsaid(found)):
        return undecided(blank, record, replace(found, entries=unsaid), NOT_SAID)
    told = _set_aside(search, kept)
    if any(weight(entry) == "leaves open" for entry in told):
        return left_open(blank, told, (*kept.notes, *never(kept.aside, record.now.isoformat())))
    return None


def _unsaid(found: Found) -> tuple[Entry, ...]:
    """Return the entries that neither end nor say whether they go on: a status is not required of a Condition."""
    return tuple(entry for entry in found.entries if entry.status in _OPEN and not entry.end)


def _set_aside(search: Search, kept: Found) -> tuple[Entry, ...]:
    """Return what is set aside and must be told where nothing else is found: all that goes by a name, or denies all."""
    every = search.concept or search.give in TRUTHS
    told = (entry for entry in kept.aside if every or is_blanket(entry))
    return tuple(entry for entry in told if weight(entry) != "says nothing")


def _substitute(search: Search) -> Evidence | None:
    """Return what the kind that serves in place of one holds of what was asked; None if nothing."""
    kind = _SERVES.get(search.kind)
    if kind is None or not _may_serve(kind, search):
        return None
    choice = replace(search.choice, per=None)
    relation = _relation(kind, search.give, None)
    category = search.category if kind == PICTURE else None
    other = replace(
        search, kind=kind, status=None, category=category, route=None, relation=relation, choice=choice
    )
    served = _evidence(other)
    return served if served.outcome == "found" or (kind == PICTURE and served.outcome == "no value") else None


def _may_serve(kind: str, search: Search) -> bool:
    """Tell whether a kind has what may serve; a picture is no study that could be counted."""
    if kind == PICTURE:
        return search.give not in ("count", "distinct") and has_pictures(search.record)
    return bool(search.record.counts.get(types_of(kind)[0]))


def _absent(findings: _Findings) -> Evidence:
    """Return that nothing was kept, with what is past or set aside; of a name that is nowhere, what others say."""
    search, record, kept = findings.search, findings.search.record, findings.kept
    told = _set_aside(search, kept)
    rest = [entry for entry in kept.aside if entry not in told]
    notes = (*kept.notes, *beside(rest, named=False), *never(kept.aside, record.now.isoformat()))
    past = findings.found.entries if search.concept and search.status else ()
    why = (f"none of those found is {search.status}",) if past and not findings.drugs else ()
    against = _said_against(search, (*past, *told), going=False)
    shown = replace(kept, entries=past, aside=told, notes=notes)
    nothing = none_recorded(findings.blank, record, search.choice, shown, *why)
    if nothing.outcome == "none recorded":
        nothing = with_contrary(nothing, against)
    if not search.concept or findings.found.entries or told:
        return nothing
    types, listed = findings.meant.types, bool(findings.meant.entries)
    if listed and search.relation in ("started", "ended"):
        return nothing  # nothing else tells when that was
    kin = _allergies_to_its_class(nothing, search, types)
    nowhere = kin or or_elsewhere(nothing, search, types, listed=listed)
    return (_near(nowhere, search, types) if nowhere.outcome == "none recorded" else None) or nowhere


def _near(nothing: Evidence, search: Search, types: tuple[str, ...]) -> Evidence | None:
    """Return what is recorded under names that an unknown one is near to in meaning; None if there are none.

    Whether one is the other, words do not tell, and nothing is denied.
    """
    record, concept = search.record, search.concept or ""
    name = unknown_but_near(concept, record, types)
    if not name:
        return None
    entries = named(record, search.kind, types, name).entries
    return undecided(nothing, record, Found(concept, entries), may_be(concept, name)) if entries else None


def _allergies_to_its_class(nothing: Evidence, search: Search, types: tuple[str, ...]) -> Evidence | None:
    """Return the allergies to drugs of the class that a drug is in, of which none is recorded; None without them.

    Whether one reaches the other, the record does not say, and nothing is denied.
    """
    record, concept = search.record, search.concept or ""
    if types != KINDS["allergy"] or search.give not in GROUPED:
        return None
    for drugs in near_classes(concept):
        kin = named(record, "allergy", types, drugs).entries
        if kin:
            why = f"{concept} is a drug of the class {drugs}, to which an allergy is recorded"
            return undecided(nothing, record, Found(concept, kin, notes=nothing.notes), why)
    return None
