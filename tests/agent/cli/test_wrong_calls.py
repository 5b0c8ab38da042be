"""A wrong call gets one exact sentence on stderr, status 2 and no traceback; a failed run gets status 1."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.agent.cli.calling import call

ASK = ("ask", "How old is she?", "--records", "records")
CHOOSE = "(fhir-assistant patients lists them)"
EXPECTED = (
    "expected Bundles or resources of FHIR R4 (.json), a Bulk Data export (.ndjson), or a .zip of these"
)
USAGE = "Usage: fhir-assistant {0} [OPTIONS] {{{1}}}\nTry 'fhir-assistant {0} -h' for help.\n\n"
ASK_USAGE = USAGE.format("ask", "question")


@dataclass(frozen=True)
class Case:
    id: str
    arguments: tuple[str, ...]
    err: str
    status: int = 2


CASES = [
    Case(
        "nobody named",
        ASK,
        f"Error: --patient '': expected whose record to read, one of 3 {CHOOSE}, e.g. 'Ada Moser'.\n",
    ),
    Case(
        "unknown patient",
        (*ASK, "-p", "Wilhelmina"),
        "Error: No patient answers to 'Wilhelmina'. There are 3 to choose from.\n",
    ),
    Case(
        "ambiguous patient",
        (*ASK, "-p", "Moser"),
        "Error: 'Moser' may be 2 patients: Ada Moser, born 1980-02-29 (Patient/p1); "
        "Ben Moser, born 1980-02-29 (Patient/p2). Name one by its reference.\n",
    ),
    Case(
        "empty question",
        ("ask", " ", "-r", "records", "-p", "Ada"),
        "Error: question ' ': expected words, e.g. 'What was the last HbA1c?'.\n",
    ),
    Case(
        "enormous question",
        ("ask", "why " * 750, "-r", "records", "-p", "Ada"),
        f"Error: question {'why ' * 750!r:.77}...: expected at most 2000 characters, "
        "e.g. 'What was the last HbA1c?'.\n",
    ),
    Case(
        "bytes that are no text",
        ("ask", "How old \udcff", "-r", "records", "-p", "Ada"),
        f"{ASK_USAGE}Error: Invalid value for 'question': expected text in UTF-8.\n",
    ),
    Case(
        "a day in words",
        (*ASK, "-p", "Ada", "--now", "tomorrow"),
        "Error: --now 'tomorrow': expected a day as YYYY-MM-DD, e.g. '2026-01-01'.\n",
    ),
    Case(
        "records that are not there",
        ("ask", "How old?", "-r", "nowhere"),
        f"{ASK_USAGE}Error: Invalid value for --records: {{here}}/nowhere: no such file or folder. "
        "Name a folder, file or zip of FHIR records.\n",
    ),
    Case(
        "a server with a secret in its address",
        ("ask", "How old?", "-r", "https://example.org/fhir?key=secret"),
        f"{ASK_USAGE}Error: Invalid value for --records: A FHIR server is named by its base URL, without user, "
        "password, query or fragment, e.g. https://fhir.example.org/r4.\n",
    ),
    Case(
        "a store that is not there",
        ("patients", "-r", "gone.db"),
        "Usage: fhir-assistant patients [OPTIONS] [text]\nTry 'fhir-assistant patients -h' for help.\n\n"
        "Error: Invalid value for --records: gone.db: there is no such store. "
        "Make it with `fhir-assistant ingest RECORDS --store gone.db`.\n",
    ),
    Case("no question", ("ask",), f"{ASK_USAGE}Error: Missing argument 'question'.\n"),
    Case("unknown option", ("ask", "--frobnicate"), f"{ASK_USAGE}Error: No such option: --frobnicate\n"),
    Case(
        "unknown command",
        ("frobnicate",),
        "Usage: fhir-assistant [OPTIONS] COMMAND [ARGS]...\nTry 'fhir-assistant -h' for help.\n\n"
        "Error: No such command 'frobnicate'.\n",
    ),
    Case(
        "a resource of nobody",
        ("show", "Observation/none", "-r", "records"),
        "Error: REFERENCE 'Observation/none': expected a resource in one of the records, "
        "e.g. 'Observation/76ad356f'.\n",
    ),
    Case(
        "a resource of another patient",
        ("show", "Observation/a1", "-r", "records", "-p", "Carla"),
        "Error: REFERENCE 'Observation/a1': expected a resource in the record of Carla Wood, "
        "e.g. 'Observation/76ad356f'.\n",
    ),
    Case(
        "ingest of nothing",
        ("ingest", "nowhere"),
        f"{USAGE.format('ingest', 'location')}Error: Invalid value for LOCATION: {{here}}/nowhere: "
        "no such file or folder. Name a folder, file or zip of FHIR records.\n",
    ),
    Case(
        "ingest into something else than a store",
        ("ingest", "records", "--store", "out.txt"),
        "Error: --store 'out.txt': expected a file name that ends in .db, e.g. 'records.db'.\n",
    ),
    Case(
        "ingest of a live server",
        ("ingest", "http://example.org"),
        "Error: LOCATION 'http://example.org': expected a folder, a file or an archive "
        "(a server is not ingested, it is read where it is), e.g. './synthea/fhir'.\n",
    ),
    Case(
        "an empty folder",
        ("ask", "How old?", "-r", "empty"),
        f"Error: {{here}}/empty: no records found; {EXPECTED}.\n",
        1,
    ),
    Case(
        "a broken zip",
        ("ask", "How old?", "-r", "broken.zip"),
        f"Error: {{here}}/broken.zip: no records found; {EXPECTED}. broken.zip: not a readable zip archive "
        "(File is not a zip file).\n",
        1,
    ),
    Case(
        "a file of another kind",
        ("ask", "How old?", "-r", "letter.txt"),
        f"Error: {{here}}/letter.txt: no records found; {EXPECTED}. "
        "letter.txt: not .json, .ndjson, .zip or .gz of these.\n",
        1,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_a_wrong_call_is_told(case: Case, records: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "letter.txt").write_text("Dear colleague")
    ran = call(*case.arguments)
    assert (ran.status, ran.out, ran.err) == (case.status, "", case.err.replace("{here}", str(tmp_path)))


def test_a_string_that_names_no_model_is_a_wrong_call(records: str) -> None:
    ran = call(*ASK, "-p", "Ada", "--model", "gpt")
    assert ran.status == 2
    assert "'gpt': expected none, auto, medgemma-27b, " in ran.err


@pytest.mark.parametrize("variable", ["FHIR_ASSISTANT_CACHE", "FHIR_ASSISTANT_DATA"])
def test_a_folder_that_cannot_be_written_is_named(
    variable: str, records: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")
    monkeypatch.setenv(variable, str(tmp_path / "letter.txt"))
    ran = call("chat", "-r", "records", "-p", "Ada", typed="")
    assert ran.status == 1
    assert ran.err.startswith(f"Error: {tmp_path / 'letter.txt'}")
    assert variable in ran.err


@pytest.mark.parametrize(
    "command", ["ask", "chat", "answer", "patients", "ingest", "show", "graph", "doctor"]
)
def test_each_command_explains_itself(command: str) -> None:
    ran = call(command, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"Usage: fhir-assistant {command}")


def test_the_version_is_told() -> None:
    ran = call("--version")
    assert (ran.status, ran.out) == (0, "fhir-assistant 0.1.0\n")
