"""`fhir-assistant replay` and `fhir-assistant trail`, as a user calls them."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import typer
from sqlalchemy import insert
from typer.testing import CliRunner

from agent.answer import Answer, Citation, Coverage, Usage
from agent.cli.app import app as assistant
from agent.cli.failing import Speaking
from agent.prompts.version import prompt_version
from portal.conversations.tables import conversations, questions
from portal.trail.cli import replay, trail
from portal.trail.difference import difference
from portal.trail.given import MOST
from tests.builders import bundle, observation, patient
from tests.portal.trail.answers_for_tests import ANSWER, NOON, NURSE, QUESTION, WARD, a_trail
from tests.valid import faults_of

ROOT = Path(__file__).parents[3]
ESC = chr(27)
A1C = "What was the last HbA1c?"
app = typer.Typer(cls=Speaking, pretty_exceptions_enable=False)
app.command("replay")(replay)
app.command("trail")(trail)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FHIR_ASSISTANT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FHIR_ASSISTANT_RECORDS", "ada.json")
    monkeypatch.setenv("FHIR_ASSISTANT_MODEL", "none")
    monkeypatch.delenv("FHIR_ASSISTANT_DATABASE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def record(*more: Any, last: float = 6.4) -> None:
    """Ada's record, as it is from now on."""
    held = bundle(
        patient("p1"), observation("a0", value=7.1, when="2018-03-01"), observation("a1", value=last), *more
    )
    Path("ada.json").write_text(json.dumps(held))


@pytest.fixture
def given() -> Path:
    """What `ask --json` printed."""
    record()
    told = CliRunner().invoke(assistant, ["ask", A1C, "--now", "2026-01-01", "--json"])
    assert told.exit_code == 0, told.stderr
    Path("answer.json").write_text(told.stdout)
    return Path("answer.json")


def call(*arguments: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, arguments, prog_name="fhir-assistant")
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


def test_on_the_same_record_it_is_the_same(given: Path) -> None:
    assert call("replay", "answer.json") == (0, f"The same, on the record as it is now: {A1C}\n", "")


def test_a_record_that_grew_elsewhere_gives_the_same(given: Path) -> None:
    record(observation("k1", "Potassium", code="2823-3", value=4.1, unit="mmol/L"))
    assert call("replay", "answer.json")[0] == 0


def test_what_differs_is_shown(given: Path) -> None:
    record(observation("a2", value=8.2, when="2025-11-30"))
    status, out, _ = call("replay", "answer.json")
    assert status == 4
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == f"Different, on the record as it is now: {A1C}"
    assert lines[1:5] == ["values - 6.4", "+ 8.2", "evidence - Observation/a1", "+ Observation/a2"]
    assert any(line.startswith("citations - Observation/a1 2020-12-04") for line in lines)
    assert any(line.startswith("+ The") and "8.2" in line for line in lines)


def test_what_differs_is_json_for_programs(given: Path) -> None:
    record(last=6.5)
    status, out, _ = call("replay", "answer.json", "--json")
    told = json.loads(out)
    assert (status, told["same"], told["text_compared"]) == (4, False, True)
    assert told["changes"]["values"] == {"before": ["6.4"], "after": ["6.5"]}
    assert "evidence" not in told["changes"]
    assert told["after"]["values"] == [6.5]


def test_the_words_of_a_model_are_not_held_against_the_built_in_writer(given: Path) -> None:
    told = json.loads(given.read_text())
    told["answer"], told["usage"]["model"] = "It was 6.4 % [Observation/a1].", "medgemma-27b"
    given.write_text(json.dumps(told))
    status, out, _ = call("replay", "answer.json")
    assert status == 0
    assert "The words were not compared: medgemma-27b wrote them (--again asks it again)." in out


def test_again_asks_the_whole_question(given: Path) -> None:
    told = json.loads(given.read_text())
    told["plan"] = []
    given.write_text(json.dumps(told))
    assert call("replay", "answer.json")[0] == 4
    assert call("replay", "answer.json", "--again")[0] == 0


def test_an_answer_of_the_portal_is_found_by_its_id(given: Path) -> None:
    url = "sqlite:///kept.db"
    answer = {"id": QUESTION, **json.loads(given.read_text())}
    _, database = a_trail(url)
    about = {
        "id": "c",
        "subject": "local",
        "patient": "Patient/p1",
        "scope": "{}",
        "created": 0.0,
        "touched": 0.0,
    }
    asked = {
        "id": QUESTION, "conversation": "c", "position": 1, "text": A1C, "is_reply": False, "scope": "{}",
        "status": "finished", "attempt": 1, "lease": 0.0, "cancelling": False, "events": "[]",
        "answer": json.dumps(answer), "created": 0.0,
    }  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(conversations).values(about))
        connection.execute(insert(questions).values(asked))
    database.close()
    for id in (QUESTION, str(UUID(QUESTION)), UUID(QUESTION).urn):  # a Provenance has the last
        assert call("replay", id, "--database", url)[0] == 0
    status, _, err = call("replay", "f" * 32, "--database", url)
    assert (status, "the id of an answer that is kept there" in err) == (2, True)


@pytest.mark.parametrize(
    "change",
    [
        "",
        "not json",
        "[]",
        "null",
        "[" * 5000,
        '{"question": 1}',
        {"now": "yesterday"},
        {"plan": [{"tool": 1}]},
        {"values": {"a": 1}},
        {"extra": True},
        b"\xff\xfe",
        b"\x00" * 10,
        b'{"question": "' + b"x" * MOST + b'"}',
    ],
    ids=range(13),
)
def test_a_file_that_is_no_answer_is_a_wrong_call(change: Any, given: Path) -> None:
    if isinstance(change, dict):
        change = json.dumps({**json.loads(given.read_text()), **change})
    given.write_bytes(change if isinstance(change, bytes) else change.encode())
    status, out, err = call("replay", "answer.json")
    assert (status, out) == (2, "")
    assert err.startswith(
        "Error: ANSWER 'answer.json': expected one answer as JSON, as `ask --json` prints it"
    )


def test_a_hostile_answer_does_nothing(given: Path) -> None:
    told = json.loads(given.read_text())
    told["question"] = f"{ESC}[2J [red]boo[/red] <script>"
    told["plan"] = [
        {"tool": "__import__", "arguments": {"name": "os"}},
        {"tool": "read", "arguments": {"reference": "Patient/p2", "patient": "Patient/p2"}},
        {"tool": "fhirpath", "arguments": {"expression": "(" * 500}},
    ]
    given.write_text(json.dumps(told))
    status, out, err = call("replay", "answer.json")
    assert (status, ESC in out + err, "[red]boo" in out) == (4, False, True)


@pytest.mark.parametrize("whom", ["Patient/p2", "Patient/../../etc", ""])
def test_nobody_is_a_wrong_call(whom: str, given: Path) -> None:
    given.write_text(json.dumps({**json.loads(given.read_text()), "patient": whom}))
    assert call("replay", "answer.json")[0] == 2


def test_neither_a_file_nor_an_id_is_a_wrong_call() -> None:
    status, _, err = call("replay", "nothing.json")
    assert (status, err) == (
        2,
        "Error: ANSWER 'nothing.json': expected a file, or with --database the id of an answer,"
        " e.g. 'answer.json'.\n",
    )
    assert not Path("data").exists()


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"usage": Usage(model="medgemma-27b", seconds=9.0)}, []),
    ({"coverage": (Coverage(kind="Observation", searched=3),)}, []),
    ({"values": (1,)}, ["values"]),
    ({"values": (True, True)}, ["values"]),
    ({"unit": "%"}, ["unit"]),
    ({"evidence": ("Observation/a1", "Observation/a0")}, []),
    ({"evidence": ("Observation/a1",)}, ["evidence"]),
    ({"coverage": (Coverage(kind="Observation", searched=2, problems=("half",)),)}, ["could not be read"]),
    ({"citations": (Citation(reference="Observation/a0"),)}, ["citations"]),
    ({"outcome": "not recorded", "abstained": True}, ["outcome"]),
    ({"outcome": "not understood", "left_out": ("since the earthquake",)}, ["outcome", "not understood"]),
    ({"outcome": "declined", "declined": "advice"}, ["outcome", "declined"]),
    ({"outcome": "asked back", "ask_back": "Which?", "options": ("a", "b")}, ["outcome", "asked back"]),
    ({"answer": "No.", "usage": Usage()}, []),
    ({"answer": "No."}, ["text"]),
]


@pytest.mark.parametrize(("update", "changed"), CHANGES, ids=range(len(CHANGES)))
def test_what_counts_as_a_difference(update: dict[str, Any], changed: list[str]) -> None:
    after = Answer.model_validate({**ANSWER.model_dump(), **update})
    assert [change.what for change in difference(ANSWER, after).changes] == changed


def test_the_trail_is_a_table_for_auditors() -> None:
    url = "sqlite:///kept.db"
    made, database = a_trail(url)
    made.read(NURSE, "Patient/p1", ["Observation/a0"])
    made.answered(WARD, QUESTION, ANSWER.model_copy(update={"patient": "Patient/p2"}), NOON, NOON)
    made.refused(NURSE, "Another patient.", "Patient/p2")
    database.close()
    status, out, _ = call("trail", "--database", url)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert status == 0
    assert lines[0] == "when what who patient outcome of"
    nurse = "user:https://ehr.example.org/fhir/Practitioner/7"
    assert lines[1] == f"2026-01-01T12:00:00+00:00 refused {nurse} Patient/p2 Another patient. 1 entity"
    assert lines[2] == "2026-01-01T12:00:00+00:00 answered key:ward-portal Patient/p2 done 3 entities"
    assert len(lines) == 5
    assert len(call("trail", "--database", url, "--patient", "p1")[1].splitlines()) == 2
    assert len(call("trail", "--database", url, "--limit", "2")[1].splitlines()) == 3
    assert call("trail", "--database", url, "--since", "2026-01-02")[1] == "Nothing was kept.\n"
    told = [json.loads(line) for line in call("trail", "--database", url, "--json")[1].splitlines()]
    assert [faults_of(resource) for resource in told] == [""] * 4
    assert [resource["resourceType"] for resource in told] == [
        "AuditEvent",
        "Provenance",
        "AuditEvent",
        "AuditEvent",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--database", "sqlite:///none.db"), 1, "there is no file none.db"),
        (("--database", "sqlite:///other.db"), 1, "cannot be read as that of a portal (OperationalError)"),
        (("--database", "postgresql://nobody@127.0.0.1:1/x"), 1, "cannot be read as that of a portal"),
        (("--database", "mysql://x"), 1, "--database: expected"),
        (("--since", "yesterday"), 2, "--since 'yesterday': expected a day or time"),
        (("--limit", "-1"), 2, ""),
    ],
)
def test_a_wrong_call_is_told(arguments: tuple[str, ...], status: int, said: str) -> None:
    sqlite3.connect("other.db").close()
    Path("other.db").touch()
    ended, _, err = call("trail", *arguments)
    assert ended == status
    assert said in err
    assert not Path("none.db").exists()
    assert sqlite3.connect("other.db").execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_the_version_of_the_prompts_is_that_of_their_texts() -> None:
    assert len(prompt_version()) == 12
    assert int(prompt_version(), 16)


def test_another_word_in_a_prompt_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(**texts: str) -> str:
        for name, text in texts.items():
            (tmp_path / f"{name}.md").write_text(text)
        return prompt_version.__wrapped__()

    monkeypatch.setattr("agent.prompts.version.files", lambda package: tmp_path)
    first = version(plan="Plan.", write="Write.")
    assert version(plan="Plan.") == first
    assert version(plan="Plan!") != first
    assert version(plan="Plan.", again="Again.") != first


def test_the_commands_are_there_where_the_portal_is_not_installed() -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = sys.modules['fastapi'] = None\n"
        "from agent.cli.failing import handled\n"
        "from portal.trail.cli import replay_app, trail\n"
        "handled(lambda: trail())"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "This needs sqlalchemy, which is not installed: pip install" in ran.stderr
