"""One address of a FHIR server -> the JSON that is there, or why it could not be read.

Only reads (GET, and POST to `_search`), only below the base URL; no redirect is followed. Tried again: broken
connections, 429 and 5xx, after `Retry-After` (RFC 9110, 10.2.3) where the server says it. What came with an ETag is
asked for again only if it has changed. Not here: rows, what a search means.
"""

import asyncio
import email.utils
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx
import orjson
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from tools.calls.errors import SetupError
from tools.sources.live.authorization import Authorization, Bearer
from tools.sources.live.body import ACCEPTED, Damaged, TooLarge, whole
from tools.sources.live.limits import Limits
from tools.sources.live.trouble import Denied, Failed, Gone, Late, NotServed

JSON = dict[str, Any]
Form = dict[str, str | list[str]]
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # below, they write addresses, with the patient's id
_HEADERS = {"Accept": "application/fhir+json", "Prefer": "handling=strict", "Accept-Encoding": ACCEPTED}
_AGAIN = (429, 500, 502, 503, 504)
_NOT_SERVED = (400, 405, 406, 501)
_LONGEST_ETAG = 256
"""Characters of an ETag that is kept."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it came, unpacked.

    Attributes:
        etag: by which the server knows it; "" if it does not say.
    """

    body: bytes
    etag: str = ""


class Pages:
    """Answers that a server marked with an ETag, by address; in memory only, the last used ones.

    https://hl7.org/fhir/R4/http.html#cread (RFC 9110, 13.1.2).

    Args:
        most: bytes that are kept in all.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def get(self, address: str) -> Page | None:
        """Return what was kept of an address."""
        if address in self._pages:
            self._pages.move_to_end(address)
        return self._pages.get(address)

    def keep(self, address: str, page: Page) -> None:
        """Keep an answer in place of the one before, if it has an ETag; the ones used longest ago make room."""
        before = self._pages.pop(address, None)
        self._held -= len(before.body) if before else 0
        if not page.etag or len(page.etag) > _LONGEST_ETAG or len(page.body) > self._most:
            return
        self._pages[address] = page
        self._held += len(page.body)
        while self._held > self._most:
            _, oldest = self._pages.popitem(last=False)
            self._held -= len(oldest.body)


class _Again(Exception):
    """May work if it is tried again."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


def base_url(written: str) -> httpx.URL:
    """Return a base URL as it is used.

    >>> base_url("https://fhir.example.org/r4")
    URL('https://fhir.example.org/r4/')

    Raises:
        SetupError: it is none.
    """
    try:
        url = httpx.URL(written.rstrip("/") + "/")
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment or url.userinfo:
        raise SetupError(
            "A FHIR server is named by its base URL, without user, password, query or fragment,"
            " e.g. https://fhir.example.org/r4."
        )
    return url


class Server:
    """A FHIR server at a base URL.

    Args:
        base: e.g. "https://fhir.example.org/r4".
        auth: gives the token that each request carries.
        limits: how long, how much, how often.
    """

    def __init__(
        self,
        base: str,
        auth: Authorization | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.base = base_url(base)
        self.name = str(self.base).rstrip("/")
        self.limits = limits or Limits()
        self._gate = asyncio.Semaphore(self.limits.together)
        self._auth = auth or Bearer("")
        self._pages = Pages(self.limits.kept)
        self._client = httpx.AsyncClient(
            headers=_HEADERS,
            timeout=httpx.Timeout(self.limits.answer, connect=self.limits.connect),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def at(self, link: str) -> httpx.URL:
        """Return the address that a link of this server means.

        A server behind a proxy that speaks https for it may write http: the same place is then asked by https.

        Raises:
            Failed: it leads to another origin, or out of the server's base.
        """
        try:
            url = self.base.join(link)
        except (httpx.InvalidURL, ValueError):
            raise Failed("a link of the server is no address") from None
        url = self._closed(url)
        inside = f"{url.path}/".startswith(self.base.path) and ".." not in re.split(r"[/\\]", url.path)
        if _origin(url) != _origin(self.base) or url.userinfo or not inside:
            raise Failed("a link of the server leads elsewhere and was not followed")
        return url

    def relative(self, reference: str) -> str:
        """Return "Type/id" for a reference that names a resource of this server by its whole address.

        >>> Server("https://fhir.example.org/r4").relative("https://fhir.example.org/r4/Patient/1")
        'Patient/1'
        """
        own, behind = str(self.base), str(self.base.copy_with(scheme="http"))
        return reference.removeprefix(behind if _usual(self.base) else own).removeprefix(own)

    def _closed(self, url: httpx.URL) -> httpx.URL:
        meant = _usual(self.base) and url.scheme == "http" and url.port is None and url.host == self.base.host
        return url.copy_with(scheme="https") if meant else url

    async def get(self, path: str, params: Mapping[str, str | list[str]] | None = None) -> JSON:
        """Return the JSON object at an address.

        Args:
            path: below the base, or a link that the server gave.
            params: the query; a link has its own.

        Raises:
            Denied, NotServed, Gone, Failed: why there is none.
        """
        url = self.at(path)
        return await self._patiently("GET", url.copy_with(params=dict(params)) if params else url)

    async def find(self, kind: str, form: Mapping[str, str | list[str]]) -> JSON:
        """Return the first page of a search whose terms, names and numbers of people, stay out of the address.

        Raises:
            Denied, NotServed, Gone, Failed: why there is none.
        """
        return await self._patiently("POST", self.at(f"{kind}/_search"), dict(form))

    async def _patiently(self, method: str, url: httpx.URL, form: Form | None = None) -> JSON:
        trying = AsyncRetrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(self.limits.tries),
            wait=self._pause,
            reraise=True,
        )
        try:
            async for attempt in trying:
                with attempt:
                    return await self._once(method, url, form)
        except _Again as reason:
            raise Failed(f"{reason}, {self.limits.tries} times") from None
        raise AssertionError("tenacity always ends with a result or an exception")

    def _pause(self, state: RetryCallState) -> float:
        told = state.outcome.exception() if state.outcome else None
        wanted = told.after if isinstance(told, _Again) else None
        if wanted is None:
            wanted = self.limits.backoff * 2 ** (state.attempt_number - 1)
        if wanted > self.limits.wait:
            raise Failed(f"the server asks to wait {wanted:.0f} s")
        return float(wanted)

    async def _once(self, method: str, url: httpx.URL, form: Form | None) -> JSON:
        try:
            async with self._gate, asyncio.timeout(self.limits.answer):
                page = await self._answer(method, url, form)
        except (TimeoutError, httpx.TimeoutException):
            raise Late(f"no whole answer came within {self.limits.answer:g} s") from None
        except httpx.TransportError:
            raise _Again("the connection failed") from None
        found = _read(page.body)
        if method == "GET" and "_summary" not in url.params:
            self._pages.keep(str(url), page)
        return found

    async def _answer(self, method: str, url: httpx.URL, form: Form | None) -> Page:
        """Return a whole answer; a token that is refused is renewed once."""
        token = await self._auth.token(self._client)
        try:
            return await self._with(token, method, url, form)
        except Denied as denied:
            another = await self._auth.token(self._client, refused=token) if denied.unknown else token
            if another == token:
                raise
            return await self._with(another, method, url, form)

    async def _with(self, token: str, method: str, url: httpx.URL, form: Form | None) -> Page:
        kept = self._pages.get(str(url)) if method == "GET" else None
        carried = {"Authorization": f"Bearer {token}"} if token else {}
        if kept:
            carried["If-None-Match"] = kept.etag
        async with self._client.stream(method, url, data=form, headers=carried) as response:
            if kept and response.status_code == httpx.codes.NOT_MODIFIED:
                return kept
            if response.status_code != httpx.codes.OK:
                _complain(response)
            try:
                return Page(await whole(response, self.limits.body), response.headers.get("ETag", ""))
            except TooLarge:
                size = self.limits.body / 1024 / 1024
                raise Failed(f"an answer is larger than {size:.3g} MB") from None
            except Damaged:
                raise _Again("the answer was damaged") from None


def _read(body: bytes) -> JSON:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _Again("the answer is no JSON") from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise Failed("the answer is no FHIR resource")
    return found


def _complain(response: httpx.Response) -> NoReturn:
    status = response.status_code
    if status in (401, 403):
        raise Denied(f"the server denied it ({status})", unknown=status == httpx.codes.UNAUTHORIZED)
    if status in (404, 410):
        raise Gone(f"the server has no such thing ({status})")
    if status in _NOT_SERVED:
        raise NotServed(f"the server does not serve this search ({status})")
    if status in _AGAIN:
        raise _Again(f"the server answered {status}", _retry_after(response))
    if response.is_redirect:
        raise Failed(f"the server sends elsewhere ({status}), which is not followed")
    raise Failed(f"the server answered {status}")


def _retry_after(response: httpx.Response) -> float | None:
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _usual(base: httpx.URL) -> bool:
    """Tell whether a base is reached by https at its usual port."""
    return base.scheme == "https" and base.port is None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
