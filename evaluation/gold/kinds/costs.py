"""Money: claims filed, billed, paid by the insurance, left to the patient, the payer.

FHIR R4 Claim and ExplanationOfBenefit. Billed is the total of claims; paid is the payment, else the benefit; the
patient's part is what is stated as such. A sum is asked only where every part of it is stated, in one currency, and
where all dates of a claim lie in the period.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds import measuring
from evaluation.gold.kinds import visits as v
from evaluation.gold.kinds.common import count, days_of, last, refs
from evaluation.gold.periods import ALWAYS, Period
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day

_OWN_PART = {"copay", "deductible", "coinsurance"}
_LARGEST = 100_000
"""Money above it is not asked for: a choice would not show all of its digits."""
_PAYERS = ("Aetna", "Humana", "Medicaid", "Cigna Health", "UnitedHealthcare")


def claims(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many claims were filed in a period."""
    for period, found in _in_periods(chart, random, "Claim", 4):
        yield count({"period": period.words}, found)


def billed(chart: Chart, random: Random) -> Iterator[Gold]:
    """How much was billed in a period."""
    for period, found in _in_periods(chart, random, "Claim", 4):
        yield from _sum(period, found, _total)


def paid(chart: Chart, random: Random) -> Iterator[Gold]:
    """How much did the insurance pay for what was billed in a period."""
    for period, found in _in_periods(chart, random, "ExplanationOfBenefit", 4):
        yield from _sum(period, found, _payment)


def own_part(chart: Chart, random: Random) -> Iterator[Gold]:
    """How much of what was billed in a period was left to the patient."""
    for period, found in _in_periods(chart, random, "ExplanationOfBenefit", 4):
        yield from _sum(period, found, _left)


def billed_for_visit(chart: Chart, random: Random) -> Iterator[Gold]:
    """How much was billed for the only visit of a day."""
    visits = v.alone_on_their_day(chart)
    for visit in random.sample(visits, min(len(visits), 30)):
        found = [each for each in chart.of("Claim") if visit["id"] in _visits(each, chart)]
        alone = all(len(_visits(each, chart)) == 1 for each in found)
        if alone and found == [each for each in chart.of("Claim") if day(each) == day(visit)]:
            words = measuring.spoken(day(visit))
            yield from _sum(Period(""), found, _total, {"day": words})


def highest(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the highest total of one claim, of all or in a period."""
    for period, found, most in _most(chart, random):
        others = tuple((each,) for each in dict.fromkeys(map(_total, found)) if each and each < most)
        right = [each for each in found if _total(each) == most]
        slots = {"period": period.words}
        yield Gold(slots=slots, answer=(most,), unit=_currency(found), resources=refs(right), others=others)


def day_of_highest(chart: Chart, random: Random) -> Iterator[Gold]:
    """On which day was the claim with the highest total."""
    for period, found, most in _most(chart, random):
        right = [each for each in found if _total(each) == most]
        if all(str(each.get("created"))[:10] == day(each) for each in right):
            yield days_of({"period": period.words}, right, found)


def payer(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who was the payer of the last claim, or of the only one of a day, where all that is said agrees."""
    found = [each for each in chart.of("Claim") if _payers(each, chart)[0]]
    others = [payer for each in found for payer in _payers(each, chart)[0]]
    days = [day(each) for each in chart.of("Claim")]
    alone = [each for each in found if days.count(day(each)) == 1]
    latest = last(chart.of("Claim"))
    for claim in random.sample(alone, min(len(alone), 8)):
        names, carrying = _payers(claim, chart)
        words = "most recent claim" if latest == [claim] else f"claim of {day(claim)}"
        if len(names) == 1:
            gold = Gold(slots={"claim": words}, answer=names, resources=refs(carrying))
            yield e.also(e.also(gold, others), _PAYERS)


def _payers(claim: Resource, chart: Chart) -> tuple[tuple[str, ...], list[Resource]]:
    """Return the names of the payer of a claim, and what carries them."""
    insurer, cover = claim.get("insurer") or {}, at(claim, "insurance.coverage") or {}
    company, coverage = (chart.target(str(each.get("reference") or "")) for each in (insurer, cover))
    payor = at(coverage, "payor") or {} if coverage else {}
    said = (insurer.get("display"), (company or {}).get("name"), payor.get("display"))
    carrying = [claim, *filter(None, [company])]
    return tuple(dict.fromkeys(str(each) for each in said if each)), carrying


def _in_periods(
    chart: Chart, random: Random, kind: str, most: int
) -> Iterator[tuple[Period, list[Resource]]]:
    """Yield all of the record and some periods, where a claim's dates are on the same side of their ends."""
    everything = chart.of(kind)
    for period in (ALWAYS, *e.spans(everything, chart, random, most)):
        found = period.within(everything)
        if all(_inside(each, period) == (each in found) for each in everything):
            yield period, found


def _inside(claim: Resource, period: Period) -> bool | None:
    """Whether all dates of a claim lie in a period, None if only some do."""
    visit_like = (
        claim.get("created"),
        at(claim, "billablePeriod.start"),
        at(claim, "item.servicedPeriod.start"),
    )
    inside = {period.first <= str(each)[:10] <= period.last for each in visit_like if each}
    return inside.pop() if len(inside) == 1 else None


def _most(chart: Chart, random: Random) -> Iterator[tuple[Period, list[Resource], float]]:
    """Yield periods with their claims and the highest total; not where all of them are equal."""
    for period, found in _in_periods(chart, random, "Claim", 2):
        totals = [_total(each) for each in found]
        told = [each for each in totals if each is not None]
        if len(told) == len(totals) and len(set(told)) > 1 and _currency(found):
            yield period, found, max(told)


def _sum(
    period: Period,
    found: Sequence[Resource],
    amount: Callable[[Resource], float | None],
    slots: dict[str, str | tuple[str, ...]] | None = None,
) -> Iterator[Gold]:
    """Yield the sum of what claims state, if all of them do."""
    told = [value for each in found if (value := amount(each)) is not None]
    total = round(sum(told), 2)
    if told and len(told) == len(found) and _currency(found) and 0 < total < _LARGEST:
        others = tuple((round(total + each, 2),) for each in told if each) + ((round(total / 2, 2),),)
        yield Gold(
            slots=slots or {"period": period.words},
            answer=(total,),
            unit=_currency(found),
            resources=refs(found),
            others=others,
        )


def _total(claim: Resource) -> float | None:
    value = at(claim, "total.value")
    return None if value is None else float(value)


def _payment(benefit: Resource) -> float | None:
    """Return what the insurance paid, None if it is not stated."""
    value = at(benefit, "payment.amount.value")
    return float(value) if value is not None else _stated(benefit, {"benefit"})


def _left(benefit: Resource) -> float | None:
    """Return the patient's part, None if it is not stated or is not what the insurance left of the total."""
    part, paid, total = _stated(benefit, _OWN_PART), _payment(benefit), at(benefit, "total.amount.value")
    if part is None or paid is None or total is None or abs(float(total) - paid - part) > 0.01:
        return None
    return part


def _stated(benefit: Resource, categories: set[str]) -> float | None:
    """Return the sum of what the items of a benefit state under some categories."""
    lines = [line for item in benefit.get("item") or () for line in item.get("adjudication") or ()]
    told = [at(each, "amount.value") for each in lines if at(each, "category.coding.code") in categories]
    return sum(float(each) for each in told if each is not None) if told else None


def _currency(claims: Sequence[Resource]) -> str:
    """Return the currency of claims, "" if there are several."""
    named = {str(at(each, "total.currency") or at(each, "total.amount.currency") or "") for each in claims}
    return named.pop() if len(named) == 1 else ""


def _visits(claim: Resource, chart: Chart) -> set[str]:
    """Return the ids of the visits that a claim bills."""
    links = [link for item in claim.get("item") or () for link in item.get("encounter") or ()]
    found = (chart.target(str(link.get("reference") or "")) for link in links)
    return {str(each["id"]) for each in found if each}


KINDS = (
    Kind("claims-count", claims),
    Kind("billed-in-period", billed),
    Kind("paid-in-period", paid),
    Kind("own-part-in-period", own_part),
    Kind("billed-for-visit", billed_for_visit, 2),
    Kind("claim-highest", highest),
    Kind("claim-highest-day", day_of_highest),
    Kind("claim-payer", payer, 2),
)
