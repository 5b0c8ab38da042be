import base64
from datetime import date
from pathlib import Path

import orjson
import pytest

from evaluation.bench import answering, asked, opening
from evaluation.bench.growing import everything, multiplied, thinned
from evaluation.bench.prompt import shown, sizes, tokens
from evaluation.bench.row import Row, missed
from tests.builders import bundle, encounter, observation, organization, patient, patient_record
from tests.tools.records_for_tests import note, whole_record
from tools.evidence import Coverage, Evidence, Fact
from tools.records import StoredRecords, ingest

TODAY = date(2021, 7, 1)

VERDICTS = [
    (Row("at the bar", 20.0, "ms", 20), "ok", False),
    (Row("over the bar", 20.1, "ms", 20), "over", True),
    (Row("only told", 20.1, "ms"), "", False),
    (Row("has a bar and could not be measured", None, "MB", 500), "not measured", True),
]


@pytest.mark.parametrize(("row", "verdict", "fails"), VERDICTS, ids=lambda case: getattr(case, "what", ""))
def test_a_bar_that_is_missed_or_not_measured_fails_the_run(row: Row, verdict: str, fails: bool) -> None:
    assert (row.verdict, missed([row])) == (verdict, fails)


def test_a_grown_record_has_the_same_mix_and_copies_that_keep_to_themselves() -> None:
    seen = {"encounter": {"reference": "Encounter/visit"}}
    letter = note("letter", "Feels well.")
    record = patient_record(
        patient(), organization("house"), encounter("visit"), observation("a1c", **seen), letter
    )
    grown = multiplied(thinned(record, 3), 4)
    large = grown.open(grown.reference, TODAY)
    assert large.counts == {
        "Patient": 1, "Organization": 1, "Encounter": 4, "Observation": 4, "DocumentReference": 4
    }  # fmt: skip
    assert len({entry.reference for entry in everything(large)}) == grown.size
    assert [(e.start.day, e.encounter) for e in large.entries("Observation") if e.start] == [
        ("2020-12-01", "Encounter/visit.3"),
        ("2020-12-02", "Encounter/visit.2"),
        ("2020-12-03", "Encounter/visit.1"),
        ("2020-12-04", "Encounter/visit"),
    ]
    written = {e.raw["content"][0]["attachment"]["data"] for e in large.entries("DocumentReference")}
    assert {base64.b64decode(data) for data in written} == {
        b"Feels well.", b"Feels well.\nCopy 1.", b"Feels well.\nCopy 2.", b"Feels well.\nCopy 3."
    }  # fmt: skip


def test_a_record_that_is_too_small_to_be_thinned_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Patient/p1 has 1 resources: expected at least 3\.$"):
        thinned(patient_record(patient(), observation("a1c")), 3)


def test_a_prompt_shows_result_facts_and_what_was_searched() -> None:
    evidence = Evidence(
        tool="measure",
        arguments={"concept": "HbA1c"},
        outcome="found",
        about="Hemoglobin A1c",
        period="in 2020",
        values=(6,),
        unit="%",
        facts=(Fact("Hemoglobin A1c 6 % on 2020-12-04", "Observation/a1c"),),
        total=3,
        coverage=(Coverage("Observation", 676, ("1999-05-02", "2021-03-04"), ("1 not counted: refuted",)),),
        notes=("1 entered in error was not counted",),
    )
    assert shown(evidence).splitlines() == [
        "measure(concept=HbA1c): Hemoglobin A1c, in 2020: 6 %",
        "- Hemoglobin A1c 6 % on 2020-12-04 [Observation/a1c]",
        "(1 of 3 shown)",
        "1 entered in error was not counted",
        "searched 676 Observation 1999-05-02 to 2021-03-04 (1 not counted: refuted)",
    ]


def test_the_tools_fit_a_prompt() -> None:
    assert [row.verdict for row in sizes()] == ["ok", "ok"]
    assert tokens("x" * 35) == 10


def test_every_patient_of_a_store_is_opened_and_asked_every_question(tmp_path: Path) -> None:
    resources = [entry.raw for entry in everything(whole_record())]
    (tmp_path / "ada.json").write_bytes(orjson.dumps(bundle(*resources)))
    store = tmp_path / "records.db"
    ingest(tmp_path, store)
    source = StoredRecords(store)
    groups = asked.questions(source, None, TODAY)
    rows = [*answering.measure(source, groups), *opening.measure(store, TODAY)]
    source.close()
    assert [len(group) for group in groups] == [len(asked.WORDINGS)]
    assert all(row.measured for row in rows)
