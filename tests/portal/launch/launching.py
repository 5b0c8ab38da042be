"""A portal that a record system may launch, and a browser that goes through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from starlette.testclient import TestClient

from portal.access import cookies, sessions
from portal.app import make
from portal.caller import Caller
from portal.launch.registrations import Registration
from portal.portal import Portal
from tests.portal.launch.record_systems import CLIENT, RecordSystem
from tests.portal.portal_for_tests import a_portal

HERE = "http://testserver"


@dataclass
class Launching:
    """A portal, a browser, and the record system that launches it."""

    portal: Portal
    browser: TestClient
    system: RecordSystem

    def begin(self, launch: str = "abc", iss: str = "") -> Any:
        query = {"iss": iss or self.system.base, **({"launch": launch} if launch else {})}
        return self.browser.get("/launch", params=query, follow_redirects=False)

    def sign_in(self, begun: Any) -> str:
        """Do what the user does there; returns where they are sent back to."""
        assert begun.status_code == httpx.codes.SEE_OTHER, begun.text
        return httpx.get(begun.headers["location"]).headers["location"]

    def come_back(self, address: str, browser: TestClient | None = None) -> Any:
        return (browser or self.browser).get(address, follow_redirects=False)

    def launch(self, launch: str = "abc") -> Any:
        return self.come_back(self.sign_in(self.begin(launch)))

    @property
    def cookie(self) -> str:
        return self.browser.cookies.get(cookies.cookie_name(self.portal.settings)) or ""

    def caller(self) -> Caller:
        found = sessions.caller_of(self.portal, self.cookie)
        assert found
        return found

    def ask(self, question: str) -> Any:
        caller = self.caller()
        return self.portal.desk.assistant(caller).ask(caller.patient, question, now=self.portal.desk.today())


@contextmanager
def launching(system: RecordSystem, folder: Path, url: str = HERE, **registered: Any) -> Iterator[Launching]:
    """Open a portal that is registered at the record system."""
    settings = registered.pop("settings", {})
    ours = Registration(**{"issuer": system.base, "client": CLIENT, "name": "Ward", **registered})
    portal = replace(a_portal(folder, url=url, launches=(ours,), **settings), clock=system.clock)
    with TestClient(make(portal), base_url=url) as browser:
        yield Launching(portal, browser, system)


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
