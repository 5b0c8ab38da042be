"""Bills, benefits and insurances: what their entries say."""

from typing import Any

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, Resource, code, coded, made, told

BLUE_BUTTON = "https://bluebutton.cms.gov/resources/variables/"


def usd(value: Any) -> Resource:
    return {"value": value, "currency": "USD"}


def line(category: str, value: Any, display: str = "") -> Resource:
    return {"category": {"coding": [{"code": category, "display": display}]}, "amount": usd(value)}


def benefit(**body: Any) -> Resource:
    return made("ExplanationOfBenefit", **({"status": "active", "patient": PATIENT} | body))


CASES = [
    Case(
        "a bill",
        made(
            "Claim",
            status="active",
            use="claim",
            type=code("institutional"),
            patient=PATIENT,
            billablePeriod={"start": "2013-02-25T23:59:05+00:00", "end": "2013-02-26T00:59:05+00:00"},
            created="2013-02-26",
            provider={"reference": "Organization/o1"},
            diagnosis=[{"diagnosisReference": {"reference": "Condition/c1"}}],
            insurance=[{"coverage": {"display": "Medicare"}}],
            priority=code("normal"),
            item=[
                {"productOrService": coded("Check up"), "encounter": [{"reference": "Encounter/e1"}]},
                {"productOrService": coded("Flu shot"), "net": usd(140.52)},
            ],
            total=usd(265.52),
        ),
        {
            "patient": "Patient/p1",
            "display": "Check up",
            "category": ["institutional"],
            "start": "2013-02-25T23:59:05+00:00",
            "end": "2013-02-26T00:59:05+00:00",
            "encounter": "Encounter/e1",
            "where": ["Organization/o1"],
            "reasons": ["Condition/c1"],
            "parts": ["Check up", "Flu shot"],
            "amounts": ["billed 265.52 USD"],
            "details": ["insurance: Medicare"],
        },
    ),
    Case(
        "a bill without a total adds up its items",
        made("Claim", created="2013", item=[{"net": usd(1.1)}, {"net": usd(2.2)}, {"net": usd("?")}]),
        {"start": "2013", "amounts": ["billed 3.3 USD"]},
    ),
    Case(
        "a bill that names no service",
        made("Claim", type=code("pharmacy")),
        {"display": "pharmacy claim", "amounts": []},
    ),
    Case(
        "a request for approval is no bill",
        made("Claim", use="preauthorization"),
        {"void": "preauthorization"},
    ),
    Case("a cancelled bill does not count", made("Claim", status="cancelled"), {"void": "cancelled"}),
    Case(
        "a benefit with item lines, total and payment",
        benefit(
            billablePeriod={"start": "2001-03-30", "end": "2002-03-30"},
            provider={"reference": "Practitioner/d1"},
            insurer={"display": "Medicare"},
            insurance=[{"coverage": {"reference": "#coverage", "display": "Medicare"}}],
            claim={"reference": "Claim/1"},
            outcome="complete",
            item=[
                {
                    "productOrService": coded("Check up"),
                    "adjudication": [
                        line(BLUE_BUTTON + "line_coinsrnc_amt", 28.1),
                        line(BLUE_BUTTON + "line_prvdr_pmt_amt", 112.4),
                        line(BLUE_BUTTON + "line_sbmtd_chrg_amt", 140.5),
                        line(BLUE_BUTTON + "line_alowd_chrg_amt", 140.5),
                        line(BLUE_BUTTON + "line_bene_ptb_ddctbl_amt", 5),
                        {"category": code(BLUE_BUTTON + "line_prcsg_ind_cd")},
                    ],
                },
                {"adjudication": [line(BLUE_BUTTON + "line_coinsrnc_amt", 1)]},
            ],
            total=[line("submitted", 265.5, "Submitted Amount")],
            payment={"amount": usd(112.4)},
        ),
        {
            "display": "Check up",
            "start": "2001-03-30",
            "who": ["Practitioner/d1"],
            "amounts": [
                "coinsurance 29.1 USD",
                "submitted 265.5 USD",
                "allowed 140.5 USD",
                "deductible 5 USD",
                "paid 112.4 USD",
                "out of pocket 34.1 USD",
            ],
            "details": ["insurer: Medicare", "insurance: Medicare", "outcome: complete", "claim: Claim/1"],
        },
    ),
    Case(
        "a benefit without a payment: the benefit was paid, the copay was not",
        benefit(
            created="2005-07-23",
            item=[{"adjudication": [line("submitted", 125.0), line("benefit", 100.0), line("copay", 25.0)]}],
        ),
        {
            "start": "2005-07-23",
            "amounts": ["submitted 125.0 USD", "copay 25.0 USD", "paid 100.0 USD", "out of pocket 25.0 USD"],
        },
    ),
    Case(
        "what the patient paid, as stated",
        benefit(total=[line("copay", 5), line("paidbypatient", 9)]),
        {"amounts": ["copay 5 USD", "out of pocket 9 USD"]},
    ),
    Case(
        "an unknown amount keeps its name", benefit(total=[line("x", 5, "Fine")]), {"amounts": ["fine 5 USD"]}
    ),
    Case("no amounts at all", benefit(), {"amounts": []}),
    Case(
        "an insurance",
        made(
            "Coverage",
            status="active",
            beneficiary=PATIENT,
            payor=[{"reference": "Organization/i1", "display": "Anthem"}],
            type=code("HIP"),
            period={"start": "1969-01-05", "end": "1987-01-04"},
            subscriberId="7",
            **{"class": [{"type": code("plan"), "value": "1", "name": "Gold"}]},
        ),
        {
            "patient": "Patient/p1",
            "display": "Anthem",
            "start": "1969-01-05",
            "end": "1987-01-04",
            "where": ["Organization/i1 Anthem"],
            "details": ["plan: Gold", "type: HIP", "member: 7"],
        },
    ),
    Case(
        "an insurance that ended counts",
        made("Coverage", status="cancelled"),
        {"void": "", "display": "Coverage"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_money(case: Case) -> None:
    assert told(case) == case.expected
