"""README.md tells the truth: its commands run, and what it shows of their output is what they print."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from agent.answer import Answer
from agent.assistant import Assistant
from agent.cli.app import app
from agent.cli.ask import NOT_UNDERSTOOD
from agent.demo import QUESTIONS
from agent.graph import mermaid
from evaluation.cli import app as evaluate
from fhir_fixtures import REFERENCE_DATE, records
from portal.database import Database
from tests.builders import bundle, observation, patient
from tools.calls.catalogue import TOOLS
from tools.sources import open_location

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = re.compile(r"(?:\.venv/bin/)?fhir-assistant ")
CUT = "…"
"""In shown output: something was left out here."""


@dataclass(frozen=True)
class Shown:
    """A command and what the README shows of its output; `typed` is what the user says to it."""

    command: str
    lines: tuple[str, ...]

    @property
    def typed(self) -> str:
        return "".join(f"{line.removeprefix('you> ')}\n" for line in self.lines if line.startswith("you> "))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shown() -> Iterator[Shown]:
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.rstrip("\n").split("\n")
            yield Shown(command, tuple(line for line in lines if line.strip()))


def table(heading: str, place: int = 0) -> list[list[str]]:
    """The rows of the table whose first heading is this; of several tables the one at that place."""
    found = re.findall(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert len(found) > place, f"no table begins with {heading!r}"
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in found[place].splitlines()]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


COMMANDS = [block for block in shown() if PROGRAM.match(block.command)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reader stands: with records of their own, and a file of questions."""
    here = tmp_path_factory.mktemp("reader")
    own = here / "my-records"
    own.mkdir()
    for name in ("Aldo_Fay", "Hue_Gerlach"):
        shutil.copy(records() / f"{name}.json.gz", own)
    broken = {key: value for key, value in observation("o1").items() if key != "status"}
    (own / "jo.json").write_text(json.dumps(bundle(patient("p1", given="Jo", family="Doe"), broken)))
    (questions,) = blocks("jsonl")
    (here / "questions.jsonl").write_text(questions)
    source = open_location(str(records()), cache=here / "cache")
    given = Assistant(source, model="none").ask("Adelina Maggio", "How old is she?", now=REFERENCE_DATE)
    (here / "answer.json").write_text(given.model_dump_json())
    (here / "data").mkdir()
    Database(f"sqlite:///{here / 'data' / 'portal.db'}").close()
    return here


@pytest.fixture(autouse=True)
def _stand_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(folder / "cache"))
    monkeypatch.setenv("FHIR_ASSISTANT_DATA", str(folder / "data"))
    monkeypatch.delenv("FHIR_ASSISTANT_RECORDS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(folder)


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Assistant:
    return Assistant(open_location(str(records()), cache=folder / "cache"), model="none")


def missing(lines: tuple[str, ...], output: str) -> list[str]:
    """The lines that the output does not have; blanks do not matter, and "…" stands for anything."""
    real = [" ".join(line.split()) for line in output.splitlines()]
    wanted = [re.compile(".*".join(map(re.escape, " ".join(line.split()).split(CUT)))) for line in lines]
    return [line for line, form in zip(lines, wanted, strict=True) if not any(map(form.fullmatch, real))]


@pytest.mark.slow
def test_the_commands_print_what_is_shown_from_top_to_bottom() -> None:
    for block in COMMANDS:  # a command may read what one above it wrote
        arguments = shlex.split(PROGRAM.sub("", block.command, count=1))
        ran = CliRunner().invoke(app, arguments, prog_name="fhir-assistant", input=block.typed)
        status = NOT_UNDERSTOOD if block.lines[:1] and block.lines[0].startswith("[not understood]") else 0
        assert ran.exit_code == status, (block.command, ran.output)
        assert missing(block.lines, ran.output) == [], (block.command, ran.output)


EXAMPLES = [quoted(row[2])[0] for row in table("command")]
WAITING = {"serve", "mcp"}
"""Commands that listen until they are told to end; other tests run them."""


@pytest.mark.slow
@pytest.mark.parametrize("command", [line for line in EXAMPLES if line.split()[1] not in WAITING])
def test_an_example_of_the_table_of_commands_runs(command: str) -> None:
    ran = CliRunner().invoke(app, shlex.split(command)[1:], prog_name="fhir-assistant", input="/quit\n")
    assert ran.exit_code == 0, ran.output


@pytest.mark.parametrize("command", [line for line in EXAMPLES if line.split()[1] in WAITING])
def test_an_example_that_listens_has_options_that_there_are(command: str) -> None:
    _, name, *words = shlex.split(command)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    found = group.get_command(group.make_context("", [], resilient_parsing=True), name)
    assert found is not None
    assert {word for word in words if word.startswith("-")} <= {o for p in found.params for o in p.opts}


def test_the_first_command_is_one_that_the_demo_runs() -> None:
    make, ask, *_ = [block.command for block in shown()]
    assert make == "make demo"
    _, question, _, patient, _, now = shlex.split(PROGRAM.sub("", ask))
    assert (patient, question) in QUESTIONS
    assert now == REFERENCE_DATE.isoformat()


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)`", README)) <= targets


ANSWERS = [row[1:] for row in table("about")]


@pytest.mark.slow
@pytest.mark.parametrize(("question", "whom", "cell"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_a_question_has_the_answer_of_the_table(
    question: str, whom: str, cell: str, assistant: Assistant
) -> None:
    answer = assistant.ask(whom, question, now=REFERENCE_DATE)
    told, more = quoted(cell), re.search(r"and (\d+) more", cell)
    assert written(answer)[: len(told)] == told
    assert len(answer.values) == len(told) + int(more[1] if more else 0)
    assert cell.endswith(answer.unit)


def written(answer: Answer) -> list[str]:
    """The values as the table writes them: as JSON, texts without quotation marks."""
    return [value if isinstance(value, str) else json.dumps(value) for value in answer.values]


def test_the_diagram_is_the_state_machine() -> None:
    assert [block.strip() for block in blocks("mermaid")] == [mermaid().strip()]


def test_the_nodes_are_those_of_the_diagram() -> None:
    named = [quoted(row[0])[0] for row in table("node")]
    assert named == re.findall(r"^\t([a-z_]+)\(\1\)$", mermaid(), re.MULTILINE)


def test_the_tools_are_those_of_the_catalogue() -> None:
    assert [quoted(row[0])[0] for row in table("tool")] == list(TOOLS)


def test_the_fields_are_those_of_the_answer() -> None:
    assert {name for row in table("field") for name in quoted(row[0])} == set(Answer.model_fields)


@pytest.mark.parametrize(
    ("group", "place"), [(app, 0), (evaluate, 1)], ids=["fhir-assistant", "fhir-assistant evaluate"]
)
def test_every_command_is_told(group: typer.Typer, place: int) -> None:
    command = typer.main.get_command(group)
    assert isinstance(command, TyperGroup)
    told = [quoted(row[0])[0].removeprefix("evaluate ") for row in table("command", place)]
    assert sorted(told) == sorted(command.list_commands(command.make_context("", [], resilient_parsing=True)))


def test_every_path_of_the_layout_exists() -> None:
    paths = [path for row in table("path") for path in quoted(row[0]) + quoted(row[1]) if "/" in path]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_link_and_file_named_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    named = [name for name in re.findall(r"`([\w./]+/[\w./]*)`", README) if name.split("/")[0] in ROOMS]
    assert [path for path in links + named if not (ROOT / path).exists()] == []


ROOMS = {"agent", "tools", "evaluation", "fhir_fixtures", "portal", "tests"}


@cache
def sources() -> str:
    paths = [path for room in ROOMS - {"tests"} for path in (ROOT / room).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


OPERATORS = (ROOT / "portal/deploy/README.md").read_text(encoding="utf-8")
BETWEEN_PROCESSES = {"FHIR_ASSISTANT_SERVING"}
"""Set by the program for its own workers, never by a person."""


def composed() -> set[str]:
    """Variables whose names the code puts together: the same five for each server that wants a token."""
    ends = re.findall(r"\{variable\}(_[A-Z_]*[A-Z])\b", sources())
    whose = re.findall(r'whose: str = "([A-Z]+)"|from_environment\([^)]*, "([A-Z]+)"', sources())
    return {f"FHIR_ASSISTANT_{one or other}{end}" for one, other in whose for end in ends}


def test_the_environment_variables_are_those_of_the_code() -> None:
    name = r"FHIR_ASSISTANT_[A-Z_]*[A-Z]"
    read = set(re.findall(name, sources())) | composed()
    assert set(re.findall(name, README + OPERATORS)) == read - BETWEEN_PROCESSES


def test_the_concept_shown_is_in_the_table_of_concepts() -> None:
    lines = (ROOT / "tools/concepts/concepts.toml").read_text(encoding="utf-8").splitlines()
    assert [line for block in blocks("toml") for line in block.splitlines() if line not in lines] == []


@pytest.mark.slow
def test_the_python_runs_and_prints_what_is_shown() -> None:
    (code,), (printed,) = blocks("python"), blocks("text")
    with redirect_stdout(StringIO()) as out:
        exec(code, {})
    assert missing(tuple(printed.splitlines()), out.getvalue()) == [], out.getvalue()


def test_langgraph_is_told_a_patient_and_a_day_that_exist() -> None:
    (context,) = map(json.loads, re.findall(r"`(\{\"patient\"[^`]*)`", README))
    assert date.fromisoformat(context["now"]) == REFERENCE_DATE
    assert (records() / f"{context['patient'].replace(' ', '_')}.json.gz").exists()


def test_no_path_of_a_machine_is_told() -> None:
    assert re.findall(r"/(?:home|tmp|work|Users|root)/\S*", README) == []
