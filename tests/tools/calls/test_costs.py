"""Sums of claims and of what insurers decided, as a table a clinician can check."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.series_for_tests import condition, record_of
from tools.calls.costs import costs


def claim(name: str, day: str, total: float, currency: str = "USD", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "Claim", "id": name, "status": "active", "use": "claim", "created": day}
    base |= {"patient": {"reference": "Patient/p"}, "type": {"coding": [{"code": "institutional"}]}}
    item = {"sequence": 1, "productOrService": {"text": "Emergency room visit"}}
    return base | {"item": [item], "total": {"value": total, "currency": currency}} | more


def decision(name: str, day: str, submitted: float, paid: float, copay: float, payer: str) -> dict[str, Any]:
    def line(category: str, value: float) -> dict[str, Any]:
        money = {"value": value, "currency": "USD"}
        return {"category": {"coding": [{"code": category}]}, "amount": money}

    lines = [line("submitted", submitted), line("benefit", paid), line("copay", copay)]
    item = {"sequence": 1, "productOrService": {"text": "Emergency room visit"}, "adjudication": lines}
    base = claim(name, day, 0) | {"resourceType": "ExplanationOfBenefit", "insurer": {"display": payer}}
    del base["total"]
    return base | {"item": [item], "outcome": "complete"}


BILLS = (claim("c1", "2015-02-01", 125), claim("c2", "2015-08-01", 75.5), claim("c3", "2016-01-10", 300))
DECISIONS = (
    decision("e1", "2015-02-01", 125, 100, 25, "Aetna"),
    decision("e2", "2016-01-10", 300, 200, 100, "Medicare"),
)


@dataclass(frozen=True)
class Case:
    id: str
    record: tuple[dict[str, Any], ...]
    wish: dict[str, Any]
    values: tuple[Any, ...]
    references: str
    outcome: str = "found"
    note: str = ""
    facts: tuple[str, ...] = field(default=())


def money(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


CASES = [
    Case("billed is the sum of claims, not of decisions", BILLS + DECISIONS, {}, money("500.5"), "c1 c2 c3"),
    Case("billed without claims is what was submitted", DECISIONS, {}, money("425"), "e1 e2"),
    Case("paid by insurers", BILLS + DECISIONS, {"give": "paid"}, money("300"), "e1 e2"),
    Case("out of pocket", BILLS + DECISIONS, {"give": "out of pocket"}, money("125"), "e1 e2"),
    Case("how many claims", BILLS + DECISIONS, {"give": "count"}, (3,), "c1 c2 c3"),
    Case("in a period", BILLS, {"period": "in 2015"}, money("200.5"), "c1 c2"),
    Case(
        "year by year",
        BILLS,
        {"by": "year"},
        money("200.5", "300"),
        "c1 c2 c3",
        facts=(
            "2015: 200.5 USD billed (2 claims, 2015-02-01 to 2015-08-01)",
            "2016: 300 USD billed (1 claim, 2016-01-10)",
        ),
    ),
    Case("payer by payer", DECISIONS, {"give": "paid", "by": "payer"}, money("100", "200"), "e1 e2"),
    Case(
        "currencies are never added up",
        (*BILLS[:1], claim("eur", "2015-03-01", 80, "EUR")),
        {},
        money("125", "80"),
        "c1 eur",
        note="several currencies: not added up",
    ),
    Case("nothing billed", (), {}, (), "", "none recorded"),
    Case("no claims counted", (), {"give": "count"}, (0,), "", "none recorded"),
    Case("bills do not say what was paid", BILLS, {"give": "paid"}, (), "", "none recorded"),
    Case(
        "a cancelled bill is not counted",
        (*BILLS, claim("gone", "2015-03-01", 999, status="cancelled")),
        {"period": "in 2015"},
        money("200.5"),
        "c1 c2",
    ),
    Case(
        "only for a condition",
        (
            condition("asthma", "Asthma", "2014-01-01"),
            *BILLS[:1],
            claim(
                "c9",
                "2015-05-01",
                40,
                diagnosis=[{"sequence": 1, "diagnosisReference": {"reference": "Condition/asthma"}}],
            ),
        ),
        {"concept": "asthma"},
        money("40"),
        "c9",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_costs(case: Case) -> None:
    found = costs(record_of(*case.record), **case.wish)
    references = {reference.partition("/")[2] for reference in found.references}
    assert (found.outcome, found.values, references) == (
        case.outcome,
        case.values,
        set(case.references.split()),
    )
    assert case.note in "; ".join(found.notes)
    assert not case.facts or tuple(fact.text for fact in found.facts) == case.facts


VISITS = (
    {"resourceType": "Encounter", "id": "stay", "status": "finished", "class": {"code": "IMP"}}
    | {"subject": {"reference": "Patient/p"}, "period": {"start": "2016-01-08", "end": "2016-01-12"}},
    {"resourceType": "Encounter", "id": "office", "status": "finished", "class": {"code": "AMB"}}
    | {"subject": {"reference": "Patient/p"}, "period": {"start": "2016-01-12", "end": "2016-01-12"}},
)


def billed_for(name: str, day: str, total: float, visit: str) -> dict[str, Any]:
    bill = claim(name, day, total)
    bill["item"][0]["encounter"] = [{"reference": f"Encounter/{visit}"}]
    return bill


def test_what_one_visit_cost() -> None:
    bills = (billed_for("v1", "2016-01-12", 90, "office"), billed_for("v2", "2016-01-10", 7000, "stay"))
    record = record_of(*VISITS, *bills, claim("v3", "2016-01-09", 11), claim("v4", "2016-02-09", 13))

    assert costs(record, period="during the last visit").values == money("90")
    assert costs(record, period="during the last hospital stay").values == money("7011")
