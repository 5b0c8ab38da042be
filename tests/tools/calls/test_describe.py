"""The page about the tools: what is committed is what the tools say now."""

from inspect import signature
from pathlib import Path
from typing import get_args

import pytest

from tools.calls import describe
from tools.calls.catalogue import TOOLS
from tools.calls.measure import measure
from tools.calls.operations import OPERATIONS, Operation
from tools.calls.program import check
from tools.calls.results import Type
from tools.finding.windows import Relation

DOCS = Path(__file__).parents[3] / "docs" / "tools.md"


def test_the_committed_page_is_what_the_command_gives() -> None:
    assert DOCS.read_text(encoding="utf-8") == describe.page(), (
        "python -m tools.calls.describe > docs/tools.md"
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_has_a_section_in_which_each_argument_is_explained(tool: str) -> None:
    section = describe.page().partition(f"\n## {tool}\n")[2].partition("\n## ")[0]

    assert "Returns: " in section
    assert "|  |" not in section, "an argument without a word in the docstring"


@pytest.mark.skipif("when" not in signature(measure).parameters, reason="measure does not take `when` yet")
def test_the_plan_that_it_shows_can_run() -> None:
    check(describe.EXAMPLE)


@pytest.mark.parametrize("word", [*get_args(Relation), *get_args(Type), *get_args(Operation)])
def test_every_word_of_a_plan_is_explained(word: str) -> None:
    assert f"\n| `{word}` | " in describe.page()


def test_every_operation_says_what_it_takes() -> None:
    assert set(OPERATIONS) == set(get_args(Operation))
