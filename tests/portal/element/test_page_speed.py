"""The page is usable within a second on this computer."""

import pytest
from pages_for_tests import Chat

pytestmark = pytest.mark.browser
USABLE = 1000
"""Milliseconds from the request until a question can be typed."""


def test_a_question_can_be_typed_within_a_second(chat: Chat) -> None:
    times = []
    for _ in range(3):
        page = chat.opened()
        page.wait_for_function(
            "document.querySelector('record-assistant')?.shadowRoot?.querySelector('#question')"
        )
        times.append(page.evaluate("performance.now()"))
    assert min(times) <= USABLE
