"""FHIR R4 `ExplanationOfBenefit` -> `Entry`: what an insurer decided about a bill.

Fields as in `claim`. Amounts, as far as the record gives them, a total before the sum of the items:
"submitted", "allowed", "paid" (payment, else the benefit), "copay", "deductible", "coinsurance",
"noncovered", "out of pocket" (as stated, else copay + deductible + coinsurance), and others under their own
name in lower case. Details: "insurer", "insurance", "outcome", "claim", "disposition".
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from tools.entries.claim import insurance, insurer, parties, services, unbilled
from tools.entries.concepts import also, code_of, concept, labels
from tools.entries.entry import JSON, Amount, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.quantities import money
from tools.entries.references import reference
from tools.entries.shape import obj, objs, text

_LABELS = {
    "submitted": "submitted",
    "line_sbmtd_chrg_amt": "submitted",
    "eligible": "allowed",
    "line_alowd_chrg_amt": "allowed",
    "benefit": "benefit",
    "paidtoprovider": "benefit",
    "line_prvdr_pmt_amt": "benefit",
    "line_nch_pmt_amt": "benefit",
    "copay": "copay",
    "deductible": "deductible",
    "line_bene_ptb_ddctbl_amt": "deductible",
    "coinsurance": "coinsurance",
    "line_coinsrnc_amt": "coinsurance",
    "paidbypatient": "out of pocket",
    "memberliability": "out of pocket",
}
_OWN_SHARE = ("copay", "deductible", "coinsurance")


def parse(resource: JSON) -> Entry:
    """Read an ExplanationOfBenefit."""
    items = objs(resource.get("item"))
    service = concept(items[0].get("productOrService")) if items else concept(None)
    when = times(resource, "billablePeriod", "created")
    base = head(resource)
    base["void"] = base["void"] or unbilled(resource)
    return Entry(
        **base,
        display=service.display or " ".join([code_of(resource.get("type")), "benefit"]).strip(),
        codings=service.codings,
        category=labels(resource.get("type")),
        start=when.start,
        end=when.end,
        **parties(resource),
        parts=services(items),
        amounts=_amounts(resource, items),
        details=also(service) + when.odd + _details(resource),
    )


def _details(resource: JSON) -> tuple[tuple[str, str], ...]:
    return details(
        ("insurer", insurer(resource)),
        ("insurance", insurance(resource)),
        ("outcome", text(resource.get("outcome"))),
        ("claim", reference(obj(resource.get("claim")))),
        ("disposition", text(resource.get("disposition"))),
    )


def _amounts(resource: JSON, items: object) -> tuple[Amount, ...]:
    stated = _sums(objs(resource.get("total")))
    summed = _sums([line for item in objs(items) for line in objs(item.get("adjudication"))])
    found = summed | stated
    benefit = found.pop("benefit", None)
    paid = money("paid", obj(resource.get("payment")).get("amount"))
    found |= {"paid": paid} if paid else {"paid": benefit} if benefit else {}
    share = [found[label] for label in _OWN_SHARE if label in found]
    if share and "out of pocket" not in found:
        found["out of pocket"] = Amount("", sum((s.value for s in share), Decimal()), share[0].currency)
    return tuple(Amount(label, amount.value, amount.currency) for label, amount in found.items())


def _sums(lines: Any) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for line in lines:
        amount = money("", line.get("amount"))
        if amount:
            label = _label(line)
            before = found.get(label)
            found[label] = Amount("", before.value + amount.value, before.currency) if before else amount
    return found


def _label(line: JSON) -> str:
    category = concept(line.get("category"))
    code = category.codings[0].code if category.codings else ""
    return _known(code, category.display)


@lru_cache(maxsize=1024)
def _known(code: str, display: str) -> str:
    """Return the label of an adjudication category; Blue Button codes are URLs that end in a variable."""
    return _LABELS.get(code.rpartition("/")[2].lower()) or display.lower() or "other"
