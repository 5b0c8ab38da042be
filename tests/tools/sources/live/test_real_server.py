"""The same answers from Bundles, from the store and from a real FHIR server that holds the same records.

With the records and questions that ship with the product, and, where they are, with others.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.answer import Answer
from agent.assistant import Assistant
from fhir_fixtures import records
from tests.tools.sources.live.real_server import load, running
from tools.record.scope import Scope
from tools.sources import ingest, open_location
from tools.sources.live import Limits, LiveRecords, chart
from tools.sources.live.chart import in_period
from tools.sources.live.searching import Row

ROOT = Path(__file__).parents[4]
SHARED = ROOT.parent / "shared"
PROGRAM = Path(
    os.environ.get("FHIR_ASSISTANT_TEST_SERVER", ROOT / ".venv" / "fhir-server" / "bin" / "sekmet")
)
PEOPLE = ("Brandy_Larson", "Reuben_Beier", "Hue_Gerlach")
EVERY = 4
"""Of the committed questions about them, one in so many is asked."""
OTHERS = 200
"""Questions about other records that are asked."""
SMALL_PAGES = Limits(page=20)
"""So that a kind has more than a page, as in large records, and a period is read alone."""
Question = dict[str, str]

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


@contextmanager
def placed(here: Path, files: Sequence[Path]) -> Iterator[Places]:
    """Put records into the three places while the block runs."""
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


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with placed(
        tmp_path_factory.mktemp("places"), [records() / f"{name}.json.gz" for name in PEOPLE]
    ) as where:
        yield where


def read(file: Path) -> list[Question]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def questions(places: Places) -> list[Question]:
    here = {patient.reference for patient in places.bundles.source.patients()}
    return [q for q in read(records().parent / "ehrqa.jsonl") if f"Patient/{q['patient']}" in here][::EVERY]


def shown(answer: Answer) -> dict[str, object]:
    """What must be the same wherever the record lies."""
    return answer.model_dump(include={"answer", "values", "unit", "citations", "evidence", "abstained"})


def different(asked: Iterable[Question], scope: Scope | None, *assistants: Assistant) -> list[str]:
    """Return the questions that are not answered alike."""
    found = []
    for question in asked:
        patient, text, now = question["patient"], question["question"], date.fromisoformat(question["now"])
        answers = [shown(each.ask(patient, text, now=now, scope=scope)) for each in assistants]
        found += [] if all(answer == answers[0] for answer in answers) else [text]
    return found


def test_the_answers_are_the_same_everywhere(places: Places) -> None:
    asked = questions(places)
    assert len(asked) == 150
    assert different(asked, None, places.bundles, places.store, places.server) == []


@pytest.mark.parametrize(
    "scope", [Scope.of(since="2015-01-01"), Scope.of(until="2015-01-01")], ids=lambda s: s.text
)
def test_they_are_the_same_of_a_period(places: Places, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[bool] = []

    async def noted(*asked: Any) -> list[Row] | None:
        rows = await in_period(*asked)
        alone.append(rows is not None)
        return rows

    monkeypatch.setattr(chart, "in_period", noted)
    source = places.server.source
    assert isinstance(source, LiveRecords)
    narrowed = LiveRecords(source.location, limits=SMALL_PAGES)
    asked = questions(places)[::3]
    assert different(asked, scope, places.bundles, Assistant(narrowed, model="none")) == []
    assert alone
    assert all(alone)
    narrowed.close()


@pytest.mark.shared
@pytest.mark.skipif(
    not (SHARED / "questions").is_dir(), reason="needs records that are not part of the product"
)
def test_other_records_give_the_same_everywhere(tmp_path: Path) -> None:
    asked = read(SHARED / "questions" / "dev.jsonl")[:OTHERS]
    people = {question["patient"] for question in asked}
    files = [f for f in sorted((SHARED / "records").rglob("*.json")) if _owner(f) in people]
    assert (len(asked), len(files)) == (OTHERS, len(people))
    with placed(tmp_path, files) as where:
        assert different(asked, None, where.bundles, where.store, where.server) == []


def _owner(file: Path) -> str:
    entries = json.loads(file.read_text(encoding="utf-8"))["entry"]
    return next((e["resource"]["id"] for e in entries if e["resource"]["resourceType"] == "Patient"), "")


def test_the_same_patients_are_listed_and_meant(places: Places) -> None:
    bundles, server = places.bundles.source, places.server.source
    assert [p.line() for p in bundles.patients()] == [p.line() for p in server.patients()]
    for typed in ("Brandy Larson", "brandy", "Larson", "Hue", "beier, reuben"):
        assert bundles.find(typed).reference == server.find(typed).reference
