"""The pictures of the page in the READMEs: taken over the real portal, and nothing in them is cut off.

`PICTURES=portal/element/pictures pytest tests/portal/element/test_page_pictures.py` takes them anew.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pages_for_tests import Chat, ask, served
from playwright.sync_api import Browser, Page, expect

from portal.app import make
from tests.portal.portal_for_tests import ADELINA, a_portal

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEPT = Path(__file__).parents[3] / "portal" / "element" / "pictures"
WIDE, NARROW = (1280, 800), (390, 780)


def answer_beside_its_source(page: Page) -> None:
    ask(page, "What medications are active?")
    page.get_by_role("button", name="New conversation").click()
    ask(page, "Is there any record of malaria?")
    ask(page, "What was the last blood pressure?")
    page.locator(".turns").evaluate("all => all.scrollTo(0, 0)")
    page.get_by_role("button", name="Source 1: Systolic").first.click()
    expect(page.locator("ra-trend button.point").first).to_be_visible()


def timeline(page: Page) -> None:
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("ra-timeline button.entry").first).to_be_visible()


def answer_on_a_phone(page: Page) -> None:
    ask(page, "What was the latest HbA1c?")


TAKEN: list[tuple[Callable[[Page], None], tuple[int, int], str]] = [
    (answer_beside_its_source, WIDE, "light"),
    (timeline, WIDE, "dark"),
    (answer_on_a_phone, NARROW, "light"),
]


@pytest.mark.parametrize(("sight", "size", "scheme"), TAKEN, ids=[sight.__name__ for sight, _, _ in TAKEN])
def test_picture(
    browser: Browser,
    tmp_path: Path,
    sight: Callable[[Page], None],
    size: tuple[int, int],
    scheme: str,
) -> None:
    folder = Path(os.environ.get("PICTURES", tmp_path))
    name = f"{sight.__name__.replace('_', '-')}.png"
    with served(make(a_portal(tmp_path))) as at:
        chat = Chat(browser, at)
        page = chat.opened(f"/#patient={ADELINA}", size=size, color_scheme=scheme)
        sight(page)
        folder.mkdir(exist_ok=True)
        assert len(page.screenshot(path=folder / name)) > 20_000
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.context.close()
    assert (KEPT / name).is_file()
