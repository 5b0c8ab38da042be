"""Parts of a report -> one HTML file that needs nothing else, or Markdown.

What comes from records and models is data: escaped, never markup. The page may load nothing, from nowhere: its
content security policy says so, and lets only its own script run.
Left out: rows beyond what fits the page; the page says how many, and where they are.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from evaluation.extra import needed
from evaluation.report.browsing import Browser

if TYPE_CHECKING:
    from jinja2 import Environment

ROOM = 2_000_000
"""Bytes of a page that rows to browse may take; all of it is then under 3 MB."""
_TEMPLATES = "templates"
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]|#~!"})


def html(template: str, browser: Browser, **parts: Any) -> str:
    """Return a page.

    Args:
        template: a file of `templates/`.
        browser: rows; as many as there is room for are shown.
        parts: what else the template names.

    Raises:
        SetupError: jinja2 is not installed.
    """
    with needed():
        from markupsafe import Markup
    environment = _environment()
    rows, left = _fitting(environment, browser)
    script = Markup(_read("browse.js"))
    return environment.get_template(template).render(
        browser=browser,
        rows=rows,
        left=left,
        style=Markup(_read("style.css")),
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        **parts,
    )


def markdown(template: str, **parts: Any) -> str:
    """Return Markdown; text is escaped so that it stays text.

    Raises:
        SetupError: jinja2 is not installed.
    """
    return _environment().get_template(template).render(**parts)


def plain(text: object) -> str:
    r"""Return text as it stands in one line of Markdown, whatever signs are in it.

    >>> plain("a|b <i>")
    'a\\|b &lt;i&gt;'
    """
    return escape(" ".join(str(text).split()), quote=False).translate(_MARKDOWN)


def _fitting(environment: "Environment", browser: Browser) -> tuple[list[Any], int]:
    with needed():
        from markupsafe import Markup
    template, rows, room = environment.get_template("row.html"), [], ROOM
    for row in browser.rows:
        written = template.render(row=row, headings=browser.headings)
        room -= len(written.encode())
        if room < 0:
            break
        rows.append(Markup(written))
    return rows, len(browser.rows) - len(rows)


@cache
def _environment() -> "Environment":
    with needed():
        from jinja2 import Environment, PackageLoader, StrictUndefined
    made = Environment(
        loader=PackageLoader("evaluation.report", _TEMPLATES),
        autoescape=lambda name: not (name or "").endswith(".md"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["plain"] = plain
    return made


def _read(name: str) -> str:
    return files("evaluation.report").joinpath(_TEMPLATES, name).read_text(encoding="utf-8")
