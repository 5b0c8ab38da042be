"""axe-core finds nothing: wide and narrow, light and dark, in each panel and for each kind of answer."""

from collections.abc import Callable

import pytest
from pages_for_tests import AXE, Chat, ask, violations
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: make page"),
]


def beginning(page: Page) -> None:
    page.get_by_role("heading", name="Ask about this record").wait_for()


def answers(page: Page) -> None:
    for question in (
        "hba1c",
        "list",
        "malaria",
        "advice",
        "unread",
        "unsupported",
        "taken out",
        "fails",
        "glucose",
    ):
        ask(page, question)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("ra-turn").first.get_by_role("button", name="Unclear").click()


def running(page: Page) -> None:
    page.get_by_role("textbox", name="Your").fill("slow")
    page.keyboard.press("Enter")
    page.get_by_text("Draft, not checked yet").wait_for()


def resource(page: Page) -> None:
    ask(page, "hba1c").locator("button.cite").first.click()
    expect(page.locator("ra-trend button.point")).to_have_count(8)
    page.get_by_role("button", name="Show JSON").click()


def table(page: Page) -> None:
    ask(page, "pressure").locator("button.cite").first.click()
    page.get_by_role("button", name="As table").click()
    page.get_by_role("table").first.wait_for()


def timeline(page: Page) -> None:
    page.get_by_role("tab", name="Timeline").click()
    page.get_by_text("Kinds: the most telling of all").click()
    page.get_by_role("button", name="Prescriptions").click()
    page.get_by_text("16 entries.").wait_for()


def scope(page: Page) -> None:
    page.get_by_role("button", name="Narrow").click()
    page.get_by_label("Observations").check()
    page.get_by_label("From").fill("2020-01-01")


def conversations(page: Page) -> None:
    ask(page, "hba1c")
    page.get_by_role("button", name="New").first.click()
    ask(page, "malaria")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="Delete “hba1c”").click()


SIGHTS: list[Callable[[Page], None]] = [
    beginning,
    answers,
    running,
    resource,
    table,
    timeline,
    scope,
    conversations,
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (360, 740)], ids=["wide", "narrow"])
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.__name__)
def test_axe_finds_nothing(
    chat: Chat, sight: Callable[[Page], None], size: tuple[int, int], scheme: str
) -> None:
    page = chat.opened(size=size, color_scheme=scheme)
    sight(page)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_a_patient_is_chosen(chat: Chat, scheme: str) -> None:
    page = chat.opened("/", color_scheme=scheme)
    page.get_by_role("button", name="Adelina Maggio").wait_for()
    assert violations(page) == []
    chat.portal.token = "key"
    page.reload()
    page.get_by_label("Access key").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 480, 860, 1280, 1600])
def test_nothing_is_cut_off_at_any_width(chat: Chat, width: int) -> None:
    page = chat.opened(size=(width, 760))
    for question in ("list", "evil", "glucose"):
        ask(page, question)
    wider = """() => { const root = document.querySelector("record-assistant").shadowRoot;
      return [...root.querySelectorAll(".frame, .turns, .banner, .views, .composer"), document.documentElement]
        .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className || one.localName); }"""
    assert page.evaluate(wider) == []
    page.locator("ra-turn").first.locator("button.cite").first.click()
    page.locator("ra-resource dl").wait_for()
    assert page.evaluate(wider) == []


def test_the_theme_attribute_wins_over_the_system(chat: Chat) -> None:
    page = chat.opened(color_scheme="dark")
    beginning(page)
    frame = "document.querySelector('record-assistant').shadowRoot.querySelector('.frame')"
    colour = f"getComputedStyle({frame}).backgroundColor"
    dark = page.evaluate(colour)
    page.evaluate("document.querySelector('record-assistant').setAttribute('theme', 'light')")
    assert (dark, page.evaluate(colour)) == ("rgb(17, 25, 30)", "rgb(255, 255, 255)")


def test_without_colours_of_its_own_everything_is_still_there(chat: Chat) -> None:
    page = chat.opened(forced_colors="active")
    answers(page)
    expect(page.locator("ra-turn .state strong")).to_have_count(8)
