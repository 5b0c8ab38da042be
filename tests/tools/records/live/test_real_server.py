"""The same answers from Bundles, from the store and from a real FHIR server that holds the same records."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.assistant import Assistant
from fhir_fixtures import records
from tests.tools.records.live.real_server import load, running
from tools.records import ingest, open_location

ROOT = Path(__file__).parents[4]
PROGRAM = Path(
    os.environ.get("FHIR_ASSISTANT_TEST_SERVER", ROOT / ".venv" / "fhir-server" / "bin" / "sekmet")
)
PEOPLE = ("Brandy_Larson", "Reuben_Beier", "Hue_Gerlach")
EVERY = 4
"""Of the committed questions about them, one in so many is asked."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_server,
    pytest.mark.skipif(
        not PROGRAM.is_file(), reason="there is no FHIR server to start: `make .venv/fhir-server`"
    ),
]


@dataclass(frozen=True)
class Places:
    """The same three records, three times."""

    bundles: Assistant
    store: Assistant
    server: Assistant


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    here = tmp_path_factory.mktemp("places")
    files = [records() / f"{name}.json.gz" for name in PEOPLE]
    (here / "bundles").mkdir()
    for file in files:
        shutil.copy(file, here / "bundles")
    ingest(here / "bundles", here / "store.db", workers=0)
    with running(PROGRAM, here) as base:
        load(base, files)
        opened = [
            open_location(str(place), cache=here / "cache", workers=0)
            for place in (here / "bundles", here / "store.db", base)
        ]
        yield Places(*(Assistant(source, model="none") for source in opened))
        for source in opened:
            source.close()


def shown(answer: Answer) -> dict[str, object]:
    """What must be the same wherever the record lies."""
    return answer.model_dump(include={"answer", "values", "unit", "citations", "evidence", "abstained"})


def questions(places: Places) -> list[dict[str, str]]:
    lines = (records().parent / "ehrqa.jsonl").read_text(encoding="utf-8").splitlines()
    here = {patient.reference for patient in places.bundles.source.patients()}
    ours = [q for q in map(json.loads, lines) if f"Patient/{q['patient']}" in here]
    return ours[::EVERY]


def test_the_answers_are_the_same_everywhere(places: Places) -> None:
    asked = questions(places)
    assert len(asked) == 150
    for question in asked:
        patient, text, now = question["patient"], question["question"], date.fromisoformat(question["now"])
        answers = [each.ask(patient, text, now=now) for each in (places.bundles, places.store, places.server)]
        assert shown(answers[0]) == shown(answers[1]) == shown(answers[2]), text


def test_the_same_patients_are_listed_and_meant(places: Places) -> None:
    bundles, server = places.bundles.source, places.server.source
    assert [p.line() for p in bundles.patients()] == [p.line() for p in server.patients()]
    for typed in ("Brandy Larson", "brandy", "Larson", "Hue", "beier, reuben"):
        assert bundles.find(typed).reference == server.find(typed).reference
