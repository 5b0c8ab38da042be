"""A search -> all of its rows, page by page, or why they could not all be read.

https://hl7.org/fhir/R4/search.html. A search that was not read to its end gives no rows at all: what is missing
would look like "not recorded". Not here: whose rows they are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tools.records.live.server import Server
from tools.records.live.trouble import Failed, Gone, NotServed

_GRAVE = ("error", "fatal")
Params = Mapping[str, str]
Row = tuple[str, dict[str, Any]]
"""The full URL under which a server lists a resource, and the resource."""


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
    """Return the rows of a first page and of all that follow it, `most` at most; raises as `search`."""
    rows, seen = list(_rows(first, kind)), set[str]()
    total, link = _total(first), _link(first, "next")
    if total is not None and total > most:
        raise Failed(f"it has {total} rows, more than are read")
    while link:
        url = str(server.at(link))
        if url in seen:
            raise Failed("its pages lead in a circle")
        seen.add(url)
        if len(seen) >= server.limits.pages or len(rows) > most:
            raise Failed(f"it has more than {len(rows)} rows, more than are read")
        page = await server.get(url)
        rows += _rows(page, kind)
        link = _link(page, "next")
    if total is not None and len(rows) < total:
        raise Failed(f"the server counted {total}, its pages hold {len(rows)}")
    return rows


async def count(server: Server, kind: str, params: Params) -> int | None:
    """Return how many rows a search has; None if the server does not say, or did not apply every parameter.

    Raises:
        Denied, NotServed, Failed: why not.
    """
    page = await server.get(kind, {**params, "_summary": "count"})
    list(_rows(page, kind))
    return None if _ignored(page, params) else _total(page)


def _rows(page: Mapping[str, Any], kind: str) -> Iterator[Row]:
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
            yield str(entry.get("fullUrl") or ""), resource


def _heed(outcome: Mapping[str, Any]) -> None:
    issues = outcome.get("issue")
    listed = issues if isinstance(issues, list) else []
    if any(isinstance(issue, dict) and issue.get("severity") in _GRAVE for issue in listed):
        raise Failed("the server reported an error among its rows")


def _ignored(page: Mapping[str, Any], params: Params) -> bool:
    """Tell whether a parameter is missing in the `self` link, which says what was applied (R4 search, "self link")."""
    link = _link(page, "self")
    applied = {name.partition(":")[0].partition(".")[0] for name in httpx.URL(link).params}
    return bool(link) and any(name not in applied for name in params)


def _link(page: Mapping[str, Any], relation: str) -> str:
    links = page.get("link")
    known = (k for k in links if isinstance(k, dict)) if isinstance(links, list) else ()
    return next((str(k.get("url") or "") for k in known if k.get("relation") == relation), "")


def _total(page: Mapping[str, Any]) -> int | None:
    total = page.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None
