"""Which of several versions of a result counts, and what the others say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import Resource, observation
from tools.entries import parse
from tools.entries.versions import latest


def result(id: str, status: str, value: float, **more: Any) -> Resource:
    return observation(id, value=value, status=status, **more)


def numbered(id: str, status: str, value: float, when: str, **more: Any) -> Resource:
    return result(id, status, value, when=when, identifier=[{"value": "A-7"}], **more)


@dataclass(frozen=True)
class Case:
    id: str
    results: Sequence[Resource]
    void: dict[str, str]
    earlier: dict[str, list[str]]


CASES = [
    Case(
        "a corrected result replaces the preliminary and the final one",
        [result("c", "corrected", 4.2), result("p", "preliminary", 7.4), result("f", "final", 4.4)],
        {"p": "preliminary, then corrected", "f": "final, then corrected"},
        {"c": ["4.4 %, final", "7.4 %, preliminary"]},
    ),
    Case("a preliminary result that nothing follows counts", [result("p", "preliminary", 7.4)], {}, {}),
    Case("two final ones are two measurements", [result("a", "final", 1), result("b", "final", 2)], {}, {}),
    Case(
        "of two corrections the one issued last",
        [
            result("new", "amended", 4.1, issued="2020-12-06T08:00:00Z"),
            result("old", "corrected", 4.2, issued="2020-12-05T08:00:00Z"),
        ],
        {"old": "corrected, then amended"},
        {"new": ["4.2 %, corrected"]},
    ),
    Case(
        "an identifier tells it at another minute of the day",
        [
            numbered("p", "preliminary", 7.4, "2020-12-04T08:00:00Z"),
            numbered("f", "final", 4.2, "2020-12-04T08:20:00Z"),
        ],
        {"p": "preliminary, then final"},
        {"f": ["7.4 %, preliminary"]},
    ),
    Case(
        "an identifier that a series of measurements shares tells nothing",
        [
            numbered("0", "final", 5, "2020-12-04T08:00:00Z"),
            numbered("60", "final", 9, "2020-12-04T09:00:00Z"),
            numbered("120", "corrected", 7, "2020-12-04T10:00:00Z"),
        ],
        {},
        {},
    ),
    Case(
        "another specimen is another result",
        [
            result("p", "preliminary", 7.4, specimen={"display": "Urine"}),
            result("f", "final", 4.2, specimen={"display": "Blood"}),
        ],
        {},
        {},
    ),
    Case(
        "what was cancelled after a preliminary result withdraws it",
        [
            result("p", "preliminary", 7.4, issued="2020-12-05T08:00:00Z"),
            result("x", "cancelled", 0, issued="2020-12-05T09:00:00Z"),
        ],
        {"p": "preliminary, then cancelled", "x": "cancelled"},
        {},
    ),
    Case(
        "what was cancelled does not touch a final result",
        [result("f", "final", 4.2), result("x", "cancelled", 0, issued="2020-12-05T09:00:00Z")],
        {"x": "cancelled"},
        {},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_last_version_counts_and_tells_the_others(case: Case) -> None:
    known = {entry.raw["id"]: entry for entry in latest([parse(one) for one in case.results])}
    assert list(known) == [one["id"] for one in case.results]
    assert {id: entry.void for id, entry in known.items() if entry.void} == case.void
    earlier = {
        id: [text for name, text in entry.details if name == "earlier version"] for id, entry in known.items()
    }
    assert {id: told for id, told in earlier.items() if told} == case.earlier
