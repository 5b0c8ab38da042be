"""The built files of `portal/element` -> the chat page at `/` and the script that other pages embed.

They hold no data of anybody: whoever may not ask gets them too, and is told so by the API.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from portal.portal import Portal

PAGES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/element.js": ("element.js", "text/javascript; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
"""What is served where, and as what."""
EMBEDDED = "/element.js"
"""Pages of any origin may load it: a script without data; the API it calls decides who may ask."""
_FRESH = "no-cache"
"""A browser keeps it, and asks each time whether it is still the same."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file in the two forms in which it goes out, each with its ETag."""

    plain: bytes
    zipped: bytes
    tag: str


def attach(app: FastAPI, portal: Portal) -> None:
    """Add the page, the element and what they need."""
    for path in PAGES:
        app.add_route(path, _serve, methods=["GET"], include_in_schema=False)


async def _serve(request: Request) -> Response:
    name, kind = PAGES[request.scope["path"].removeprefix(request.scope.get("root_path", "")) or "/"]
    file = _read(name)
    zips = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{file.tag}{"-gzip" if zips else ""}"'
    headers = {"ETag": tag, "Cache-Control": _FRESH, "Vary": "Accept-Encoding"}
    if request.url.path.endswith(EMBEDDED):
        headers |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if zips:
        headers["Content-Encoding"] = "gzip"
    return Response(file.zipped if zips else file.plain, media_type=kind, headers=headers)


@cache
def _read(name: str) -> _File:
    plain = files("portal.page").joinpath("static", name).read_bytes()
    return _File(plain, gzip.compress(plain, 9, mtime=0), sha256(plain).hexdigest()[:32])
