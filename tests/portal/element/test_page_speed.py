"""The page is usable within a second on this computer."""

import pytest
from pages_for_tests import Chat

pytestmark = pytest.mark.browser
MARK = "performance.getEntriesByName('record-assistant-usable')[0].startTime"
USABLE = 1000
"""Milliseconds from the request until a question can be typed."""


def test_a_question_can_be_typed_within_a_second(chat: Chat) -> None:
    times = []
    for _ in range(3):
        page = chat.opened()
        page.get_by_role("textbox", name="Your").wait_for()
        times.append(page.evaluate(MARK))
    assert min(times) <= USABLE
