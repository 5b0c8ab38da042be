"""Markup, scripts and templates in whatever a record or a server says are shown as text, and nothing of them runs."""

import re

import pytest
from pages_for_tests import Chat, ask
from playwright.sync_api import Page, expect
from scripted_portal import EVIL

pytestmark = pytest.mark.browser
DEEP = """() => {
  const found = [];
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      found.push(one.localName);
      if (one.shadowRoot) look(one.shadowRoot);
      for (const { name, value } of one.attributes)
        if (/^on|^(style|href|src|action|formaction)$/.test(name)) found.push(`${one.localName} ${name}=${value}`);
    }
  };
  look(document);
  return [...new Set(found)];
}"""
"""Names of all elements, and what could run or lead away."""


def harmless(page: Page) -> None:
    """No script of theirs ran, and no element or attribute of theirs is in the page."""
    assert page.evaluate("window.hacked") is None
    found = page.evaluate(DEEP)
    known = {
        "link href=icon.svg",
        "link href=page.css",
        "link href=element.js",
        "script src=page.js",
        "a href=launch",
    }
    styled = re.compile(r"^(div|canvas|button|i|span) style=")  # set by uPlot and for the places of points
    odd = {one for one in found if " " in one and one not in known and not styled.match(one)}
    assert odd == set()
    assert {"img", "iframe", "object", "embed", "base"}.isdisjoint(found)


def test_in_a_name_an_answer_a_fact_a_source_and_a_note(chat: Chat) -> None:
    page = chat.opened("/")
    page.get_by_role("button", name="window.hacked").click()
    expect(page.locator("h2")).to_have_text(EVIL)
    turn = ask(page, f"evil {EVIL}")
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert turn.locator(".body p").inner_text().startswith(EVIL)
    expect(turn.locator(".body")).to_contain_text("[Observation/not-cited]")
    expect(turn.locator(".note.unsupported li")).to_have_text(EVIL)
    expect(turn.locator(".facts button").first).to_have_text(EVIL)
    harmless(page)


def test_in_a_resource_its_series_and_its_json(chat: Chat) -> None:
    page = chat.opened("/#patient=Patient/evil")
    ask(page, "evil").locator("button.cite").first.click()
    expect(page.locator("ra-resource h3")).to_have_text(EVIL)
    expect(page.locator("ra-trend button.point")).to_have_count(3)
    page.get_by_role("button", name="Show JSON").click()
    expect(page.locator("ra-resource pre")).to_contain_text("<img src=x onerror=")
    page.get_by_role("button", name="As table").click()
    expect(page.get_by_role("table")).to_contain_text(EVIL)
    harmless(page)


def test_in_the_timeline_the_scope_and_the_list(chat: Chat) -> None:
    page = chat.opened("/#patient=Patient/evil")
    ask(page, f"{EVIL} evil")
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("navigation")).to_contain_text(EVIL)
    page.get_by_role("button", name="Narrow").click()
    page.locator("ra-scope input[type=checkbox]").check()
    page.get_by_role("tab", name="Timeline").click()
    expect(page.locator("ra-timeline .what .words").first).to_have_text(EVIL)
    harmless(page)


def test_in_an_error_and_in_the_address(chat: Chat) -> None:
    page = chat.opened("/#patient=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E")
    expect(page.get_by_role("alert")).to_contain_text("There is no such patient here.")
    harmless(page)
    page = chat.opened("/#patient=Patient/..%2F..%2Fme")
    expect(page.get_by_role("alert")).to_be_visible()
    chat.portal.asked.clear()
    page = chat.opened("/#patient=Patient/evil")
    ask(page, "fails")
    harmless(page)


def test_a_name_cannot_leave_its_place_in_a_path(chat: Chat) -> None:
    chat.opened("/#patient=..%2F..%2Fquestions%3Fx").get_by_role("alert").wait_for()
    assert [path for _, path, _ in chat.portal.asked if "questions" in path and "patients" not in path] == []
