"""What is shipped says the same as the program: its options, its variables, its ports and its health checks."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from portal.cli import serve_app
from portal.metrics import Metrics
from portal.settings import Limits, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "portal" / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
KUBERNETES: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
)
DEPLOYMENT = next(part for part in KUBERNETES if part["kind"] == "Deployment")
CONTAINER = DEPLOYMENT["spec"]["template"]["spec"]["containers"][0]
PAGE = (DEPLOY / "README.md").read_text(encoding="utf-8")
OPTIONS = {option for p in typer.main.get_command(serve_app).params for option in p.opts}
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for room in ("agent", "portal", "tools")
    for path in (ROOT / room).rglob("*.py")
)


def _command() -> list[str]:
    found = re.search(r"^CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    assert found
    return shlex.split(found[1].replace(",", " "))


@pytest.mark.parametrize("command", [_command(), CONTAINER["args"]], ids=["Dockerfile", "Kubernetes"])
def test_the_command_is_one_that_the_program_has(command: list[str]) -> None:
    assert command[0] == "serve"
    assert {word for word in command if word.startswith("--")} <= OPTIONS


def _variables() -> set[str]:
    told = set(re.findall(r"FHIR_ASSISTANT_[A-Z_]+", DOCKERFILE + str(COMPOSE)))
    return told | {v["name"] for v in CONTAINER["env"] if v["name"].startswith("FHIR_ASSISTANT")}


@pytest.mark.parametrize("variable", sorted(_variables()))
def test_a_variable_is_one_that_the_program_reads(variable: str) -> None:
    assert f'"{variable}"' in SOURCES


def test_ports_are_the_one_it_listens_on() -> None:
    port = Settings().port
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert COMPOSE["services"]["assistant"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert CONTAINER["ports"][0]["containerPort"] == port


def test_health_checks_are_paths_of_the_program() -> None:
    checked = set(re.findall(r"/health/[a-z]+", DOCKERFILE)) | {
        CONTAINER[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert checked == {"/health/live", "/health/ready"}
    assert all(f'"{path}"' in SOURCES for path in checked)


def test_every_room_is_in_the_image() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied == {"tools", "agent", "evaluation", "portal", "fhir_fixtures"}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert all(f"!{room}\n" in ignored for room in copied)


def test_it_gets_longer_to_end_than_it_takes() -> None:
    from portal.app import GRACE as ANSWERS
    from portal.serving import GRACE as KILLED
    from portal.worker import GRACE as CONNECTIONS

    assert DEPLOYMENT["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > KILLED
    assert COMPOSE["services"]["assistant"]["stop_grace_period"] == "30s"
    assert ANSWERS + CONNECTIONS < KILLED < 30


def _rows(heading: str) -> list[list[str]]:
    """The first two cells of each row of the page's table that begins with this."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, f"no table begins with {heading!r}"
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in found[1].splitlines()]


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_page_tells_every_option_that_is_of_serve_alone() -> None:
    from portal.mcp.command import app as mcp

    shared = {option for p in typer.main.get_command(mcp).params for option in p.opts} - {"--now"}
    assert {option for row in _rows("option") for option in _named(row[0])} == OPTIONS - shared


def test_the_page_names_every_variable_of_the_settings() -> None:
    told = {name for row in _rows("variable") for name in _named(row[0])}
    read = (ROOT / "portal/settings.py").read_text(encoding="utf-8")
    read += "".join((ROOT / "portal" / name).read_text(encoding="utf-8") for name in ("cli.py", "keys.py"))
    assert set(re.findall(r"FHIR_ASSISTANT_[A-Z_]*[A-Z]", read)) <= told


def test_the_page_names_the_metrics() -> None:
    kinds = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in Metrics().registry.collect()
    }
    assert {name for row in _rows("metric") for name in _named(row[0])} == kinds


def test_the_page_tells_the_limits() -> None:
    from portal.app import GRACE as ANSWERS
    from portal.conversations.answering import _WAITING
    from portal.conversations.kept import _INTERRUPTED, ATTEMPTS, LEASE
    from portal.serving import GRACE as KILLED
    from portal.worker import GRACE as CONNECTIONS

    limits, told = Limits(), dict(row[:2] for row in _rows("of"))
    assert told["a request's body"] == (
        f"{limits.body // 1024} kB; {limits.prefetch // 1024**2} MB of a CDS Hooks call"
    )
    assert told["a request that is no answer"] == f"{limits.seconds:.0f} s"
    assert told["an answer"] == f"{limits.answer:.0f} s"
    assert told["answers at once in a process"].startswith(f"{limits.together}; up to {_WAITING} wait")
    assert told["tries of a question whose process ended in the middle"].startswith(f"{ATTEMPTS}, ")
    kept_open = told["records of patients that stay open in a process"]
    assert kept_open.startswith(f"{limits.records // 1024**3} GiB of memory")
    assert f"deleted {limits.days} days after" in PAGE
    assert f"a sign of life comes every {limits.keep_alive:.0f} s" in PAGE
    assert f"Open ones get {CONNECTIONS} s, then answers that still run {ANSWERS:.0f} s." in PAGE
    assert f"A process that has not ended after {KILLED:.0f} s is killed." in PAGE
    assert f"After {limits.standstill} s it is ended" in PAGE
    assert _INTERRUPTED in PAGE.replace("\n> ", " ")
    assert f"After a kill that happens within {LEASE:.0f} s." in PAGE
    variables = {name: row[-1] for row in _rows("variable") for name in _named(row[0])}
    assert variables["FHIR_ASSISTANT_A_MINUTE"] == str(limits.a_minute)
    assert variables["FHIR_ASSISTANT_STREAMS"] == str(limits.streams)
    assert variables["FHIR_ASSISTANT_STANDSTILL"] == str(limits.standstill)


def test_links_of_the_page_lead_somewhere() -> None:
    assert [to for to in re.findall(r"\]\(([^)#:]+)\)", PAGE) if not (DEPLOY / to).exists()] == []
