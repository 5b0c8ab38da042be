"""The machine's answer of what a plan found, where yes or no was asked."""

from typing import Any

import pytest

from agent.values import Value, values_of
from tools.calls.evidence import Evidence

ROWS: list[tuple[str, dict[str, Any], tuple[Value, ...]]] = [
    ("a name that was looked for is a yes", {}, (True,)),
    ("so it is where the plan says that entries are given", {"give": "entry"}, (True,)),
    ("a day is no yes", {"give": "date"}, ()),
]


@pytest.mark.parametrize(("arguments", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_was_found_says_yes(arguments: dict[str, Any], expected: tuple[Value, ...]) -> None:
    evidence = Evidence(
        tool="find", arguments={"kind": "condition", **arguments}, outcome="found", values=("Asthma",)
    )
    assert values_of([evidence], yes_no=True) == expected
