"""Pages of the chat in Chromium, and what a test does with them."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Locator, Page
from scripted_portal import Scripted

ELEMENT = Path(__file__).parents[3] / "portal" / "element"
AXE = ELEMENT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@contextmanager
def free_port() -> Iterator[tuple[socket.socket, int]]:
    """Hold a port of this computer, for an app that must know it before it is made."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held, held.getsockname()[1]


@contextmanager
def served(app: Any, held: socket.socket | None = None) -> Iterator[str]:
    """Serve an app on a port of this computer: a free one, or one that is held."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([held] if held else None,), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


class Chat:
    """Pages of the chat, and all that went wrong in them."""

    def __init__(self, browser: Browser, at: str, portal: Scripted | None = None) -> None:
        self.browser, self.at = browser, at
        self.portal = portal or Scripted()
        self.wrong: list[str] = []
        self.requests: list[str] = []

    def opened(
        self, where: str = "/#patient=Patient/ada", size: tuple[int, int] = (1280, 800), **other: Any
    ) -> Page:
        """Open the page as a new reader would."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **other
        )
        context.set_default_timeout(8000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self._noted(message.type, message.text))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))
        page.goto(self.at + where)
        return page

    def _noted(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.wrong.append(text)


def ask(page: Page, question: str) -> Locator:
    """Ask, wait for what became of it, and return the turn."""
    turn = page.locator("ra-turn").nth(page.locator("ra-turn").count())
    page.get_by_role("textbox", name="Your").fill(question)
    page.keyboard.press("Enter")
    turn.locator(".answer:not(.running), .trouble").wait_for()
    return turn


def violations(page: Page, of: str = "body") -> list[str]:
    """What axe finds, with the place of each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async (of) => (await axe.run(of, {resultTypes: ['violations']})).violations", of)
    return [f"{one['id']}: {one['help']}: {node['target']}" for one in found for node in one["nodes"]]


@contextmanager
def chatting(app: Any, browser: Browser) -> Iterator[Chat]:
    """Serve an app and open its pages; nothing goes wrong in them, and they ask nobody else."""
    with served(app) as at:
        chat = Chat(browser, at)
        yield chat
        for context in browser.contexts:
            context.close()
        assert chat.wrong == [], chat.wrong
        elsewhere = {url for url in chat.requests if not url.startswith(at)}
        assert elsewhere == set(), elsewhere
