import html
import re
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from evaluation.entries import Entry
from evaluation.metrics import summaries
from evaluation.report import ComparisonReport, Report, compare, pages, report
from tests.evaluation.entries_for_tests import entry, full_set
from tools.calls.errors import BadArgument, SetupError

TITLE = "Evaluation of the assistant"
ABOUT = {
    "questions": "ehrqa.jsonl",
    "solver": "agent",
    "model": "none",
    "records": "records",
    "date": "2026-01-01",
}
HOSTILE = "<script>alert('x')</script> $x^{$ & \"quoted\" | `a` [b](c) <img src=x onerror=y>"
AGREEMENT = "agreement with two readers: 95.0 % (89.4–97.7) of 120"


def made(*entries: Entry, **fields: Any) -> Report:
    return report(entries or full_set(40), title=TITLE, about=ABOUT, **fields)


def compared(first: list[Entry], second: list[Entry], **fields: Any) -> ComparisonReport:
    return compare(first, second, names=("navigator", "agent"), title=TITLE, about=ABOUT, **fields)


FULL = full_set()


@pytest.fixture(scope="module")
def page() -> str:
    return report(FULL, title=TITLE, about=ABOUT).html()


def test_a_full_set_gives_a_page_under_3_mb_in_seconds() -> None:
    started = time.perf_counter()
    made_page = report(FULL, title=TITLE, about=ABOUT).html()
    assert len(made_page.encode()) < 3_000_000
    assert time.perf_counter() - started < 20


def test_a_set_that_is_all_wrong_still_fits_and_says_what_was_left_out() -> None:
    told = report(full_set(wrong=5.0), title=TITLE, about=ABOUT)
    shown = told.html()
    count = sum(not each.right for each in told.entries)
    listed = shown.count('<tbody data-category="')
    assert len(shown.encode()) < 3_000_000
    assert 0 < listed < count
    assert (
        f"{listed} of {count} are listed, to keep this file small; {count - listed} are left out here."
        in shown
    )
    assert len(orjson.loads(told.json())["failures"]) == count


def test_the_page_loads_nothing(page: str) -> None:
    assert "http" not in page.replace("http-equiv", "")
    assert not re.search(r"\bsrc(set)?=|@import|url\((?!#)", page)
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', page))


def test_the_policy_lets_only_the_script_of_the_page_run(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'; "
        "form-action 'none'" in page
    )


def test_the_same_entries_give_the_same_bytes(page: str) -> None:
    once, again = (report(FULL, title=TITLE, about=ABOUT) for _ in range(2))
    assert (again.html(), again.json(), again.markdown()) == (page, once.json(), once.markdown())


def test_charts_have_a_title_and_a_description_and_no_id_twice(page: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 4
    for chart in charts:
        assert re.search(r'role="img" aria-labelledby="(\S+)-title \1-told"', chart)
        assert re.search(r"<title id=[^>]*>[^<]+</title><desc id=[^>]*>[^<]+</desc>", chart)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))


def test_charts_take_their_colours_from_the_page(page: str) -> None:
    charts = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert not re.search(r"#[0-9a-f]{6}\b(?!\))", charts)
    assert set(re.findall(r"font-family: ([^;]*)", charts)) == {"var(--sans)"}


SAID = {
    "answer": f"answer {HOSTILE}",
    "plan": ({"tool": "find", "arguments": {"concept": HOSTILE}},),
    "evidence": tuple(f"Observation/{n}" for n in range(11)),
    "unsupported": (f"unsupported {HOSTILE}",),
    "grounded": False,
    "fallback": f"fallback {HOSTILE}",
}
ASKED = {
    "question": HOSTILE,
    "category": HOSTILE,
    "template": HOSTILE,
    "answer": (HOSTILE,),
    "patient": HOSTILE,
}


def hostile() -> Entry:
    return entry("q1", "wrong", asked=ASKED, said=SAID, reason=f"reason {HOSTILE}", scorer=HOSTILE)


@pytest.mark.parametrize(
    "told",
    [
        report([hostile()], title=HOSTILE, about={HOSTILE: HOSTILE}, agreement=HOSTILE),
        compare(
            [hostile()],
            [entry("q1", asked=ASKED)],
            names=(HOSTILE, "agent"),
            title=HOSTILE,
            about={HOSTILE: HOSTILE},
        ),
    ],
    ids=["report", "comparison"],
)
def test_text_of_records_and_models_never_becomes_markup(told: Report | ComparisonReport) -> None:
    shown = told.html()
    assert shown.count("<script>") == 1
    assert "<img" not in shown
    assert html.escape("<script>alert(") in shown
    assert "$x^{$" in shown
    assert "<" not in told.markdown()
    assert HOSTILE in orjson.loads(told.json())["title"]


def test_a_failure_shows_question_gold_plan_evidence_answer_check_and_verdict() -> None:
    shown = html.unescape(made(hostile(), entry("q1", form="choice", asked=ASKED)).html())
    for part in (
        *(f"{name} {HOSTILE}" for name in ("answer", "unsupported", "reason", "fallback")),
        '<dd>find {"concept":"<script>',
        "<dd>Observation/7</dd><dd>and 3 more</dd>",
        "<dd>not supported</dd>",
        "<dd>multiple choice: right</dd>",
        '<b class="tag wrong">wrong</b>',
    ):
        assert part in shown


def test_failures_are_listed_wrong_ones_first() -> None:
    told = made(
        entry("q1", "abstained"), entry("q2", "wrong"), entry("q3", "failed"), entry("q4", "undecided")
    )
    listed = [each["case"]["id"] for each in orjson.loads(told.json())["failures"]]
    assert listed == ["q2", "q3", "q4", "q1"]


def test_the_json_holds_the_numbers_of_the_metrics() -> None:
    told = orjson.loads(made(*FULL).json())
    assert told["forms"] == orjson.loads(
        orjson.dumps({form: asdict(s) for form, s in summaries(FULL).items()})
    )
    assert list(told) == ["title", "about", "agreement", "forms", "failures"]
    assert set(told["failures"][0]) == {"case", "result", "score"}


def test_the_tables_hold_the_numbers_of_the_json() -> None:
    told = made(*FULL)
    right = orjson.loads(told.json())["forms"]["open"]["by"]["category"]["time"]["right"]
    cell = f"{100 * right['value']:.1f} ({100 * right['low']:.1f}–{100 * right['high']:.1f})"
    assert f"| time | open | 380 | {cell} |" in told.markdown()
    assert cell.replace(" (", " <small>(") in told.html()


def test_markdown_is_the_title_what_was_measured_and_tables() -> None:
    told = made(entry("q1"), entry("q2", "wrong", asked={"patient": "p2"})).markdown()
    assert told.startswith(
        "# Evaluation of the assistant\n\n- questions: ehrqa.jsonl\n- solver: agent\n- model: none\n"
        "- records: records\n- date: 2026-01-01\n\n## Verdicts, in % with 95 % intervals\n\n"
        "| form | questions | patients | right | patients drawn | guessing | wrong | abstained | failed | undecided |\n"
        "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        "| open | 2 | 2 | 50.0 (9.5–90.5) | 0.0–100.0 | – | 50.0 (9.5–90.5) | 0.0 (0.0–65.8) | 0.0 (0.0–65.8) "
        "| 0.0 (0.0–65.8) |\n"
    )


def test_the_agreement_of_a_judge_stands_beside_every_number_that_rests_on_it() -> None:
    told = made(entry("q1", scorer="judge: gemma"), entry("q1", form="choice"), agreement=AGREEMENT)
    shown = told.html()
    note = f"† A judge model gave some of the verdicts behind this number; {AGREEMENT}."
    # the tables of verdicts (four dimensions: no record size is known), of risk, and the chart of accuracy
    assert shown.count(note) == 1 + 4 + 1 + 1
    assert "100.0† (20.7–100.0)" in told.markdown()
    assert "| conditions | multiple choice | 1 | 100.0 (20.7–100.0)" in told.markdown()


def test_how_questions_ended_is_a_table_and_stands_beside_each_answer() -> None:
    missed = {"outcome": "not understood", "not_understood": ("since the earthquake",), "values": ()}
    silent = {"outcome": "not recorded", "values": ()}
    told = made(
        entry("q1", said={"outcome": "answered"}),
        entry("q2", "abstained", said=missed),
        entry("q3", "abstained", said=silent),
    )
    rows = [line.split(" (")[0] for line in told.markdown().splitlines() if "| open | 1 |" in line]
    assert "| answered | open | 1 | 100.0" in rows
    assert "| not understood | open | 1 | 0.0" in rows
    assert "not understood: “since the earthquake”" in told.html()
    assert "<small>not recorded</small>" in told.html()


def test_where_a_solver_tells_no_outcome_there_is_no_table_of_them() -> None:
    assert "Verdicts by outcome" not in made(entry("q1")).html()


def test_without_a_judge_there_is_no_mark() -> None:
    assert "†" not in made(agreement=AGREEMENT).html()


def test_a_judge_whose_agreement_was_not_given_is_said_to_have_none() -> None:
    note = "behind this number; its agreement with people was not given."
    assert note in made(entry("q1", scorer="judge: gemma")).markdown()


def test_many_kinds_of_question_are_cut_with_a_word_about_it() -> None:
    told = made(*(entry(f"q{n}", asked={"template": f"kind {n}"}) for n in range(160)))
    assert "10 more are left out here; they are in the JSON under forms, by, template." in told.html()


def test_many_categories_are_all_in_the_table_and_the_worst_in_the_chart() -> None:
    entries = [
        entry(f"q{n}", "wrong" if n == 29 else "right", asked={"category": f"about {n}"}) for n in range(30)
    ]
    shown = made(*entries).html()
    assert "The 24 least accurate of 30 categories." in shown
    assert ">about 29</text>" in shown


def test_categories_in_another_script_or_of_two_lines_are_drawn() -> None:
    shown = made(
        entry("q1", asked={"category": "检查结果"}), entry("q2", asked={"category": "two\nlines"})
    ).html()
    assert ">检查结果</text>" in shown
    assert "| two lines |" in made(entry("q2", asked={"category": "two\nlines"})).markdown()


PLAIN = [
    ("everything right", [entry("q1")], "Every answer was right.", 'id="figure-faults"'),
    ("one run", [entry("q1")], "Verdicts", "Consistency over the runs"),
    ("one level", [entry("q1")], "Risk against coverage, in %", 'id="figure-risk"'),
    ("no tokens", [entry("q1")], "cost at most so many seconds.", "tokens of an answer"),
    ("several runs", [entry("q1"), entry("q1", run=2)], "Consistency over the runs", "unknown"),
    ("nothing answered", [entry("q1", "failed")], "Verdicts", "Risk against coverage"),
]


@pytest.mark.parametrize(("name", "entries", "there", "missing"), PLAIN, ids=[row[0] for row in PLAIN])
def test_what_would_show_nothing_is_left_out(
    name: str, entries: list[Entry], there: str, missing: str
) -> None:
    shown = made(*entries).html()
    assert there in shown
    assert missing not in shown


def test_no_entries_is_an_error() -> None:
    with pytest.raises(BadArgument, match=r"^entries \[\]: expected at least one scored answer"):
        report([], title=TITLE, about=ABOUT)


def test_a_comparison_shows_both_answers_of_what_changed_sides() -> None:
    first = [entry("q1"), entry("q2", "wrong", said={"answer": "It was 9 %."}), entry("q3")]
    second = [entry("q1"), entry("q2"), entry("q3", "failed", said={"failed": "no answer within 60 s"})]
    told = compared(first, second)
    shown = html.unescape(told.html())
    assert [row.split('"')[0] for row in shown.split('data-tag="')[1:]] == ["only navigator", "only agent"]
    assert "It was 9 %." in shown
    assert "no answer within 60 s" in shown
    assert "| open | 3 | 66.7 (20.8–93.9) | 66.7 (20.8–93.9) | 0.0 | 1 | 1 | 1.000 |" in told.markdown()
    held = orjson.loads(told.json())["forms"]["open"]
    assert (held["p"], [pair[0]["case"]["id"] for pair in held["changed"]]) == (1.0, ["q3", "q2"])


def test_a_comparison_of_equals_says_so() -> None:
    assert "Nothing: both runs have the same questions right." in compared([entry()], [entry()]).html()


def test_a_comparison_is_the_same_each_time_and_loads_nothing() -> None:
    first, second = full_set(200, wrong=0.2, seed=2), full_set(200)
    pages_made = {compared(first, second).html() for _ in range(2)}
    assert len(pages_made) == 1
    assert "http" not in pages_made.pop().replace("http-equiv", "")


def test_the_judge_of_either_run_is_noted_in_a_comparison() -> None:
    told = compared([entry("q1", scorer="judge: gemma")], [entry("q1")], agreement=AGREEMENT).markdown()
    assert told.count(AGREEMENT) == 3


@pytest.mark.parametrize(("module", "package"), [("matplotlib.figure", "matplotlib"), ("jinja2", "jinja2")])
def test_a_missing_package_names_the_command(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = made(entry("q1"))
    pages._environment.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SetupError) as refused:
        told.html()
    assert str(refused.value) == (
        f"Metrics and reports need {package}, which is not installed: "
        "pip install 'fhir-record-assistant[evaluation]'."
    )


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = """<script>
addEventListener("load", () => {
  const search = document.getElementById("search");
  search.value = "q2";
  search.dispatchEvent(new Event("input", {bubbles: true}));
});
</script>"""


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_the_page_opens_filters_and_searches_in_a_browser(tmp_path: Path) -> None:
    shown = made(entry("q1", "wrong"), entry("q2", "abstained", asked={"question": HOSTILE})).html()
    policy = "script-src 'sha256-"
    driven = tmp_path / "report.html"
    # the test's own script may run, too; the page has no other way to let one in
    allowed = b64encode(sha256(DRIVER[8:-9].encode()).digest()).decode()
    driven.write_text(
        shown.replace(policy, f"script-src 'sha256-{allowed}' 'sha256-").replace(
            "</body>", f"{DRIVER}</body>"
        )
    )
    assert BROWSER is not None
    dumped = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", driven.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert 'aria-live="polite">1 of 2 shown</output>' in dumped
    assert re.findall(r'<tbody data-category="conditions"[^>]*data-tag="(\w+)"( hidden="")?', dumped) == [
        ("wrong", ' hidden=""'),
        ("abstained", ""),
    ]
    assert dumped.count("<svg") == 3
