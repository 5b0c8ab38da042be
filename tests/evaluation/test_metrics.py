import subprocess
import sys
from typing import Any

import pytest

from evaluation.entries import Entry
from evaluation.metrics import Rates, Summary, summaries
from evaluation.metrics.consistency import consistency
from evaluation.metrics.cost import cost, stage_costs
from evaluation.metrics.evidence import evidence
from evaluation.metrics.groups import bands, by_record_size
from evaluation.metrics.intervals import mcnemar, mean, share, spread
from evaluation.metrics.rates import rates
from evaluation.metrics.risk import risk_coverage
from evaluation.result import Stage
from evaluation.score import Verdict
from tests.evaluation.entries_for_tests import entry, verdicts
from tools.calls.errors import BadArgument, SetupError

WILSON = [
    (0, 10, 0.0, 0.2775),
    (8, 10, 0.4902, 0.9433),
    (10, 10, 0.7225, 1.0),
    (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
    (15, 148, 0.0624, 0.1605),  # the same
    (0, 20, 0.0, 0.1611),  # the same
    (1, 29, 0.0061, 0.1718),  # the same
]


@pytest.mark.parametrize(("count", "of", "low", "high"), WILSON)
def test_a_share_has_the_interval_of_wilson(count: int, of: int, low: float, high: float) -> None:
    told = share(count, of)
    assert (told.value, round(told.low, 4), round(told.high, 4)) == (count / of, low, high)


MCNEMAR = [(0, 0, 1.0), (1, 9, 22 / 1024), (9, 1, 22 / 1024), (0, 5, 2 / 32), (5, 5, 1.0)]


@pytest.mark.parametrize(("only_first", "only_second", "p"), MCNEMAR)
def test_the_test_of_mcnemar_is_exact(only_first: int, only_second: int, p: float) -> None:
    assert mcnemar(only_first, only_second) == pytest.approx(p)


NOTHING: list[tuple[str, Any, str]] = [
    ("share", lambda: share(0, 0), "of 0: expected at least one question, e.g. '10'."),
    ("mean", lambda: mean([]), "values []: expected at least one question, e.g. \"[('p1', 1.0)]\"."),
    ("spread", lambda: spread([]), "numbers []: expected at least one number, e.g. '[0.2]'."),
    (
        "summaries",
        lambda: summaries([]),
        "entries []: expected at least one scored answer, e.g. 'aligned(cases, results, scores)'.",
    ),
]


@pytest.mark.parametrize(("name", "asked", "message"), NOTHING, ids=[row[0] for row in NOTHING])
def test_no_cases_is_an_error_and_not_zero_per_cent(name: str, asked: Any, message: str) -> None:
    with pytest.raises(BadArgument) as refused:
        asked()
    assert str(refused.value) == message


def test_each_verdict_has_its_rate_and_undecided_counts_as_not_right() -> None:
    told = rates(verdicts(right=6, wrong=1, abstained=2, undecided=1))
    shares = (told.right, told.wrong, told.abstained, told.failed, told.undecided)
    assert [(each.count, each.of) for each in shares] == [(6, 10), (1, 10), (2, 10), (0, 10), (1, 10)]


def test_the_verdicts_of_a_judge_are_counted() -> None:
    assert rates([entry("q1", scorer="judge: medgemma-27b"), entry("q2", scorer="number")]).judged == 1


MEANS = [
    ("one patient has no interval", {"p1": [1, 0, 1, 0]}, 0.5, None, None),
    ("questions of one patient are not independent", {"p1": [1] * 50, "p2": [0] * 50}, 0.5, 0.0, 1.0),
    ("patients with more questions weigh more", {"p1": [1, 1, 1], "p2": [0]}, 0.75, 0.0, 1.0),
    ("all the same", {"p1": [1, 1], "p2": [1]}, 1.0, 1.0, 1.0),
]


@pytest.mark.parametrize(("name", "values", "value", "low", "high"), MEANS, ids=[row[0] for row in MEANS])
def test_a_mean_draws_whole_patients(
    name: str, values: dict[str, list[float]], value: float, low: float | None, high: float | None
) -> None:
    told = mean((patient, each) for patient, own in values.items() for each in own)
    assert (told.value, told.low, told.high) == (value, low, high)
    assert (told.of, told.patients) == (sum(map(len, values.values())), len(values))


def test_a_mean_is_the_same_each_time() -> None:
    values = [(f"p{n % 7}", float(n % 3 == 0)) for n in range(100)]
    assert mean(values) == mean(values)


BANDS = [
    ("three bands of as many records", [1, 2, 3, 4, 5, 6], {(1, 2), (3, 4), (5, 6)}),
    ("equal sizes stay together", [1, 1, 1, 1, 2, 3], {(1, 1), (2, 2), (3, 3)}),
    ("two sizes are two bands", [900, 100], {(100, 100), (900, 900)}),
    ("one size is one band", [100, 100], {(100, 100)}),
    ("none is none", [], set()),
]


@pytest.mark.parametrize(("name", "sizes", "found"), BANDS, ids=[row[0] for row in BANDS])
def test_records_are_banded_by_size(name: str, sizes: list[int], found: set[tuple[int, int]]) -> None:
    assert set(bands(sizes).values()) == found


def test_bands_are_named_by_their_bounds_and_unknown_sizes_left_out() -> None:
    sizes = [900, 0, 2000, 1000, 3000, 2500, 950]
    split = by_record_size([entry(f"q{n}", asked={"record_size": size}) for n, size in enumerate(sizes)])
    assert {name: len(group) for name, group in split.items()} == {
        "900–950": 2,
        "1000–2000": 2,
        "2500–3000": 2,
    }


def of(told: dict[str, Rates]) -> dict[str, str]:
    return {name: f"{each.right.count} of {each.right.of}" for name, each in told.items()}


def one_form(*entries: Entry) -> Summary:
    (told,) = summaries(entries).values()
    return told


def test_groups_are_counted_each_by_itself_and_empty_ones_left_out() -> None:
    told = one_form(
        entry("q1", asked={"category": "time", "steps": 2}),
        entry("q2", "wrong", asked={"category": "conditions", "view": "patient", "steps": 10}),
        entry("q3", asked={"category": "time", "template": "order", "steps": 2}),
    )
    assert {name: of(groups) for name, groups in told.by.items()} == {
        "category": {"conditions": "0 of 1", "time": "2 of 2"},
        "view": {"clinician": "2 of 2", "patient": "0 of 1"},
        "steps": {"2": "2 of 2", "10": "0 of 1"},
        "template": {"latest": "1 of 2", "order": "1 of 1"},
    }


def test_each_form_is_counted_by_itself_and_guessing_only_where_there_are_choices() -> None:
    four = {"answer_choices": tuple("abcd"), "correct_answer": "A"}
    told = summaries([entry("q1"), entry("q1", "wrong", "choice"), entry("q2", form="choice", asked=four)])
    assert {form: (s.questions, s.rates.right.count, s.chance) for form, s in told.items()} == {
        "open": (1, 1, None),
        "choice": (2, 1, 0.375),
    }


def test_with_several_runs_the_rates_are_those_of_the_first() -> None:
    told = one_form(entry("q1"), entry("q2", "wrong"), entry("q1", "wrong", run=2), entry("q2", run=2))
    assert (told.questions, told.rates.right.count, told.cost.seconds.of) == (2, 1, 2)
    assert told.consistency is not None


SURE, HELPED = {"grounded": True}, {"grounded": True, "fallback": "the model did not answer"}
TAKEN_OUT, LOOSE = {"grounded": True, "unsupported": ("on Tuesday",)}, {"grounded": False}
RISKS: list[tuple[str, list[tuple[Verdict, dict[str, Any]]], list[str]]] = [
    (
        "surest first, the others added",
        [("right", SURE), ("right", SURE), ("wrong", HELPED), ("right", TAKEN_OUT), ("wrong", LOOSE),
         ("abstained", {})],
        ["2/6 0/2", "4/6 1/4", "5/6 2/5"],
    ),
    ("one level is one point", [("right", {}), ("wrong", {}), ("failed", {}), ("undecided", {})], ["2/4 1/2"]),
    ("nothing answered is no point", [("abstained", SURE), ("failed", {})], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "points"), RISKS, ids=[row[0] for row in RISKS])
def test_risk_grows_with_what_is_let_through(
    name: str, answers: list[tuple[Verdict, dict[str, Any]]], points: list[str]
) -> None:
    entries = [entry(f"q{n}", verdict, said=said) for n, (verdict, said) in enumerate(answers)]
    told = [(point.coverage, point.risk) for point in risk_coverage(entries)]
    assert [f"{c.count}/{c.of} {r.count}/{r.of}" for c, r in told] == points


def test_retrieval_and_citations_are_means_over_the_questions_with_gold_resources() -> None:
    told = evidence(
        [
            entry("q1", retrieval_precision=1.0, retrieval_recall=0.5, citation_recall=0.0),
            entry("q2", retrieval_precision=0.5, retrieval_recall=0.5),
            entry("q3"),
        ]
    )
    assert told.retrieval_precision is not None
    assert told.citation_recall is not None
    assert (told.retrieval_precision.value, told.retrieval_precision.of) == (0.75, 2)
    assert (told.citation_recall.value, told.citation_recall.of, told.citation_precision) == (0.0, 1, None)


def test_support_counts_only_what_was_checked() -> None:
    said: list[dict[str, Any]] = [SURE, HELPED, LOOSE, {"left_out": 9000}]
    told = evidence([entry(f"q{n}", said=each) for n, each in enumerate(said)])
    assert told.grounded is not None
    assert [(s.count, s.of) for s in (told.grounded, told.stood_in, told.cut)] == [(2, 3), (1, 4), (1, 4)]
    assert evidence([entry()]).grounded is None


RUNS: list[tuple[str, list[list[Verdict]], list[list[Any]], str]] = [
    ("right every time", [["right", "right"]], [[1, 1]], "1/1 1/1 1/1"),
    ("right in some", [["right", "wrong"], ["right", "right"]], [[1, 2], [3, 3]], "1/2 2/2 1/2"),
    ("wrong the same way", [["wrong", "wrong"]], [[2, 2]], "0/1 0/1 1/1"),
    ("not asked every time", [["right", "right", "right"], ["right"]], [[1, 1, 1], [1]], "1/1 1/1 1/1"),
]


@pytest.mark.parametrize(("name", "found", "values", "told"), RUNS, ids=[row[0] for row in RUNS])
def test_consistency_is_over_all_runs(
    name: str, found: list[list[Verdict]], values: list[list[Any]], told: str
) -> None:
    entries = [
        entry(f"q{n}", verdict, run=run, answer=(value,))
        for n, (own, given) in enumerate(zip(found, values, strict=True))
        for run, (verdict, value) in enumerate(zip(own, given, strict=True), 1)
    ]
    held = consistency(entries)
    assert held is not None
    shares = (held.all_right, held.any_right, held.same_values)
    assert " ".join(f"{each.count}/{each.of}" for each in shares) == told


def test_questions_whose_verdict_changes_are_named_and_each_run_has_its_accuracy() -> None:
    held = consistency([entry("q1"), entry("q2"), entry("q1", "wrong", run=2), entry("q2", run=2)])
    assert held is not None
    assert (held.changing, [run.value for run in held.accuracy]) == (("q1",), [1.0, 0.5])


def test_an_abstention_and_a_wrong_silence_are_not_the_same_values() -> None:
    held = consistency([entry("q1", said={"abstained": True}), entry("q1", run=2, said={"failed": "time"})])
    assert held is not None
    assert held.same_values.count == 0


def test_one_run_has_no_consistency() -> None:
    assert consistency([entry("q1"), entry("q2")]) is None


def test_costs_are_spread_over_all_answers_and_stages_over_those_that_went_through() -> None:
    plan = Stage(model_calls=1, prompt_tokens=600, seconds=0.5)
    said: list[dict[str, Any]] = [
        {"prompt_tokens": 100 * n, "completion_tokens": n, "seconds": n} for n in range(20)
    ]
    said[3]["stages"] = {"plan": plan}
    entries = [entry(f"q{n}", said=each) for n, each in enumerate(said)]
    told = cost([each.result for each in entries])
    assert (told.tokens.p50, told.tokens.p95, told.tokens.total) == (909, 1818, 19190)
    assert (told.seconds.of, told.model_calls.p95) == (20, 0)
    assert {name: (c.seconds.of, c.prompt_tokens.p50) for name, c in stage_costs(entries).items()} == {
        "plan": (1, 600)
    }


def test_a_missing_scipy_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    share.cache_clear()
    with pytest.raises(SetupError) as refused:
        share(1, 2)
    assert str(refused.value) == (
        "Metrics and reports need scipy, which is not installed: pip install 'fhir-record-assistant[evaluation]'."
    )


def test_importing_loads_nothing_that_only_the_evaluation_needs() -> None:
    heavy = ("scipy", "numpy", "matplotlib", "jinja2")
    code = (
        f"import sys, evaluation.metrics, evaluation.report; print([m for m in {heavy} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
