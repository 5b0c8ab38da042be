"""From a record system to the page and back, in a browser: sign-in with a code and PKCE, a question, a citation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pages_for_tests import Chat, ask, free_port, served
from playwright.sync_api import Browser, Page, expect

from portal.app import make
from portal.launch.registrations import Registration
from tests.portal.launch.record_systems import CLIENT, Clock, RecordSystem, a_record_system, challenge
from tests.portal.portal_for_tests import a_portal
from tests.tools.sources.live.serving import Answering, Asked

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@contextmanager
def portal_of(system: RecordSystem, browser: Browser, folder: Path) -> Iterator[Chat]:
    """Serve a portal that the record system may launch; to the browser the two are different sites."""
    ours = Registration(issuer=system.base, client=CLIENT, name="Ward")
    with free_port() as (held, port):
        here = f"http://localhost:{port}"
        portal = replace(a_portal(folder, url=here, launches=(ours,)), clock=system.clock)
        with served(make(portal), held):
            chat = Chat(browser, here)
            yield chat
            for context in browser.contexts:
                context.close()
            assert chat.wrong == []


@pytest.fixture
def system() -> Iterator[RecordSystem]:
    def chart(to: Answering, asked: Asked) -> object:
        link = f"{asked.terms['app']}/launch?{urlencode({'iss': running.base, 'launch': 'abc'})}"
        return to.whole(200, f"<!doctype html><title>Ada</title><a href='{link}'>Assistant</a>", "text/html")

    with a_record_system(Clock(), {"chart": chart}) as running:
        yield running


def test_a_launch_from_a_chart_to_a_cited_value(
    system: RecordSystem, browser: Browser, tmp_path: Path
) -> None:
    with portal_of(system, browser, tmp_path) as chat:
        page = chat.opened("/")
        expect(page.get_by_label("Access key")).to_be_visible()
        page.goto(f"{system.base}/chart?app={chat.at}")
        page.get_by_role("link", name="Assistant").click()
        asks_about_ada(page, chat)
        assert_signed_in_by_code(system)
        page.goto(f"{chat.at}/#patient=Patient/p2")
        page.reload()
        expect(page.get_by_role("heading", name="Ada Moser")).to_be_visible()
        assert_told_nobody_else(chat, system)


def test_a_person_signs_in_by_the_page_and_out_again(
    system: RecordSystem, browser: Browser, tmp_path: Path
) -> None:
    with portal_of(system, browser, tmp_path) as chat:
        page = chat.opened("/")
        page.get_by_role("link", name="Sign in to your record system").click()
        page.get_by_role("link", name="Ward").click()
        asks_about_ada(page, chat)
        assert_signed_in_by_code(system)
        assert system.living
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("alert")).to_have_text("You are signed out.")
        assert not system.living
        page.reload()
        expect(page.get_by_role("link", name="Sign in to your record system")).to_be_visible()
        expect(page.get_by_text("Ada Moser")).to_have_count(0)


def asks_about_ada(page: Page, chat: Chat) -> None:
    """Of the launch's patient, and of nobody else: a question, its answer, the entry behind it."""
    expect(page).to_have_url(f"{chat.at}/")
    expect(page.get_by_role("group", name="Patient", exact=True)).to_contain_text("Ada Moser")
    expect(page.locator(".empty p").first).to_contain_text("8 entries, 2015 – 2020.")
    expect(page.get_by_role("button", name="Other patient")).to_have_count(0)
    turn = ask(page, "What was the latest HbA1c?")
    expect(turn.locator(".state strong")).to_have_text("From the record")
    expect(turn.locator(".body")).to_contain_text("6.5 % on 2020-12-05")
    turn.locator("button.cite").first.click()
    expect(page.locator("ra-resource .cited dd.words")).to_have_text("6.5 %")
    expect(page.locator("ra-trend button.point")).to_have_count(5)


def assert_signed_in_by_code(system: RecordSystem) -> None:
    """The code was bought with the secret whose hash came with the question for it."""
    (begun,) = (asked.terms for asked in system.server.asked if asked.path == "authorize")
    (bought,) = (form for form in system.forms if form.get("grant_type") == "authorization_code")
    assert begun["code_challenge_method"] == "S256"
    assert challenge(bought["code_verifier"]) == begun["code_challenge"]
    assert "code_verifier" not in begun


def assert_told_nobody_else(chat: Chat, system: RecordSystem) -> None:
    elsewhere = {url for url in chat.requests if not url.startswith((chat.at, system.base))}
    assert elsewhere == set()
    shown = " ".join(chat.requests)
    assert not [token for token in (*system.living, *system.refreshing) if token in shown]
