"""One patient with 200 000 small Observations -> what it takes to read the file, and to open the record and answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import orjson

from agent.cli.bars import Row
from evaluation.bench import commands

RESULTS = 200_000
_SEED = 7
_BEGAN = datetime(2005, 1, 1, tzinfo=UTC)
_TESTS = (
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 60, 240),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.5, 3),
    ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 3, 6),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 7, 16),
    ("8867-4", "Heart rate", "/min", 50, 130),
    ("9279-1", "Respiratory rate", "/min", 10, 30),
    ("8310-5", "Body temperature", "Cel", 36, 40),
    ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", 85, 100),
    *((f"L{n:03}", f"Bedside reading {n}", "1", 0, 10) for n in range(120)),
)


def measure(folder: Path) -> list[Row]:
    """Write the file into a folder, ingest it, and answer one question in a fresh process.

    Raises:
        SetupError: a command fails.
    """
    file = folder / "many-results.ndjson"
    with file.open("wb") as written:
        written.writelines(orjson.dumps(each) + b"\n" for each in _resources())
    megabytes = file.stat().st_size / 1_000_000
    read = commands.watched(("ingest", str(file), "--json"), folder)
    asked = ("ask", "What was the last glucose?", "--patient", "many", "--records", str(file))
    answered = commands.watched((*asked, "--now", "2026-01-01", "--model", "none"), folder)
    told = f"one patient, {RESULTS} Observations, {megabytes:.0f} MB; the whole command"
    return [
        Row("seconds a 10 MB of small resources, ingest", 10 * read.seconds / megabytes, "s", 1.25, told),
        Row(
            "a record of 200 000 results, ask", answered.worked, "s of processor time", 5, "from a cold start"
        ),
        Row(
            "a record of 200 000 results, peak memory",
            answered.peak and answered.peak / 1_000_000,
            "MB",
            800,
            "the same process",
        ),
    ]


def _resources() -> Iterator[dict[str, object]]:
    yield {"resourceType": "Patient", "id": "many", "birthDate": "1950-01-01", "name": [{"family": "Many"}]}
    random = Random(_SEED)
    for number in range(RESULTS):
        code, name, unit, low, high = random.choice(_TESTS[:8] if random.random() < 0.6 else _TESTS)
        yield {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": "final",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}]},
            "subject": {"reference": "Patient/many"},
            "effectiveDateTime": (_BEGAN + timedelta(minutes=50 * number)).isoformat(),
            "valueQuantity": {"value": round(random.uniform(low, high), 1), "unit": unit},
        }
