"""Any valid plan on any shipped patient -> its built-in wording is supported, sourced, and made of sentences.

Plans are drawn from the tools' own words, the record's own names, and names that it does not have.
"""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.check import check_draft
from agent.check.citations import cited
from agent.context import Brief
from agent.plan import Plan
from agent.writer import BuiltinWriter
from fhir_fixtures import REFERENCE_DATE, records
from tests.agent.scripted import record_of
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence
from tools.calls.operations import IN_TIME, OPERATIONS, Operation, check_operands
from tools.calls.program import gives, named, run_plan
from tools.calls.results import TIMED, Type
from tools.record import PatientRecord
from tools.record.kinds import KINDS

ABSENT = ["gout", "insulin", "lead level", "MICU", "tetanus shot"]
PERIODS = [
    "since 2015",
    "in 2019",
    "before 2010",
    "during the last admission",
    "last year",
    "between 2001 and 2020",
]
PLACES = ["emergency department", "hospital", "MICU"]
UNITS = ["minutes", "hours", "days", "weeks", "months", "years"]
GIVES = [
    "entry", "date", "time", "end", "end time", "count", "distinct", "exists", "absent", "over", "duration", "age",
    "attribute",
]  # fmt: skip
PARTS = [
    "reason",
    "dose",
    "who",
    "where",
    "visit",
    "status",
    "route",
    "detail",
    "body site",
    "reaction",
    "quantity",
]
TESTS: Mapping[str, int] = {
    "above": 1, "below": 1, "at least": 1, "at most": 1, "between": 2, "in range": 0, "out of range": 0, "high": 0,
    "low": 0, "positive": 0, "negative": 0, "found": 0,
}  # fmt: skip
STATISTICS = ["mean", "median", "sum", "count", "range", "change", "percent change", "trend"]
EXAMPLES = 25
"""Plans for each patient."""
RELATIONS = ["before", "after", "after end", "at", "during", "nearest"]
UUID = re.compile(r"urn:uuid:[0-9a-f-]{36}")
INTERNAL = re.compile(
    r"\bNone\b(?!:| in| of)|\bexpected\b|BadArgument|Traceback|Decimal\(|<\w+ object|\{'|\['"
)
"""What is of the program and not of the record; "None:" answers a question."""

Arguments = dict[str, Any]


def _some(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[Arguments]:
    """Return a strategy for none, one, or a few of several arguments."""
    chosen: st.SearchStrategy[list[str]] = st.one_of(
        st.just([]),
        st.sampled_from(sorted(options)).map(lambda name: [name]),
        st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True),
    )
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: options[name] for name in names}))


def _picks(*others: str) -> st.SearchStrategy[Arguments]:
    plain = st.sampled_from(others).map(lambda pick: {"pick": pick})
    nth = st.sampled_from([-3, -2, -1, 1, 2, 12]).map(lambda n: {"pick": "nth", "n": n})
    several = st.sampled_from([{"pick": "first", "n": 2}, {"pick": "last", "n": 3}])
    return st.one_of(st.just({}), plain, nth, several)


@cache
def _names(record: PatientRecord, kind: str) -> Sequence[str]:
    return [term.display for name in KINDS[kind] for term in record.terms(name) if term.display] or ABSENT


def _named(record: PatientRecord, kind: str) -> st.SearchStrategy[Arguments]:
    known, absent = st.sampled_from(_names(record, kind)), st.sampled_from(ABSENT)
    return st.one_of(
        st.just({}), *((name.map(lambda name: {"concept": name})) for name in (known, known, absent))
    )


def _finds(record: PatientRecord, gives: Sequence[str]) -> st.SearchStrategy[Call]:
    narrowed = _some(
        status=st.sampled_from(["active", "past", "stopped"]),
        category=st.sampled_from(["inpatient", "emergency", "laboratory", "food"]),
        reason=st.sampled_from(_names(record, "condition")),
        route=st.sampled_from(["oral", "IV"]),
        place=st.sampled_from(PLACES),
        period=st.sampled_from(PERIODS),
        relation=st.sampled_from(["recorded", "started", "ended", "active"]),
    )

    def of_kind(kind: str) -> st.SearchStrategy[Call]:
        return st.builds(
            lambda named, few, pick, give, part, unit: Call(
                "find",
                {"kind": kind, **named, **few, **pick, "give": give}
                | ({"part": part} if give == "attribute" else {})
                | ({"unit": unit} if give == "duration" and unit else {}),
            ),
            _named(record, kind),
            narrowed,
            _picks("first", "last", "longest", "shortest", "most often"),
            st.sampled_from(gives),
            st.sampled_from(PARTS),
            st.sampled_from([None, *UNITS]),
        )

    return st.sampled_from(sorted(KINDS)).flatmap(of_kind)


def _per(record: PatientRecord) -> st.SearchStrategy[Call]:
    return st.builds(
        lambda kind, per, pick: Call("find", {"kind": kind, "give": "count", "per": per, "pick": pick}),
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["year", "month"]),
        st.sampled_from(["all", "most often"]),
    )


def _tests() -> st.SearchStrategy[Arguments]:
    limit = st.sampled_from([0, 1.5, 7, 98.6, 140])

    def of_test(test: str) -> st.SearchStrategy[Arguments]:
        limits = st.lists(limit, min_size=TESTS[test], max_size=TESTS[test], unique=True)
        return limits.map(lambda numbers: {"test": test, **({"limits": sorted(numbers)} if numbers else {})})

    return st.sampled_from(sorted(TESTS)).flatmap(of_test)


def _measures(record: PatientRecord) -> st.SearchStrategy[Call]:
    panels = st.sampled_from(["blood pressure", "vital signs", "weight", "pain"])
    known = st.sampled_from(_names(record, "observation"))
    concept = st.one_of(known, known, panels, st.sampled_from(ABSENT))
    asked = st.one_of(
        _picks("first", "last", "all", "max", "min"),
        st.sampled_from(["date", "time", "age", "unit"]).map(lambda give: {"give": give}),
        st.sampled_from(STATISTICS).map(lambda statistic: {"statistic": statistic}),
        _tests(),
        st.builds(lambda test, how: {**test, "how": how}, _tests(), st.sampled_from(["any", "all", "none", "count"])),
        st.sampled_from(["any", "none", "count"]).map(lambda how: {"how": how}),
        st.sampled_from(["change", "trend"]).map(lambda s: {"statistic": s, "test": "above", "limits": [0]}),
        st.sampled_from(["lb", "kg", "in", "mg/dL"]).map(lambda unit: {"unit": unit}),
    )  # fmt: skip
    narrowed = _some(period=st.sampled_from(PERIODS), place=st.sampled_from(PLACES))
    return st.builds(lambda c, a, few: Call("measure", {"concept": c, **a, **few}), concept, asked, narrowed)


def _overviews(record: PatientRecord) -> st.SearchStrategy[Call]:
    problem = st.sampled_from(_names(record, "condition")).map(
        lambda name: {"of": "problem", "concept": name}
    )
    since = st.sampled_from(["2015-03-01", "the last visit", "2024"]).map(lambda day: {"since": day})
    plain = st.sampled_from(["record", "patient", "visit", "stay"]).map(lambda of: {"of": of})
    return st.one_of(plain, problem, since).map(lambda arguments: Call("overview", arguments))


def _others() -> st.SearchStrategy[Call]:
    return st.sampled_from(
        [
            Call("timeline", {"period": "in 2019"}),
            Call("notes", {"text": "pain", "pick": "last"}),
            Call("notes", {"pick": "first"}),
            Call("costs", {"give": "billed", "by": "year"}),
            Call("costs", {"give": "count", "period": "since 2015"}),
            Call("profile", {"about": "age"}),
            Call("profile", {"about": "address"}),
            Call("profile", {"about": "gender", "said": "female"}),
        ]
    )


def _beside(call: Call, of: str) -> st.SearchStrategy[Call]:
    within = st.sampled_from([None, 30])
    return st.builds(
        lambda relation, days: Call(
            call.tool,
            {**call.arguments, "when": {"is": relation, "of": of} | ({"within": days} if days else {})},
        ),
        st.sampled_from(RELATIONS),
        within,
    )


def _calculations(calls: Sequence[Call]) -> st.SearchStrategy[Call]:
    """Return a strategy for what can be reckoned with the first of some calls, with both, or with it and a constant."""
    types = {
        "a": gives(calls[0], {}),
        "b": gives(calls[1], {}),
        "now": "times",
        "2015-06-01": "times",
        7: "numbers",
    }
    fitting = [
        {"operation": operation, "of": of}
        for operation in OPERATIONS
        for of in (["a", "b"], ["a"], ["a", "now"], ["a", "2015-06-01"], ["a", 7])
        if _fit(operation, [(str(each), types[each]) for each in of])
    ]
    if not fitting:
        return st.nothing()
    units = st.sampled_from([None, *UNITS])
    return st.builds(
        lambda arguments, unit: Call(
            "calculate",
            arguments | ({"unit": unit} if unit and arguments["operation"] in IN_TIME else {}),
        ),
        st.sampled_from(fitting),
        units,
    )


def _fit(operation: Operation, operands: Sequence[tuple[str, Type]]) -> bool:
    try:
        check_operands(operation, operands, None)
    except BadArgument:
        return False
    return True


def _plans(record: PatientRecord) -> st.SearchStrategy[list[Call]]:
    any_call = st.one_of(
        _finds(record, GIVES),
        _finds(record, GIVES),
        _measures(record),
        _measures(record),
        _per(record),
        _overviews(record) | _others(),
    )
    anchors = _finds(record, ["entry", "entry", "date"]) | _measures(record).filter(
        lambda call: gives(call, {}) in TIMED
    )

    def next_to(calls: tuple[Call, Call]) -> st.SearchStrategy[list[Call]]:
        return _beside(calls[1], "a").map(lambda call: [calls[0], call])

    def reckoned(calls: tuple[Call, Call]) -> st.SearchStrategy[list[Call]]:
        return _calculations(calls).map(lambda call: [*calls, call])

    pairs = st.one_of(
        st.tuples(_measures(record), _measures(record)),
        st.tuples(anchors, anchors),
        st.tuples(_finds(record, ["exists"]), _finds(record, ["exists"])),
        st.tuples(_finds(record, ["count", "duration"]), _finds(record, ["count", "duration"])),
        st.tuples(_per(record), _measures(record)),
    )
    return st.one_of(
        any_call.map(lambda call: [call]),
        any_call.map(lambda call: [call]),
        st.tuples(anchors, _finds(record, GIVES) | _measures(record)).flatmap(next_to),
        pairs.flatmap(reckoned),
    )


def _record(path: Path) -> PatientRecord:
    """Return a shipped record whose references are those of its entries, without a store."""
    text = gzip.decompress(path.read_bytes()).decode()
    named = {
        entry["fullUrl"]: f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for entry in json.loads(text)["entry"]
    }
    text = UUID.sub(lambda found: named.get(found[0], found[0]), text)
    resources = [entry["resource"] for entry in json.loads(text, parse_float=Decimal)["entry"]]
    return record_of(resources, REFERENCE_DATE)


@pytest.mark.parametrize(
    "path", sorted(records().glob("*.json.gz")), ids=lambda path: path.name.partition(".")[0]
)
def test_the_wording_of_any_plan_is_supported(path: Path) -> None:
    record = _record(path)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None, derandomize=True)
    @given(_plans(record), st.booleans())
    def holds(calls: list[Call], yes_no: bool) -> None:
        try:
            evidence = run_plan(calls, record)
        except BadArgument:
            return
        _assert_sound(evidence, record, yes_no)
        plan = Plan(calls=named(calls), yes_no=yes_no)
        answer = BuiltinWriter().write(Brief(question="", plan=plan, evidence=evidence))
        assert check_draft(answer, evidence, record, "").unsupported == (), answer

    holds()


def _assert_sound(evidence: Sequence[Evidence], record: PatientRecord, yes_no: bool) -> None:
    text = BuiltinWriter().write(Brief(question="", plan=Plan(yes_no=yes_no), evidence=evidence))
    assert check_draft(text, evidence, record, "").unsupported == (), text
    recorded = [text for one in evidence for text in (*(fact.text for fact in one.facts), *one.values)]
    longest_first = sorted(map(str, recorded), key=len, reverse=True)
    assert not INTERNAL.search(reduce(lambda rest, line: rest.replace(line, ""), longest_first, text)), text
    for one, paragraph in zip(evidence, text.split("\n\n"), strict=True):
        assert paragraph[:1] == paragraph[:1].strip(), paragraph
        assert paragraph.endswith((".", "]", "more")), paragraph
        assert one.outcome != "found" or not one.references or cited(paragraph), paragraph
