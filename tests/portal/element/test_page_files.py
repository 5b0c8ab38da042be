"""What the portal serves to a browser, without a browser."""

import gzip
import re
from pathlib import Path

import pytest
from scripted_portal import Scripted
from starlette.testclient import TestClient

from portal.page.page import PAGES

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "portal" / "page" / "static"
SOURCES = sorted((ROOT / "portal" / "element" / "src").rglob("*.ts"))
PAGE_SOURCES = [STATIC / name for name in ("index.html", "page.js")]
A_PNG = "<img src=${picture.url} "
"""The one address in the page that is no constant: a data URL that the client makes of a PNG."""
MARKUP = re.compile(
    r"unsafe(?:HTML|SVG|Static)|innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write"
    r"|DOMParser|srcdoc|setHTML|\beval\(|new Function|\bhref=|\bsrc=\$|\bstyle=|styleMap|javascript:"
)
"""Ways for a text to become markup, a script, a link or an inline style."""


@pytest.fixture
def client() -> TestClient:
    return TestClient(Scripted().app())


@pytest.mark.parametrize("path", PAGES)
def test_each_file_is_served_once_and_then_only_when_it_changed(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == PAGES[path][1]
    assert first.headers["cache-control"] == "no-cache"
    assert first.content == (STATIC / PAGES[path][0]).read_bytes()
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != first.headers["etag"]


def test_only_the_script_may_be_loaded_by_pages_of_other_origins(client: TestClient) -> None:
    open_to_all = [path for path in PAGES if "access-control-allow-origin" in client.get(path).headers]
    assert open_to_all == ["/element.js"]


def test_it_works_under_a_prefix() -> None:
    assert TestClient(Scripted().app(), root_path="/assistant").get("/element.js").status_code == 200


def test_the_element_with_all_it_needs_is_small() -> None:
    assert len(gzip.compress((STATIC / "element.js").read_bytes(), 9)) < 70_000


def test_the_element_loads_nothing_else() -> None:
    script = (STATIC / "element.js").read_text(encoding="utf-8")
    assert not re.search(r"\bimport\s*[({\"'`]|sourceMappingURL", script)


@pytest.mark.parametrize("path", [*SOURCES, *PAGE_SOURCES[1:]], ids=lambda path: path.name)
def test_no_text_can_become_markup(path: Path) -> None:
    source = path.read_text(encoding="utf-8").replace(A_PNG, "<img ")
    assert MARKUP.findall(source) == []


def test_the_page_holds_no_inline_script_or_style() -> None:
    page = PAGE_SOURCES[0].read_text(encoding="utf-8")
    assert not re.search(r"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", page)


def test_markup_is_built_for_the_clipboard_alone() -> None:
    builders = [
        path.name
        for path in SOURCES
        if "<li>${" in path.read_text("utf-8") and "html`" not in path.read_text("utf-8")
    ]
    assert builders == ["copying.ts"]
