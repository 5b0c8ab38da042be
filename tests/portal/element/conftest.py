"""A browser over the scripted portal: `chat.opened()` gives a page, `chat.portal` what was asked of it."""

import shutil
from collections.abc import Iterator

import pytest
from pages_for_tests import FLAGS, Chat, served
from playwright.sync_api import Browser, sync_playwright
from scripted_portal import Scripted


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def chat(browser: Browser) -> Iterator[Chat]:
    portal = Scripted()
    with served(portal.app()) as at:
        pages = Chat(browser, at, portal)
        yield pages
        for context in browser.contexts:
            context.close()
        assert pages.wrong == []
        assert {url for url in pages.requests if not url.startswith((at, "data:", "blob:"))} == set()
