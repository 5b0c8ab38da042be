"""The page over a live FHIR server: a patient is found there, asked about, and what is cited is opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pages_for_tests import Chat, ask, chatting
from playwright.sync_api import Browser, Page, expect

from fhir_fixtures import records
from portal.app import make
from tests.portal.portal_for_tests import a_portal
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE
from tests.tools.sources.live.real_server import load, running
from tests.tools.sources.live.serving import serving
from tools.sources import open_location

SERVER = Path(
    os.environ.get(
        "FHIR_ASSISTANT_TEST_SERVER", Path(__file__).parents[3] / ".venv" / "fhir-server" / "bin" / "sekmet"
    )
)
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def page_over(server: str, browser: Browser, folder: Path) -> Iterator[Chat]:
    """Serve the page over the records of a FHIR server."""
    with chatting(make(a_portal(folder, source=open_location(server))), browser) as chat:
        yield chat


A1C = ("What was the latest HbA1c?", "6.5 % on 2020-12-05", "6.5 %")
WEIGHT = ("What was the latest body weight?", "19 kg on 1926-05-29", "19.0 kg")


def chosen(chat: Chat, search: str, name: str) -> Page:
    """Find a patient and open their record."""
    page = chat.opened("/")
    page.get_by_role("searchbox").fill(search)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page


def assert_answered(page: Page, question: str, told: str, value: str) -> None:
    """It is answered from the record, and what is cited opens with the value marked."""
    turn = ask(page, question)
    expect(turn.locator(".state strong")).to_have_text("From the record")
    expect(turn.locator(".body")).to_contain_text(told)
    turn.locator("button.cite").first.click()
    expect(page.locator("ra-resource .cited dd.words")).to_have_text(value)


def test_a_patient_of_a_small_server(browser: Browser, tmp_path: Path) -> None:
    with serving([*ADA, *EVE]) as server, page_over(server.base, browser, tmp_path) as chat:
        page = chosen(chat, "moser", "Ada Moser")
        expect(page.get_by_text("8 entries, 2015 – 2020.")).to_be_visible()
        expect(page.get_by_text("could not be read")).to_have_count(0)
        assert_answered(page, *A1C)


def test_a_server_that_keeps_a_kind_back(browser: Browser, tmp_path: Path) -> None:
    denied = {"Condition": bad.status(403)}
    with serving([*ADA, *EVE], **denied) as server, page_over(server.base, browser, tmp_path) as chat:
        page = chosen(chat, "moser", "Ada Moser")
        expect(page.get_by_text("At least 6 entries, 2018 – 2020.")).to_be_visible()
        expect(page.get_by_text("Part of the record could not be read")).to_be_visible()
        expect(page.locator(".unreadable li")).to_have_text(
            "Problems and diagnoses: could not be read: the server denied it (403)"
        )
        assert_answered(page, *A1C)


@pytest.mark.real_server
@pytest.mark.skipif(not SERVER.is_file(), reason="there is no FHIR server to start: `make .venv/fhir-server`")
def test_a_patient_of_a_real_server(browser: Browser, tmp_path: Path) -> None:
    with running(SERVER, tmp_path) as base:
        load(base, [records() / "Brandy_Larson.json.gz"])
        with page_over(base, browser, tmp_path) as chat:
            page = chosen(chat, "larson", "Brandy Larson")
            expect(page.get_by_text("295 entries, 1923 – 1926.")).to_be_visible()
            assert_answered(page, *WEIGHT)
