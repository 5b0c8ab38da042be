"""Evidence of several calls -> the machine's answer: true or false, numbers, names as recorded, ISO dates."""

from collections.abc import Sequence
from decimal import Decimal

from agent.plan import Plan
from tools.calls.evidence import Evidence, Scalar
from tools.calls.program import run_plan
from tools.record import PatientRecord

Value = bool | int | float | str


def values_of(evidence: Sequence[Evidence], yes_no: bool) -> tuple[Value, ...]:
    """Return the machine's answer of several calls, in order; a yes-or-no question gets true or false."""
    per_call = [_truth(e) if yes_no else e.values for e in evidence]
    return tuple([plain(value) for values in per_call for value in values])


def values_by(plan: Plan, record: PatientRecord) -> tuple[Value, ...]:
    """Return the machine's answer of a plan, run on a record; each of its calls has an id.

    Raises:
        ToolFailure: a call could not be served.
    """
    return values_of(plan.answers(run_plan(plan.calls, record)), plan.yes_no)


def plain(value: Scalar) -> Value:
    """Return a scalar as JSON has it: a Decimal without decimals is an int, else a float."""
    if not isinstance(value, Decimal):
        return value
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else float(value)


def _truth(evidence: Evidence) -> tuple[Scalar, ...]:
    """Return the truth that a call decides; whether there are entries, where a plan only looked for them."""
    values, give = evidence.values, evidence.arguments.get("give", "entry")
    if all(isinstance(value, bool) for value in values) and values:
        return values
    if evidence.tool != "find" or give != "entry" or evidence.outcome in ("unreadable", "no value"):
        return ()
    return (evidence.outcome == "found",)
