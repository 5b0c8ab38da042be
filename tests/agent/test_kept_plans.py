"""Plans that version 0.1 kept become those of today: answers can be run again."""

from typing import Any

import pytest

from agent.kept import translated, with_plan
from tools.calls.program import faults, named

ROWS: list[tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]] = [
    ("find", {"kind": "condition"}, [("find", {"kind": "condition"})]),
    (
        "find",
        {"kind": "medication", "concept": "statin", "give": "dose", "pick": "last"},
        [("find", {"kind": "medication", "concept": "statin", "give": "attribute", "part": "dose", "pick": "last"})],
    ),
    (
        "find",
        {"kind": "coverage", "give": "years", "period": "since 2015"},
        [
            (
                "find",
                {
                    "kind": "coverage",
                    "period": "since 2015",
                    "give": "duration",
                    "unit": "years",
                    "relation": "active",
                },
            )
        ],
    ),
    (
        "find",
        {"kind": "encounter", "give": "end", "nth": 2, "period": "in 2015"},
        [
            (
                "find",
                {
                    "kind": "encounter",
                    "period": "in 2015",
                    "give": "end",
                    "pick": "nth",
                    "n": 2,
                    "relation": "ended",
                },
            )
        ],
    ),
    ("measure", {"concept": "LDL", "give": "value", "pick": "last"}, [("measure", {"concept": "LDL", "pick": "last"})]),
    ("measure", {"concept": "LDL", "pick": "previous"}, [("measure", {"concept": "LDL", "pick": "nth", "n": -2})]),
    ("measure", {"concept": "LDL", "pick": "mean"}, [("measure", {"concept": "LDL", "statistic": "mean"})]),
    (
        "measure",
        {"concept": "LDL", "pick": "exists", "above": 130.0},
        [("measure", {"concept": "LDL", "how": "any", "test": "above", "limits": [130.0]})],
    ),
    (
        "measure",
        {"concept": "LDL", "pick": "last", "give": "fits", "flagged": "normal"},
        [("measure", {"concept": "LDL", "pick": "last", "test": "in range", "how": "all"})],
    ),
    (
        "measure",
        {"concept": "LDL", "pick": "trend", "give": "fits", "below": 0.0},
        [("measure", {"concept": "LDL", "statistic": "trend", "test": "below", "limits": [0.0]})],
    ),
    ("measure", {"concept": "RSV", "pick": "found"}, [("measure", {"concept": "RSV", "how": "any", "test": "found"})]),
    ("overview", {"about": "visit"}, [("overview", {"of": "visit"})]),
    ("costs", {"give": "paid"}, [("costs", {"give": "paid"})]),
    (
        "compare",
        {"first": "condition: asthma", "second": "2015-03", "give": "before"},
        [
            ("find", {"kind": "condition", "concept": "asthma", "pick": "first"}),
            ("calculate", {"operation": "order", "of": ["a", "2015-03"]}),
        ],
    ),
    (
        "compare",
        {"first": "measure: last LDL", "second": "measure: previous LDL", "give": "higher"},
        [
            ("measure", {"concept": "LDL", "pick": "last"}),
            ("measure", {"concept": "LDL", "pick": "nth", "n": -2}),
            ("calculate", {"operation": "higher", "of": ["a", "b"]}),
        ],
    ),
    (
        "compare",
        {"first": "medication: metformin", "second": "encounter: last admission", "give": "during"},
        [
            ("find", {"kind": "encounter", "period": "during last admission", "pick": "first"}),
            (
                "find",
                {
                    "kind": "medication",
                    "concept": "metformin",
                    "give": "exists",
                    "relation": "active",
                    "when": {"is": "at", "of": "b"},
                },
            ),
        ],
    ),
    (
        "compare",
        {"first": "A1c", "second": "insulin", "give": "around"},
        [
            ("find", {"kind": "any", "concept": "insulin", "pick": "first"}),
            ("measure", {"concept": "A1c", "pick": "last", "when": {"is": "before", "of": "b"}}),
            ("measure", {"concept": "A1c", "pick": "first", "when": {"is": "after", "of": "b"}}),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments", "today"), ROWS, ids=lambda part: str(part)[:60])
def test_a_call_of_version_0_1_becomes_calls_of_today_that_can_be_run(
    tool: str, arguments: dict[str, Any], today: list[tuple[str, dict[str, Any]]]
) -> None:
    calls = translated(tool, arguments)
    assert [(call.tool, call.arguments) for call in calls] == today
    assert faults(named(calls)) == {}


def test_the_steps_of_a_kept_answer_get_ids_and_only_the_last_of_each_answers() -> None:
    kept = {
        "plan": [
            {"tool": "compare", "arguments": {"first": "asthma", "second": "gout", "give": "days"}},
            {"tool": "profile", "arguments": {"about": "age"}},
        ]
    }
    plan = with_plan(kept)["plan"]
    assert [(step["id"], step["tool"], step["answers"]) for step in plan] == [
        ("s0a", "find", False),
        ("s0b", "find", False),
        ("s0c", "calculate", True),
        ("s1a", "profile", True),
    ]
    assert plan[2]["arguments"] == {"operation": "duration", "of": ["s0a", "s0b"]}


def test_both_values_around_an_event_answer() -> None:
    kept = {
        "plan": [{"tool": "compare", "arguments": {"first": "A1c", "second": "insulin", "give": "around"}}]
    }
    assert [step["answers"] for step in with_plan(kept)["plan"]] == [False, True, True]


def test_a_plan_of_today_stays_as_it_is() -> None:
    kept = {"plan": [{"id": "a", "tool": "profile", "arguments": {"about": "age"}}]}
    assert with_plan(kept) is kept
