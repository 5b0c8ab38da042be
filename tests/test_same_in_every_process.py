"""What is said does not hang on the order of sets, which Python draws anew for each process (PYTHONHASHSEED)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE, records
from tests.builders import patient
from tools.calls.errors import BadArgument, UnknownPatient
from tools.concepts.lexicon import lexicon
from tools.concepts.spelling import said_for
from tools.finding.passages import Page, search
from tools.record.scope import Scope
from tools.sources import open_location

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "When was the last nitrotes?",
    "Does he take advir?",
    "What was his last HbA1c?",
    "What are his active problems?",
    "Summarise this patient",
    "What happened in 2014?",
    "What do the notes say about fevr?",
)
NAMESAKES = ("Mara Lind", "Mira Lind", "Mora Lind", "Mura Lind", "Myra Lind")


def misspelt() -> Iterator[str]:
    """Every word of the lexicon without its third letter, and the words it may be meant for."""
    for word in sorted(lexicon().words):
        slip = word[:2] + word[3:]
        yield f"{slip}: {', '.join(said_for(slip))}"


def in_notes() -> Iterator[str]:
    """Which of several words that are equally like what was asked for is looked for in notes."""
    found, _ = search("lisinopril", [Page(f"On lisinopril {letter}.") for letter in "abcdefg"])
    yield from (each.text for each in found)


def refused() -> Iterator[str]:
    """Which of several wrong kinds an error names."""
    try:
        Scope(frozenset({"drug", "lab", "visit", "note", "plan"}))
    except BadArgument as error:
        yield str(error)


def near() -> Iterator[str]:
    """Which patients of one file are told to be near to a name that nobody has."""
    with TemporaryDirectory() as folder:
        people = [patient(f"p{n}", *name.split()) for n, name in enumerate(NAMESAKES)]
        file = Path(folder) / "people.json"
        file.write_text(json.dumps(people))
        try:
            open_location(str(file), cache=Path(folder)).find("Mera Lind")
        except UnknownPatient as error:
            yield str(error)


def answered() -> Iterator[str]:
    """Whole answers, without the time they took."""
    with TemporaryDirectory() as folder:
        source = open_location(str(records() / "Aldo_Fay.json.gz"), cache=Path(folder))
        assistant = Assistant(source, model="none")
        for question in QUESTIONS:
            yield assistant.ask("Aldo Fay", question, now=REFERENCE_DATE).model_dump_json(exclude={"usage"})


TOLD: Mapping[str, Callable[[], Iterator[str]]] = {
    "what a misspelt word may mean": misspelt,
    "the word that is looked for in notes": in_notes,
    "the kind that an error names": refused,
    "the patients near to a name": near,
    "whole answers": answered,
}


@pytest.fixture(scope="module")
def processes() -> list[dict[str, list[str]]]:
    code = (
        "import json; from tests.test_same_in_every_process import TOLD;"
        "print(json.dumps({name: list(told()) for name, told in TOLD.items()}))"
    )
    return [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code],
                capture_output=True,
                check=True,
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
            ).stdout
        )
        for seed in ("0", "1", "2")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("what", TOLD)
def test_three_processes_say_the_same(what: str, processes: list[dict[str, list[str]]]) -> None:
    first, second, third = (told[what] for told in processes)
    assert first
    assert [one for one, *others in zip(first, second, third, strict=True) if {*others} != {one}] == []
