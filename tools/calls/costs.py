"""Claims and explanations of benefit -> sums of money: billed, paid, out of pocket; by year, payer or type.

A bill and the insurer's decision on it are never added up: "billed" comes from claims (from what was
submitted to the insurer only where a record has no claims), the others from the decisions. Currencies are
never mixed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Evidence, Fact, Scalar
from tools.calls.results import Item, Result
from tools.concepts import link
from tools.entries.entry import Entry
from tools.finding.matching import undated
from tools.finding.windows import Beside, Window
from tools.measuring.rounding import rounded
from tools.periods import resolve
from tools.record import PatientRecord
from tools.wording.facts import cut, fact, insurer
from tools.wording.words import number

Give = Literal["billed", "paid", "out of pocket", "count"]
By = Literal["year", "payer", "type"]

_CLAIM, _BENEFIT = "Claim", "ExplanationOfBenefit"
_MOST = 24
_NONE = Decimal()


@dataclass(frozen=True, slots=True)
class _Sum:
    """Money of one currency in one group."""

    group: str
    currency: str
    total: Decimal
    entries: tuple[Entry, ...]


def costs(
    record: PatientRecord,
    *,
    give: Give = "billed",
    by: By | None = None,
    concept: str | None = None,
    period: str | None = None,
    when: Beside | None = None,
) -> Evidence:
    """Sum what was billed, paid or left to the patient.

    Args:
        record: the patient's record.
        give: which money; "count" counts the claims.
        by: a sum for each year, payer or type of claim, in the order of the facts.
        concept: only claims for this service or condition.
        period: e.g. "in 2015", "during the last visit"; by the start of what was billed, of a visit or stay what was
            billed for it.
        when: next to what another call found; at or during a visit or stay what was billed for it.

    Returns:
        Evidence; values are amounts, `unit` the currency; "no value" if the claims name no such amount.

    Raises:
        BadArgument: the period is not understood.
    """
    kind = _source(record, give)
    asked = Evidence(
        outcome="none recorded",
        about="claims" if give == "count" else give,
        values=(0,) if give == "count" else (),
        coverage=record.coverage(kind),
    )
    span = resolve(period, record) if period else None
    if period and span is None:
        missing = f"the record has nothing that dates {period!r}"
        return undated(replace(asked, period=period), record, missing)
    window = Window(record, span, when)
    asked = replace(asked, period=window.label)
    claims = [entry for entry in _about(record, kind, concept) if _billed_in(window, entry)]
    if not claims:
        if record.may_hide(kind):
            return replace(asked, outcome="unreadable", values=())
        return replace(
            asked, result=Result(type="numbers", items=tuple(Item(number=_NONE) for _ in asked.values))
        )
    if give == "count":
        return _counted(asked, claims, by, record)
    return _summed(asked, claims, give, by, record)


def _source(record: PatientRecord, give: Give) -> str:
    if give in ("billed", "count"):
        return _CLAIM if record.entries(_CLAIM) or not record.entries(_BENEFIT) else _BENEFIT
    return _BENEFIT


def _billed_in(window: Window, claim: Entry) -> bool:
    """Tell whether a claim is of a time or of a visit: by the visit that it names, else by its days."""
    visits = window.visits
    if not visits:
        return window.holds(claim)
    if claim.encounter:
        return claim.encounter in visits and window.holds(claim)
    return window.places_time(claim.start) is True


def _about(record: PatientRecord, kind: str, concept: str | None) -> Sequence[Entry]:
    entries = record.entries(kind)
    if concept is None:
        return entries
    services, reasons = (link(concept, record, (each,))[:1] for each in (kind, "Condition"))
    named = {entry.reference for reading in services for entry in reading.entries}
    causes = {entry.reference for reading in reasons for entry in reading.entries}
    return [e for e in entries if e.reference in named or causes.intersection(r.reference for r in e.reasons)]


def _counted(asked: Evidence, claims: Sequence[Entry], by: By | None, record: PatientRecord) -> Evidence:
    groups = _grouped(claims, by, record)
    facts = [_line(name, "", members) for name, members in groups.items()]
    return replace(
        asked,
        outcome="found",
        values=tuple(len(members) for members in groups.values()),
        facts=cut(facts if by else [fact(entry) for entry in claims], _MOST if by else 4),
        total=len(facts) if by else len(claims),
        references=tuple(entry.reference for entry in claims),
        result=Result(
            type="numbers",
            items=tuple(_item(name, Decimal(len(members)), "", members) for name, members in groups.items()),
        ),
    )


def _summed(
    asked: Evidence, claims: Sequence[Entry], give: Give, by: By | None, record: PatientRecord
) -> Evidence:
    label = "submitted" if give == "billed" and claims[0].kind == _BENEFIT else give
    sums = [s for name, group in _grouped(claims, by, record).items() for s in _sums(name, group, label)]
    counted = {entry.reference: entry for each in sums for entry in each.entries}
    silent = len(claims) - len(counted)
    notes = [f"{silent} of {len(claims)} claims do not say what was {give}"] if silent else []
    currencies = {each.currency for each in sums}
    notes += ["several currencies: not added up"] if len(currencies) > 1 else []
    facts = [_line(s.group, f"{number(s.total)} {s.currency} {give}", s.entries) for s in sums]
    return replace(
        asked,
        outcome="found" if sums else "no value",
        values=tuple[Scalar, ...](each.total for each in sums),
        unit=currencies.pop() if len(currencies) == 1 else "",
        facts=cut(facts, _MOST),
        total=len(facts),
        references=tuple(counted),
        notes=tuple(notes),
        result=Result(
            type="numbers", items=tuple(_item(s.group, s.total, s.currency, s.entries) for s in sums)
        ),
    )


def _item(group: str, number: Decimal, unit: str, entries: Sequence[Entry]) -> Item:
    return Item(
        name=group,
        start=entries[0].start,
        number=number,
        unit=unit,
        references=tuple(entry.reference for entry in entries),
    )


def _grouped(claims: Iterable[Entry], by: By | None, record: PatientRecord) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in claims:
        groups.setdefault(_group(entry, by, record), []).append(entry)
    return dict(sorted(groups.items()))


def _group(entry: Entry, by: By | None, record: PatientRecord) -> str:
    if by == "year":
        return entry.start.day[:4] if entry.start else "undated"
    if by == "payer":
        return insurer(entry, record) or "payer not recorded"
    if by == "type":
        return entry.category[0] if entry.category else "type not recorded"
    return ""


def _sums(group: str, entries: Iterable[Entry], label: str) -> list[_Sum]:
    found: dict[str, list[tuple[Entry, Decimal]]] = {}
    for entry in entries:
        for amount in entry.amounts:
            if amount.label == label:
                found.setdefault(amount.currency, []).append((entry, amount.value))
    return [
        _Sum(
            group,
            currency,
            rounded(sum((value for _, value in rows), _NONE)),
            tuple(e for e, _ in rows),
        )
        for currency, rows in found.items()
    ]


def _line(group: str, said: str, entries: Sequence[Entry]) -> Fact:
    days = [entry.start.day for entry in entries if entry.start]
    span = f", {days[0]} to {days[-1]}" if days and days[0] != days[-1] else (f", {days[0]}" if days else "")
    last = entries[-1]
    many = f"{len(entries)} {'claim' if len(entries) == 1 else 'claims'}{span}"
    line = ": ".join(part for part in (group, f"{said} ({many})" if said else many) if part)
    return Fact(line, last.reference, last.display, days[-1] if days else "")
