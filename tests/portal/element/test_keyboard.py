"""The chat page with the keyboard alone."""

import re

import pytest
from pages_for_tests import Chat, ask
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const rings = [at, at.parentElement].map((one) => getComputedStyle(one).outlineStyle);
  const name = at.getAttribute("aria-label") || at.textContent.trim().replace(/\\s+/g, " ") || at.id;
  return { name, ring: rings.some((ring) => ring !== "none") };
}"""
LISTEN = """() => {
  window.said = [];
  const live = document.querySelector("record-assistant").shadowRoot.querySelector("#live");
  const heard = () => window.said.push(live.textContent);
  new MutationObserver(heard).observe(live, { childList: true, characterData: true, subtree: true });
}"""
INSIDE = """() => {
  const at = document.activeElement;
  return at === document.body || Boolean(at.shadowRoot.activeElement?.closest("dialog"));
}"""


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what has that name has the focus; all on the way shows that it has it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["ring"], f"{at['name']} does not show its focus"
        if re.search(name, at["name"]):
            return
    pytest.fail(f"no way to {name}")


def test_from_the_patient_to_a_point_of_the_trend_and_back(chat: Chat) -> None:
    page = chat.opened("/")
    expect(page.get_by_role("button", name="Adelina Maggio")).to_be_visible()
    tab_to(page, "Adelina Maggio")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_focused()
    tab_to(page, "What was the last blood pressure")
    page.keyboard.press("Enter")
    expect(page.locator("ra-turn .state strong")).to_have_text("From the record")
    expect(page.get_by_role("textbox", name="Your")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if page.evaluate(FOCUSED)["name"].startswith("Source 1"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ra-resource h3")).to_be_focused()
    expect(page.locator("ra-trend canvas").first).to_be_visible()
    tab_to(page, "Systolic.*143")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("ra-resource .raw code")).to_have_text("Observation/bp-0")
    page.keyboard.press("Escape")
    expect(page.locator("ra-resource")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Source 1"))).to_be_focused()


def test_the_first_stop_skips_to_the_question(chat: Chat) -> None:
    page = chat.opened()
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the question field")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Your")).to_be_focused()


def test_enter_sends_and_shift_with_enter_begins_a_line(chat: Chat) -> None:
    page = chat.opened()
    field = page.get_by_role("textbox", name="Your")
    field.focus()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(field).to_have_value("one\ntwo")
    page.keyboard.press("Enter")
    expect(page.locator("ra-turn h3")).to_contain_text("one two")
    expect(field).to_have_value("")


def test_escape_cancels_what_runs(chat: Chat) -> None:
    page = chat.opened()
    page.get_by_role("textbox", name="Your").fill("slow")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Draft, not checked yet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("ra-turn .state")).to_have_text("Cancelled")


def test_views_are_changed_with_the_arrows(chat: Chat) -> None:
    page = chat.opened()
    page.get_by_role("tab", name="Ask").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Timeline")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Timeline")).to_be_visible()


def test_the_sheet_over_a_narrow_page_keeps_the_focus_until_it_is_closed(chat: Chat) -> None:
    page = chat.opened(size=(360, 740))
    ask(page, "hba1c").locator("button.cite").first.click()
    expect(page.get_by_role("dialog", name="Entry of the record")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(INSIDE)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("button.cite").first).to_be_focused()


def test_an_answer_is_announced_once_and_whole(chat: Chat) -> None:
    page = chat.opened()
    page.get_by_role("textbox", name="Your").wait_for()
    page.evaluate(LISTEN)
    ask(page, "hba1c")
    assert page.evaluate("window.said") == [
        "Asked. Working on the answer.",
        "From the record. The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24 (high; reference 4–5.6).",
    ]
