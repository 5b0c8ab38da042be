"""What became of a card is kept; only of cards that were given, to whom they were given."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.hooks.tables import cards, feedback, tokens
from tests.portal.hooks.hooks_for_tests import SERVICE, behind, card_of, local, prefetch, signed

WHEN = "2025-12-11T00:00:00Z"
REASON = {"code": "wrong", "system": "https://assistant.example.org/cds-services/override-reasons"}
ACCEPTED = {"outcome": "accepted", "acceptedSuggestions": [{"id": "e56e1945"}], "outcomeTimestamp": WHEN}
OVERRIDDEN = {"outcome": "overridden", "outcomeTimestamp": WHEN}
EXPLAINED = {**OVERRIDDEN, "overrideReason": {"reason": REASON, "userComment": "Not her."}}
UNKNOWN = "f6b95768-b1c8-40dc-8385-bf3504b82ffb"


def kept(portal: Any) -> list[tuple[Any, ...]]:
    rows = feedback.c
    with portal.app.state.portal.database.reading() as connection:
        found = select(rows.client, rows.outcome, rows.suggestions, rows.reason, rows.comment).order_by(
            rows.id
        )
        return [tuple(row) for row in connection.execute(found)]


def test_feedback_is_kept(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    card = card_of(portal, prefetch=prefetch())["uuid"]
    told = {"feedback": [{"card": card, **each} for each in (ACCEPTED, OVERRIDDEN, EXPLAINED)]}
    answer = portal.post(f"{SERVICE}/feedback", json=told, headers=signed(f"{SERVICE}/feedback"))
    assert (answer.status_code, answer.content) == (204, b"")
    who = "hooks:https://ehr.example.org"
    coded = '{"code": "wrong", "system": "https://assistant.example.org/cds-services/override-reasons"}'
    assert kept(portal) == [
        (who, "accepted", '["e56e1945"]', "", ""),
        (who, "overridden", "[]", "", ""),
        (who, "overridden", "[]", coded, "Not her."),
    ]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"feedback": [{"card": UNKNOWN, **OVERRIDDEN}]}, 404),
        ({"feedback": []}, 422),
        ({}, 422),
        ({"feedback": [{"card": "x", **OVERRIDDEN}]}, 422),
        ({"feedback": [{"card": UNKNOWN, **OVERRIDDEN, "outcome": "ignored"}]}, 422),
        ({"feedback": [{"card": UNKNOWN, "outcome": "accepted", "outcomeTimestamp": WHEN}]}, 422),
        ({"feedback": [{"card": UNKNOWN, "outcome": "overridden"}]}, 422),
        ({"feedback": [{"card": UNKNOWN, **OVERRIDDEN, "outcomeTimestamp": "2025-12-11"}]}, 422),
        ({"feedback": [{"card": UNKNOWN, **OVERRIDDEN, "overrideReason": {"userComment": "x" * 4001}}]}, 422),
    ],
)
def test_feedback_that_is_not_taken(told: dict[str, Any], status: int, tmp_path: Path) -> None:
    portal = behind(tmp_path)
    assert portal.post(f"{SERVICE}/feedback", json=told, headers=signed()).status_code == status
    assert kept(portal) == []


def test_all_of_it_is_kept_or_nothing(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    card = card_of(portal, prefetch=prefetch())["uuid"]
    told = {"feedback": [{"card": card, **OVERRIDDEN}, {"card": UNKNOWN, **OVERRIDDEN}]}
    assert portal.post(f"{SERVICE}/feedback", json=told, headers=signed()).status_code == 404
    assert kept(portal) == []


def test_a_card_belongs_to_whom_it_was_given(tmp_path: Path) -> None:
    card = card_of(behind(tmp_path), prefetch=prefetch())["uuid"]
    told = {"feedback": [{"card": card, **OVERRIDDEN}]}
    assert local(tmp_path).post(f"{SERVICE}/feedback", json=told).status_code == 404


def test_what_is_kept_of_a_card_names_no_patient_and_no_token(tmp_path: Path) -> None:
    portal = behind(tmp_path)
    card_of(portal, prefetch=prefetch())
    with portal.app.state.portal.database.reading() as connection:
        rows = [*connection.execute(select(cards)), *connection.execute(select(tokens))]
    assert "p1" not in str(rows)
    assert "once-" not in str(rows)
