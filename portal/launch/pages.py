"""What went wrong, or is done -> a small page: no script, nothing from another place, every word escaped."""

from html import escape
from importlib.resources import files
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from portal.launch.registrations import Registration
from portal.launch.trouble import LaunchFailure

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_STYLE = files("portal.launch") / "page.css"


def page(
    title: str, *sentences: str, links: tuple[tuple[str, str], ...] = (), status: int = 200
) -> HTMLResponse:
    """Return a page.

    Args:
        title: a few words.
        sentences: each a paragraph.
        links: address and text each.
        status: of the answer.
    """
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    items = "".join(f'<li><a href="{escape(to)}">{escape(text)}</a></li>' for to, text in links)
    body = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="/launch/page.css">
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{said}{f"<ul>{items}</ul>" if items else ""}
</main>
</body>
</html>
"""
    return HTMLResponse(body, status, HEADERS)


def failed(trouble: LaunchFailure) -> HTMLResponse:
    """Return the page about a launch that cannot go on."""
    title = "Not opened" if trouble.status == 200 else "The assistant could not be opened"
    return page(title, trouble.what, trouble.wish, status=trouble.status)


def choose(launches: tuple[Registration, ...]) -> HTMLResponse:
    """Return the page on which a person says in which record system the patient is."""
    if not launches:
        return page("No record system", "This assistant is registered with no record system.", status=404)
    links = tuple((f"/launch?{urlencode({'iss': each.issuer})}", each.name) for each in launches)
    return page("Where is the record?", "Sign in to a record system and choose a patient there.", links=links)


def ended(everywhere: bool) -> HTMLResponse:
    """Return the page after signing out.

    Args:
        everywhere: whether the record system took its tokens back, too.
    """
    aside = (
        () if everywhere else ("The record system was not told; what it lent the assistant ends by itself.",)
    )
    return page("You are signed out", "You can close this page.", *aside)


def style() -> Response:
    """Return the style of the pages."""
    return Response(_STYLE.read_bytes(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
