"""A search -> all of its rows, page by page, or why they could not all be read.

https://hl7.org/fhir/R4/search.html. A search that was not read to its end gives no rows at all: what is missing
would look like "not recorded". Not here: whose rows they are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tools.sources.live.server import Server
from tools.sources.live.trouble import Denied, Failed, Gone, NotServed

_GRAVE = ("error", "fatal")
_WITHHELD = frozenset(("security", "login", "unknown", "expired", "forbidden", "suppressed"))
_LACKING = frozenset(("incomplete", "throttled", "timeout", "too-costly", "transient", "exception"))
"""Issue types that mean that rows are missing, however mildly it is put: http://hl7.org/fhir/R4/valueset-issue-type.html."""
Params = Mapping[str, str | list[str]]
Row = dict[str, Any]
"""A resource as a server gives it."""


async def search(server: Server, kind: str, params: Params) -> list[Row]:
    """Return every row of a search, in the server's order.

    Raises:
        Denied, NotServed, Failed: why it could not be read to its end.
    """
    try:
        first = await server.get(kind, {**params, "_count": str(server.limits.page)})
    except Gone:
        raise NotServed("the server does not serve this kind") from None
    return await to_the_end(server, kind, first, server.limits.rows if params else server.limits.unfiltered)


async def to_the_end(server: Server, kind: str, first: Mapping[str, Any], most: int) -> list[Row]:
    """Return the rows of a first page and of all that follow it, each once, `most` at most; raises as `search`."""
    rows = {_identity(row): row for row in rows_of(first, kind)}
    total, link, seen = total_of(first), link_of(first, "next"), set[str]()
    if total is not None and total > most:
        raise Failed(f"it has {total} rows, more than are read")
    while link:
        url = str(server.at(link))
        if url in seen:
            raise Failed("its pages lead in a circle")
        seen.add(url)
        if len(seen) >= server.limits.pages:
            raise Failed(f"it has more than {len(seen)} pages, more than are read")
        if len(rows) > most:
            raise Failed(f"it has more than {most} rows, more than are read")
        page = await _next(server, url)
        rows |= {_identity(row): row for row in rows_of(page, kind)}
        link = link_of(page, "next")
    if total is not None and len(rows) < total:
        raise Failed(f"the server counted {total}, its pages hold {len(rows)}")
    return list(rows.values())


async def _next(server: Server, url: str) -> Mapping[str, Any]:
    """Return a further page; a server that served the first and not this one has failed."""
    try:
        page = await server.get(url)
    except (NotServed, Gone) as trouble:
        raise Failed(f"a further page was not served: {trouble}") from None
    if page.get("resourceType") != "Bundle":
        raise Failed("a further page is no Bundle")
    return page


async def count(server: Server, kind: str, params: Params) -> int | None:
    """Return how many rows a search has; None if the server does not say, or did not apply every parameter.

    Raises:
        Denied, NotServed, Failed: why not.
    """
    try:
        page = await server.get(kind, {**params, "_summary": "count"})
    except Gone:
        raise NotServed("the server does not serve this kind") from None
    rows, total = list(rows_of(page, kind)), total_of(page)
    return None if _ignored(page, params) or (rows and not total) else total


def rows_of(page: Mapping[str, Any], kind: str) -> Iterator[Row]:
    """Yield the resources of a kind on a page.

    Raises:
        Denied, NotServed, Failed: what the page says instead.
    """
    if page.get("resourceType") != "Bundle":
        raise NotServed("the server answered a search with something else than a Bundle")
    listed = page.get("entry", [])
    entries: list[Any] = listed if isinstance(listed, list) else [None]
    for entry in entries:
        resource: object = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            raise Failed("a row of the server's answer holds no resource")
        if resource.get("resourceType") == "OperationOutcome":
            _heed(resource)
        elif resource.get("resourceType") == kind:
            yield resource


def _heed(outcome: Mapping[str, Any]) -> None:
    issues = outcome.get("issue")
    listed = [issue for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    codes = {str(issue.get("code")) for issue in listed}
    if codes & _WITHHELD:
        raise Denied("the server withheld rows")
    if codes & _LACKING:
        raise Failed("the server says that rows are missing")
    if any(issue.get("severity") in _GRAVE for issue in listed):
        raise Failed("the server reported an error among its rows")
    if "not-supported" in codes:
        raise NotServed("the server does not support this search")


def _identity(row: Row) -> object:
    identity = row.get("id")
    return identity if isinstance(identity, str) else object()


def _ignored(page: Mapping[str, Any], params: Params) -> bool:
    """Tell whether a parameter is missing in the `self` link, which says what was applied (R4 search, "self link")."""
    link = link_of(page, "self")
    applied = Counter(
        name.partition(":")[0].partition(".")[0] for name, _ in httpx.URL(link).params.multi_items()
    )
    wanted = {name: len(value) if isinstance(value, list) else 1 for name, value in params.items()}
    return bool(link) and any(applied[name] < number for name, number in wanted.items())


def link_of(page: Mapping[str, Any], relation: str) -> str:
    """Return the address of a link of a page, "" if it has none."""
    links = page.get("link")
    known = (k for k in links if isinstance(k, dict)) if isinstance(links, list) else ()
    return next((str(k.get("url") or "") for k in known if k.get("relation") == relation), "")


def total_of(page: Mapping[str, Any]) -> int | None:
    """Return how many rows a search has in all, None if a page does not say."""
    total = page.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None
