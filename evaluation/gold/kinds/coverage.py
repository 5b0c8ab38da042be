"""Insurance: who paid, when, under which plan, how long (FHIR R4 Coverage).

Asked for only where it is clear: each policy has one payer and a beginning, and none of them overlap. What claims
say of a payer is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import LONGEST_LIST, Slots, count, refs, statement
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.kinds.time import age_on
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at
from evaluation.gold.text import words

_PAYERS = ("Aetna", "Humana", "Cigna", "Kaiser Permanente", "Medicare", "Medicaid", "Blue Cross Blue Shield")
_MARGIN = 60
"""Days from the beginning and the end of an insurance."""
_PLANS = ("Medicare Plan", "Private GOLD", "ACA BRONZE", "Employer HMO")


@dataclass(frozen=True, slots=True)
class Policy:
    """One insurance: who pays, under which plan, from day to day; `end` is "" while it lasts."""

    payer: str
    plan: str
    start: str
    end: str
    resource: Resource


def policies(chart: Chart) -> list[Policy]:
    """Return the insurances, oldest first; none where one of them is not clear."""
    found = [_policy(each, chart) for each in chart.of("Coverage")]
    found.sort(key=lambda each: each.start)
    joined = all(one.end and one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    return found if joined and all(each.payer and each.start for each in found) else []


def _policy(coverage: Resource, chart: Chart) -> Policy:
    payors = coverage.get("payor") or [{}]
    payer = chart.target(payors[0].get("reference") or "") or {}
    named = payors[0].get("display") or (
        payer.get("name") if payer.get("resourceType") == "Organization" else ""
    )
    plans = [each.get("name") or "" for each in coverage.get("class") or () if _class(each) == "plan"]
    start, end = (str(at(coverage, f"period.{side}") or "")[:10] for side in ("start", "end"))
    return Policy(
        payer=str(named or "") if len(payors) == 1 else "",
        plan=plans[0] if len(plans) == 1 else "",
        start=start,
        end=end if end < chart.now else "",
        resource=coverage,
    )


def _class(part: Resource) -> str:
    return str(at(part, "type.coding.code") or "")


def payer_now(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who insures the patient now; the dead are not asked about today."""
    for policy in _now(chart):
        yield _payer({}, policy, chart)


def plan_now(chart: Chart, random: Random) -> Iterator[Gold]:
    """What is the plan of the insurance now, where it has a name of its own."""
    for policy in _now(chart):
        if policy.plan and policy.plan != policy.payer:
            yield _text({}, policy.plan, policy, [*(each.plan for each in policies(chart)), *_PLANS])


def payer_first(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who was the first insurer."""
    for policy in policies(chart)[:1]:
        yield _payer({}, policy, chart)


def payer_on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who insured the patient on a day; near a change claims may name the other insurer."""
    for policy in policies(chart):
        end = policy.end or chart.died or chart.now
        length = (date.fromisoformat(end) - date.fromisoformat(policy.start)).days
        if length > 2 * _MARGIN:
            days = timedelta(days=random.randint(_MARGIN, length - _MARGIN))
            within = date.fromisoformat(policy.start) + days
            yield _payer({"day": spoken(within.isoformat())}, policy, chart)


def payer_ever(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was the patient ever insured by a payer; one that is named in a plan only is not asked for."""
    found = policies(chart)
    known = {word for each in found for word in words(f"{each.payer} {each.plan}")}
    for payer in dict.fromkeys(each.payer for each in found):
        mine = [each for each in found if each.payer == payer]
        right, wrong = (
            f"Yes, from {mine[0].start}",
            [f"Yes, from {each}" for each in _starts(mine[0], random)],
        )
        yield statement({"x": payer}, True, right, ["No", *wrong], _resources(mine))
    for payer in _PAYERS if found else ():
        if not known & words(payer):
            yield statement(
                {"x": payer}, False, "No", [f"Yes, from {d}" for d in _starts(found[0], random)], []
            )


def payers(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which insurers has the patient had."""
    found = policies(chart)
    names = tuple(dict.fromkeys(each.payer for each in found))
    spare = [each for each in _PAYERS if not any(words(each) & words(name) for name in names)]
    others = [(*names[1:], each) for each in spare[:2]] + [(*names, each) for each in spare[:2]]
    if 1 < len(names) <= LONGEST_LIST:
        yield Gold(answer=names, resources=refs(_resources(found)), others=(names[1:], *others))


def payer_count(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many different insurers has the patient had."""
    if found := policies(chart):
        yield Gold(answer=(len({each.payer for each in found}),), resources=refs(_resources(found)))


def policy_count(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many insurance policies are on record."""
    if found := policies(chart):
        yield count({}, _resources(found))


def began(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did the insurance by a payer begin, where there was one of it."""
    for policy in _single(chart):
        others = [each.start for each in policies(chart)] + [policy.end]
        yield _text({"x": policy.payer}, policy.start, policy, others)


def ended(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did the insurance by a payer end, where there was one of it."""
    for policy in _single(chart):
        if policy.end:
            others = [each.end for each in policies(chart)] + [policy.start]
            yield _text({"x": policy.payer}, policy.end, policy, others)


def lasted(chart: Chart, random: Random) -> Iterator[Gold]:
    """For how many full years did the insurance by a payer last, where there was one of it and it ended."""
    for policy in _single(chart):
        if policy.end:
            years = age_on(policy.start, policy.end)
            yield Gold(
                slots={"x": policy.payer}, answer=(years,), unit="years", resources=refs([policy.resource])
            )


def _now(chart: Chart) -> list[Policy]:
    dead = chart.died or chart.patient.get("deceasedBoolean")
    lasting = [each for each in policies(chart) if not each.end and each.resource.get("status") == "active"]
    return [] if dead else lasting


def _single(chart: Chart) -> list[Policy]:
    """Return the insurances whose payer no other one names, as payer or in its plan."""
    found = policies(chart)
    return [one for one in found if not any(_named_by(one, other) for other in found if other is not one)]


def _named_by(one: Policy, other: Policy) -> bool:
    return bool(words(one.payer) & words(f"{other.payer} {other.plan}"))


def _payer(slots: Slots, policy: Policy, chart: Chart) -> Gold:
    spare = [each for each in _PAYERS if not words(each) & words(f"{policy.payer} {policy.plan}")]
    return _text(slots, policy.payer, policy, [*(each.payer for each in policies(chart)), *spare])


def _text(slots: Slots, answer: str, policy: Policy, others: Sequence[str]) -> Gold:
    wrong = tuple((each,) for each in dict.fromkeys(others) if each and each != answer)
    return Gold(slots=slots, answer=(answer,), resources=refs([policy.resource]), others=wrong)


def _resources(found: Sequence[Policy]) -> list[Resource]:
    return [each.resource for each in found]


def _starts(policy: Policy, random: Random) -> list[str]:
    began = date.fromisoformat(policy.start)
    return [(began + timedelta(days=by)).isoformat() for by in random.sample([365, 1461, -365, 2922], 3)]


KINDS = (
    Kind("insurer-now", payer_now),
    Kind("insurance-plan-now", plan_now),
    Kind("insurer-first", payer_first),
    Kind("insurer-on-day", payer_on_day),
    Kind("insurer-ever", payer_ever),
    Kind("insurers", payers),
    Kind("insurers-count", payer_count),
    Kind("insurance-count", policy_count),
    Kind("insurance-began", began),
    Kind("insurance-ended", ended),
    Kind("insurance-years", lasted),
)
