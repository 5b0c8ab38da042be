"""What earlier calls found, and constants -> differences, sums, durations, order, what they have in common.

Left out: finding and measuring (`find`, `measure`).
"""

from typing import Literal

from tools.calls.evidence import Evidence, Operand
from tools.record import PatientRecord

Operation = Literal[
    "difference", "percent", "ratio", "sum", "mean", "count", "duration", "longest gap", "order", "earliest", "latest",
    "higher", "lower", "same", "both", "either", "neither", "without",
]  # fmt: skip
Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]


def calculate(
    record: PatientRecord, operation: Operation, of: tuple[Operand, ...], *, unit: Unit | None = None
) -> Evidence:
    """Reckon with what earlier calls found, and with constants."""
    raise NotImplementedError
