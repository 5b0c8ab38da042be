"""What a heading of the corpus says, field by field; what it cannot say is refused with what is wrong."""

import pytest

from agent.reading.form import BadHeading, Form, read_heading

HEADINGS: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = [
    (
        "find {problem} give=date pick=first",
        {"tool": "find", "give": "date", "pick": "first"},
        [("problem", "target")],
    ),
    ("find medication status=active", {"tool": "find", "kind": "medication", "status": "active"}, []),
    ("find medication {drug}", {"tool": "find"}, [("drug", "target")]),
    ("measure {test} pick=last", {"tool": "measure"}, [("test", "target")]),
    (
        "measure {test} pick=last,first then=difference",
        {"tool": "measure", "statistic": "change"},
        [("test", "target")],
    ),
    (
        "measure {test} pick=last before={drug} within={length}",
        {"tool": "measure", "pick": "last", "event": "before"},
        [("test", "target"), ("drug", "event"), ("length", "within")],
    ),
    (
        "find {problem},{procedure} give=date pick=first then=order",
        {"tool": "find", "give": "exists", "event": "before"},
        [("problem", "target"), ("procedure", "event")],
    ),
    (
        "measure {test} pick=first,last then=higher",
        {"tool": "measure", "statistic": "change", "test": "below", "limits": "0"},
        [("test", "target")],
    ),
    (
        "find procedure,medication period={time}",
        {"tool": "find", "kind": "procedure", "also kind": "medication"},
        [("time", "period")],
    ),
    (
        "timeline period={time} kinds=condition",
        {"tool": "find", "kind": "condition"},
        [("time", "period")],
    ),
    (
        "measure {test} period=now,{time} then=lower",
        {"tool": "measure", "also now": "first", "then": "lower"},
        [("test", "target"), ("time", "period")],
    ),
    (
        "measure {test} pick=last before={procedure} event-period={time}",
        {"tool": "measure", "pick": "last", "event": "before"},
        [("test", "target"), ("procedure", "event"), ("time", "event period")],
    ),
    (
        "find {drug} give=duration status=active",
        {"tool": "find", "give": "duration", "status": "active", "pick": "last"},
        [("drug", "target")],
    ),
    (
        "measure {test} test=above limits={limit} how=any period={time}",
        {"tool": "measure", "test": "above", "limits": "slot", "how": "any"},
        [("test", "target"), ("limit", "limit"), ("time", "period")],
    ),
    (
        "find encounter category=inpatient pick=nth n=-2",
        {"tool": "find", "kind": "encounter", "category": "inpatient", "pick": "nth", "n": "-2"},
        [],
    ),
    ("profile birth-date", {"tool": "profile", "give": "birth date"}, []),
    (
        "measure {test} pick=min during={problem} event-kind=encounter",
        {"tool": "measure", "pick": "min", "event": "during", "event kind": "encounter"},
        [("test", "target"), ("problem", "event")],
    ),
    ("find {problem} give=stage", {"tool": "find", "give": "stage", "pick": "last"}, [("problem", "target")]),
    ("overview since={time}", {"tool": "overview", "give": "record"}, [("time", "since")]),
    ("costs count", {"tool": "find", "kind": "claim", "give": "count"}, []),
    (
        "find {drug} give=dose,reason",
        {"tool": "find", "give": "dose", "also give": "reason"},
        [("drug", "target")],
    ),
]


@pytest.mark.parametrize(("heading", "values", "roles"), HEADINGS, ids=[row[0] for row in HEADINGS])
def test_a_heading_says(heading: str, values: dict[str, str], roles: list[tuple[str, str]]) -> None:
    form = read_heading(heading)
    assert (dict(form.values), list(form.roles)) == ({"act": "answer", **values}, roles)


@pytest.mark.parametrize("heading", ["decline advice", "decline another-patient", "nothing", "beyond"])
def test_what_is_not_answered_asks_for_nothing(heading: str) -> None:
    form = read_heading(heading)
    assert form == Form({"act": heading.removeprefix("decline ").replace("-", " ")})


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("find {disease}", "{disease} is no slot"),
        ("measure {test} pick=newest", "pick: 'newest' is none of all, first, last"),
        ("find {drug} colour=red", "colour= is no field"),
        ("find {drug} colour={word}", "colour={word}: no field takes a slot by that name"),
    ],
)
def test_what_no_field_says_is_refused(heading: str, message: str) -> None:
    with pytest.raises(BadHeading, match=f"^{message}"):
        read_heading(heading)
