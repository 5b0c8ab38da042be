"""The page and the embedded element over the real portal, its guard and the fixture patients."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pages_for_tests import Chat, ask, chatting, served
from playwright.sync_api import Browser, expect
from starlette.requests import Request
from starlette.responses import HTMLResponse

from portal.app import make
from portal.keys import digest_of
from tests.builders import bundle, patient
from tests.portal.portal_for_tests import ADELINA, a_portal
from tests.tools.pictures_for_tests import attachment, media
from tools.sources import open_location

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOST = """<!doctype html><html lang="en"><title>Ward</title><h1>Ward</h1>
<script type="module" src="{at}/element.js"></script>
<record-assistant patient="{patient}" heading="Ward 7"></record-assistant>"""


@pytest.fixture
def real(browser: Browser, tmp_path: Path) -> Iterator[Chat]:
    with chatting(make(a_portal(tmp_path)), browser) as chat:
        yield chat


def test_from_choosing_a_patient_to_a_point_of_a_curve(real: Chat) -> None:
    page = real.opened("/")
    page.get_by_role("searchbox").fill("maggio")
    page.get_by_role("button", name="Adelina Maggio").click()
    turn = ask(page, "What was the latest HbA1c?")
    expect(turn.locator(".body")).to_contain_text("7.3 % on 2025-12-24")
    turn.locator("button.cite").first.click()
    expect(page.locator("ra-resource .cited dd.words")).to_have_text("7.3 %")
    expect(page.locator("ra-trend .key")).to_contain_text("reference 4–5.6")
    page.locator("ra-trend").get_by_role("button", name=re.compile("2019-12-11")).click()
    expect(page.locator("ra-resource h3")).to_contain_text("2019-12-11")
    page.get_by_role("button", name="Show JSON").click()
    expect(page.locator("ra-resource pre")).to_contain_text('"resourceType": "Observation"')
    page.get_by_role("tab", name="Timeline").click()
    expect(
        page.locator("ra-timeline").get_by_role("button", name=re.compile("Condition: Diabetes")).first
    ).to_be_visible()


def test_what_is_narrowed_is_not_found_and_said_so(real: Chat) -> None:
    page = real.opened(f"/?patient={ADELINA.removeprefix('Patient/')}")
    expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()
    assert "?" not in page.url
    page.get_by_role("button", name="Narrow").click()
    page.get_by_label("To", exact=True).fill("2010-12-31")
    page.get_by_role("button", name="Use this scope").click()
    turn = ask(page, "What was the latest HbA1c?")
    expect(turn.locator(".state strong")).to_have_text("Not recorded within the scope")
    expect(turn.get_by_text("Narrowed: until 2010")).to_be_visible()
    page.get_by_role("button", name="Whole record").click()
    expect(ask(page, "What was the latest HbA1c?").locator(".state strong")).to_have_text("From the record")


def test_a_conversation_is_there_again_after_a_reload(real: Chat) -> None:
    page = real.opened(f"/#patient={ADELINA}")
    ask(page, "Should I increase metformin?")
    page.reload()
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name=re.compile("^Should I increase")).click()
    expect(page.locator("ra-turn .state strong")).to_have_text("Not answered: it gives no advice")
    page.locator("ra-turn details.steps > summary").click()
    expect(page.locator("ra-turn code").first).to_contain_text("metformin")


def test_a_page_of_another_origin_embeds_it_with_a_token(browser: Browser, tmp_path: Path) -> None:
    host = FastAPI()
    inner: dict[str, str] = {}

    async def page_of_the_host(request: Request) -> HTMLResponse:
        policy = f"default-src 'none'; script-src {inner['at']}; connect-src {inner['at']}"
        page = HOST.format(at=inner["at"], patient=ADELINA)
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    host.add_route("/", page_of_the_host)
    with served(host) as outer:
        portal = a_portal(
            tmp_path, origins=(outer,), keys={"ward": digest_of("ward-key-of-32-characters-or-more")}
        )
        with served(make(portal)) as inner["at"]:
            chat = Chat(browser, outer)
            page = chat.opened("/")
            expect(page.get_by_role("alert")).to_be_visible()
            page.evaluate(
                "document.querySelector('record-assistant').token = 'ward-key-of-32-characters-or-more'"
            )
            expect(page.get_by_role("heading", name="Adelina Maggio")).to_be_visible()
            expect(page.get_by_text("Ward 7")).to_be_visible()
            expect(page.get_by_role("button", name="Other patient")).to_have_count(0)
            turn = ask(page, "What was the last blood pressure?")
            expect(turn.locator(".state strong")).to_have_text("From the record")
            assert chat.wrong == []
            page.context.close()


def test_the_source_of_a_picture_shows_it(browser: Browser, tmp_path: Path) -> None:
    broken = media("broken", createdDateTime="2020-06-01", content=attachment(b"", title="Wrist X-ray"))
    (tmp_path / "ada.json").write_text(json.dumps(bundle(patient(), media(), broken)))
    source = open_location(str(tmp_path / "ada.json"), cache=tmp_path / "cache", workers=0)
    with chatting(make(a_portal(tmp_path, source=source)), browser) as chat:
        page = chat.opened("/?patient=p1")
        turn = ask(page, "Are there any pictures on file?")
        turn.get_by_role("button", name=re.compile("Source 1: Chest")).first.click()
        shown = page.get_by_role("img", name="Chest X-ray, picture (PNG, 96 × 64), on 2020-05-01")
        expect(shown).to_be_visible()
        assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [96, 64]
        turn.get_by_role("button", name=re.compile("Source 2: Wrist")).first.click()
        expect(page.locator("ra-resource figcaption")).to_contain_text("cannot be shown: it is empty")
