import base64
from datetime import date
from pathlib import Path

import orjson
import pytest

from agent.cli.bars import Row, missed
from evaluation.bench import answering, asked, opening
from evaluation.bench.growing import everything, multiplied, thinned
from tests.builders import bundle, encounter, observation, organization, patient, patient_record
from tests.tools.records_for_tests import note, whole_record
from tools.sources import StoredRecords, ingest

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


def test_every_patient_of_a_store_is_opened_and_asked_every_question(tmp_path: Path) -> None:
    resources = [entry.raw for entry in everything(whole_record())]
    (tmp_path / "ada.json").write_bytes(orjson.dumps(bundle(*resources)))
    store = tmp_path / "records.db"
    ingest(tmp_path, store)
    source = StoredRecords(store)
    groups = asked.questions(source, None, TODAY)
    rows = [*answering.rows(answering.ask(source, groups)), *opening.measure(store, TODAY)]
    source.close()
    assert [len(group) for group in groups] == [len(asked.WORDINGS)]
    assert all(row.measured for row in rows)
