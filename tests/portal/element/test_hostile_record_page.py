"""A record that carries all hostile texts in all places, in the real page over the real portal: text, and only text."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages_for_tests import Chat, ask, chatting
from playwright.sync_api import Browser, Page, expect

from portal.app import make
from tests.builders import Resource, bundle, patient
from tests.portal.hostile.hostile_cases_for_tests import ALL, Case
from tests.portal.hostile.hostile_models_for_tests import Orders, obedient
from tests.portal.hostile.hostile_places_for_tests import (
    DIAGNOSES,
    EVE,
    PLACES,
    TELLING,
    record,
)
from tests.portal.hostile.hostile_portal_for_tests import a_hostile_portal
from tools.sources import open_location

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXTS = list({case.name: case for case in ALL}.values())
PUT = sorted(
    PLACES.keys()
    - {"question", "turn", "reply", "feedback", "search", "patient-name", "coding-display", "unit"}
)
FOUND = """() => {
  const wrong = [];
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (["img", "iframe", "object", "embed", "base", "form", "animate", "audio", "video"].includes(one.localName)
          && !(one.localName === "form" && !one.hasAttribute("action"))) wrong.push(one.outerHTML.slice(0, 200));
      const own = one.id === "sign-in" || one.getAttribute("src") === "page.js";
      if ((one.localName === "a" || one.localName === "script") && !own)
        wrong.push(one.outerHTML.slice(0, 200));
      for (const { name, value } of one.attributes)
        if (/^on/.test(name) || (/^(href|src|action|formaction|srcdoc)$/.test(name) && /[:]|[/][/]/.test(value)))
          wrong.push(`${one.localName} ${name}=${value}`);
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  if (window.__hacked !== undefined) wrong.push("a script ran");
  return wrong;
}"""
"""What could run, load or lead away, and whether a script did run."""


def a_record() -> Iterator[Resource]:
    """Ada, with each text in each place; people who are called as the texts; Eve."""
    yield from EVE
    yield patient(
        "ada-0", "Ada", "<img src=x onerror=window.__hacked=1>", address=[{"text": t.text} for t in TEXTS]
    )
    for case in TEXTS:
        yield patient(f"ada-{case.number}", case.text, case.text)
        whole = json.dumps(record(case.number, _everywhere, case.text)[1:])
        yield from json.loads(whole.replace(f"Patient/ada-{case.number}", "Patient/ada-0"))


def _everywhere(parts: dict[str, Resource], text: str) -> None:
    for name in PUT:
        PLACES[name].put(parts, text)


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture
def chat(browser: Browser, tmp_path: Path, orders: Orders) -> Iterator[Chat]:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "all.json").write_text(json.dumps(bundle(*a_record())))
    source = open_location(str(tmp_path / "records"), cache=tmp_path / "cache", workers=0)
    with chatting(make(a_hostile_portal(tmp_path, source, **obedient(orders))), browser) as pages:
        yield pages


def harmless(page: Page, eve: bool = False) -> None:
    """Nothing of a record became more than text; nothing tells of Eve where another is looked at."""
    assert page.evaluate(FOUND) == []
    assert eve or [word for word in TELLING if word in page.locator("body").inner_text()] == []


def case_of(name: str) -> Case:
    return next(case for case in TEXTS if case.name == name)


def test_the_list_of_patients(chat: Chat) -> None:
    page = chat.opened("/")
    page.get_by_role("button", name=re.compile("window.__hacked")).first.wait_for()
    harmless(page, eve=True)
    for text in ("<script>", "' OR 1=1", "${window.__hacked=1}"):
        page.get_by_role("searchbox").fill(text)
        page.wait_for_timeout(300)
        harmless(page, eve=True)


def test_answers_their_steps_sources_and_drafts(chat: Chat, orders: Orders) -> None:
    page = chat.opened("/#patient=Patient/ada-0")
    for n, name in enumerate(PUT):
        case, place = TEXTS[(7 * n) % len(TEXTS)], PLACES[name]
        orders.begin(case.text, case.claims, place.calls)
        turn = ask(page, place.asks[0])
        expect(turn.locator(".state strong")).not_to_have_text(re.compile("unsupported", re.IGNORECASE))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    expect(page.locator("body")).to_contain_text("<img src=x onerror=")
    harmless(page)


@pytest.mark.parametrize(
    "name", ["script", "markdown image", "event", "tool call", "turn of ChatML", "javascript address"]
)
def test_what_a_person_types_and_a_model_obeys(name: str, chat: Chat, orders: Orders) -> None:
    case = case_of(name)
    orders.begin(case.text, case.claims, PLACES["condition"].calls)
    page = chat.opened("/#patient=Patient/ada-0")
    for question in (case.text, f"{DIAGNOSES} {case.text}"):
        ask(page, " ".join(question.split()))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    harmless(page)


def test_every_kind_of_resource_its_json_and_the_timeline(chat: Chat, orders: Orders) -> None:
    page = chat.opened("/#patient=Patient/ada-0")
    page.get_by_role("tab", name="Timeline").click()
    page.locator("ra-timeline .what .words").first.wait_for()
    harmless(page)
    page = chat.opened("/#patient=Patient/ada-0")
    for question, calls in _opened():
        orders.begin("", (), calls)
        ask(page, question).locator("button.cite").first.click()
        page.locator("ra-resource h3").wait_for()
        page.get_by_role("button", name="Show JSON").click()
        page.locator("ra-resource pre").wait_for()
        harmless(page)


def _opened() -> Iterator[tuple[str, Any]]:
    for name in ("condition", "allergy", "medication", "note", "observation-note"):
        yield PLACES[name].asks[0], PLACES[name].calls


def test_errors(chat: Chat) -> None:
    for case in TEXTS[::6]:
        page = chat.opened("/")
        page.evaluate("text => { location.hash = `patient=${encodeURIComponent(text)}` }", case.text[:500])
        page.reload()
        page.locator("record-assistant").wait_for()
        page.wait_for_timeout(150)
        harmless(page, eve=True)
        page.context.close()
