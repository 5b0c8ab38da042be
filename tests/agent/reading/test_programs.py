"""A form and the slots of a question -> the calls of a plan; what has no place in one is refused."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from agent.reading.form import read_heading
from agent.reading.marked import Slot
from agent.reading.program import NoPlaceError, program_of

TEXTS = {
    "problem": ("gout", "Condition", ""),
    "drug": ("metformin", "MedicationRequest", ""),
    "test": ("LDL", "Observation", ""),
    "test2": ("HDL", "Observation", ""),
    "procedure": ("colonoscopy", "Procedure", ""),
    "time": ("in 2019", "", ""),
    "number": ("3", "", "3"),
    "limit": ("180 mg/dL", "", ""),
    "length": ("30 days", "", ""),
    "nth": ("second", "", "2"),
    "person": ("Dr. Osei", "", ""),
}


def slots_of(heading: str) -> dict[str, list[Slot]]:
    roles: dict[str, list[Slot]] = defaultdict(list)
    for name, role in read_heading(heading).roles:
        text, kind, value = TEXTS[name]
        days = ("2019-01-01", "2019-12-31") if name == "time" else ("", "")
        types = (kind,) if kind else ()
        roles[role].append(Slot(name.rstrip("2"), text, 0, 1, types=types, value=value, days=days))
    return roles


ROWS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "find {problem} give=date pick=first",
        [("find", {"kind": "condition", "concept": "gout", "give": "date", "pick": "first"})],
    ),
    (
        "find {drug} period={time}",
        [
            (
                "find",
                {"kind": "medication", "concept": "metformin", "relation": "recorded", "period": "in 2019"},
            )
        ],
    ),
    (
        "find {drug} give=frequency pick=last",
        [
            (
                "find",
                {
                    "kind": "medication",
                    "concept": "metformin",
                    "give": "attribute",
                    "part": "dose",
                    "pick": "last",
                },
            )
        ],
    ),
    (
        "measure {test},{test2}",
        [("measure", {"concept": "LDL", "pick": "last"}), ("measure", {"concept": "HDL", "pick": "last"})],
    ),
    (
        "measure {test} test=above limits={limit} how=any",
        [("measure", {"concept": "LDL", "test": "above", "limits": ["180 mg/dL"], "how": "any"})],
    ),
    (
        "measure {test} before={drug} after={drug}",
        [
            ("find", {"kind": "medication", "concept": "metformin", "pick": "first"}),
            ("measure", {"concept": "LDL", "when": {"is": "before", "of": "a"}, "pick": "last"}),
            ("measure", {"concept": "LDL", "when": {"is": "after", "of": "a"}, "pick": "first"}),
        ],
    ),
    (
        "find {procedure} pick=last then=since-now unit=years",
        [
            ("find", {"kind": "procedure", "concept": "colonoscopy", "pick": "last"}),
            ("calculate", {"operation": "duration", "of": ["a", "now"], "unit": "years"}),
        ],
    ),
    (
        "find encounter category=emergency give=count test=at-least limits={number}",
        [
            ("find", {"kind": "encounter", "give": "count", "category": "emergency"}),
            ("calculate", {"operation": "higher", "of": ["a", 2.0]}),
        ],
    ),
    (
        "find encounter who={person} give=count",
        [("find", {"kind": "encounter", "give": "count", "who": "Dr. Osei"})],
    ),
    (
        "find medication status=active except={drug}",
        [
            ("find", {"kind": "medication", "status": "active"}),
            ("find", {"kind": "medication", "status": "active", "concept": "metformin"}),
            ("calculate", {"operation": "without", "of": ["a", "x0"]}),
        ],
    ),
    (
        "find medication give=exists except={drug}",
        [
            ("find", {"kind": "medication"}),
            ("find", {"kind": "medication", "concept": "metformin"}),
            ("calculate", {"operation": "without", "of": ["a", "x0"]}),
            ("calculate", {"operation": "count", "of": ["rest"]}),
            ("calculate", {"operation": "higher", "of": ["left", 0]}),
        ],
    ),
    (
        "find procedure,medication period={time}",
        [
            ("find", {"kind": "procedure", "relation": "recorded", "period": "in 2019"}),
            ("find", {"kind": "medication", "relation": "recorded", "period": "in 2019"}),
        ],
    ),
    (
        "find {procedure} pick=last said={time}",
        [
            ("find", {"kind": "procedure", "concept": "colonoscopy", "pick": "last"}),
            ("calculate", {"operation": "order", "of": ["2018-12-31", "a", "2020-01-01"]}),
        ],
    ),
    (
        "measure {test} pick=last said={number}",
        [
            (
                "measure",
                {"concept": "LDL", "pick": "last", "test": "between", "limits": [2.5, 3.5], "how": "all"},
            )
        ],
    ),
    (
        "measure {test} period={time},now then=difference",
        [
            ("measure", {"concept": "LDL", "pick": "last", "period": "in 2019"}),
            ("measure", {"concept": "LDL", "pick": "last"}),
            ("calculate", {"operation": "difference", "of": ["a", "b"]}),
        ],
    ),
    (
        "measure {test} pick=last before={procedure} event-period={time}",
        [
            (
                "find",
                {
                    "kind": "procedure",
                    "concept": "colonoscopy",
                    "pick": "first",
                    "period": "in 2019",
                    "relation": "recorded",
                },
            ),
            ("measure", {"concept": "LDL", "pick": "last", "when": {"is": "before", "of": "a"}}),
        ],
    ),
    (
        "measure {test} pick=min during={problem} event-kind=encounter",
        [
            ("find", {"kind": "encounter", "reason": "gout", "pick": "first"}),
            ("measure", {"concept": "LDL", "pick": "min", "when": {"is": "during", "of": "a"}}),
        ],
    ),
    (
        "find encounter category=emergency reason={problem} give=count then=share",
        [
            ("find", {"kind": "encounter", "give": "count", "category": "emergency", "reason": "gout"}),
            ("find", {"kind": "encounter", "give": "count", "category": "emergency"}),
            ("calculate", {"operation": "share", "of": ["a", "b"]}),
        ],
    ),
    (
        "find medication status=active give=count period=now,{time} then=higher",
        [
            ("find", {"kind": "medication", "give": "count", "status": "active"}),
            (
                "find",
                {
                    "kind": "medication",
                    "give": "count",
                    "status": "active",
                    "relation": "active",
                    "period": "in 2019",
                },
            ),
            ("calculate", {"operation": "higher", "of": ["a", "b"]}),
        ],
    ),
    ("measure {test} give=range", [("measure", {"concept": "LDL", "give": "range", "pick": "last"})]),
    (
        "find {problem} give=code",
        [("find", {"kind": "condition", "concept": "gout", "give": "attribute", "part": "code"})],
    ),
]


@pytest.mark.parametrize(("heading", "calls"), ROWS, ids=[row[0] for row in ROWS])
def test_a_form_becomes_these_calls(heading: str, calls: list[tuple[str, dict[str, Any]]]) -> None:
    program = program_of(read_heading(heading), slots_of(heading))
    assert [(call.tool, dict(call.arguments)) for call in program.calls] == calls
    assert program.answer[-1] == program.calls[-1].id


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("measure {test} who={person}", "measure has no place for “Dr. Osei”"),
        ("find {drug} give=dose except={drug}", "find has no place for “metformin”"),
        ("measure {test} nearest={time}", "what it should be next to is not said"),
        ("find {drug} said={number}", "only a time can be checked"),
        ("measure {test} test=above how=any", "the limit is not said"),
        ("measure {test} pick=first statistic=trend", "trend is not of one value"),
        ("find give=date", "it is not said what to find"),
        ("find {drug} pick=nth", "it is not said which"),
    ],
)
def test_what_no_tool_serves_is_refused_and_nothing_near_it_asked(heading: str, why: str) -> None:
    with pytest.raises(NoPlaceError, match=f"^{why}"):
        program_of(read_heading(heading), slots_of(heading))


def test_what_was_given_is_what_was_prescribed_where_the_record_has_no_more() -> None:
    heading = "find administration {drug} give=count"
    prescribed = program_of(read_heading(heading), slots_of(heading), {"MedicationRequest"})
    assert prescribed.calls[0].arguments["kind"] == "medication"


def test_the_value_nearest_to_a_day_needs_no_event() -> None:
    slots = slots_of("measure {test} nearest={time}")
    slots["event"] = [replace(slots["event"][0], text="on 2019-05-03", days=("2019-05-03", "2019-05-03"))]
    program = program_of(read_heading("measure {test} nearest={time}"), slots)
    assert [dict(call.arguments) for call in program.calls] == [
        {"concept": "LDL", "when": {"is": "nearest", "of": "2019-05-03"}}
    ]
