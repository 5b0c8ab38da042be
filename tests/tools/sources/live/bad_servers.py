"""What a server may do to a search, each as a behaviour of `serving`."""

import gzip
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from typing import Any

from tests.builders import Resource
from tests.tools.sources.live.serving import Answering, Asked, Behaviour

Change = Callable[[dict[str, Any], Answering, Asked], None]


def status(
    code: int, body: str | bytes = "{}", kind: str = "application/fhir+json", **headers: str
) -> Behaviour:
    """Refuse everything."""
    return lambda to, asked: to.whole(code, body, kind, **headers)


def reading(behaviour: Behaviour, turns: range = range(1000)) -> Behaviour:
    """Behave so where rows are asked for, at these turns; count well."""
    return lambda to, asked: behaviour(to, asked) if not asked.counts and asked.turn in turns else None


def changed(change: Change) -> Behaviour:
    """Answer well, but change the page."""

    def answer(to: Answering, asked: Asked) -> bool:
        page = to.bundle(asked, to.server.matching(asked.path, asked.terms))
        change(page, to, asked)
        return to.json(page)

    return answer


def rows(change: Callable[[list[Resource]], list[Resource]], **more: Any) -> Behaviour:
    """Answer well, but with other rows."""
    return lambda to, asked: to.json(
        to.bundle(asked, change(to.server.matching(asked.path, asked.terms)), **more)
    )


def next_link(link: Callable[[str, str], str]) -> Behaviour:
    """Change the link to the next page; the function gets it, and the base of another server."""

    def change(page: dict[str, Any], to: Answering, asked: Asked) -> None:
        for each in page["link"]:
            if each["relation"] == "next":
                each["url"] = link(each["url"], to.server.elsewhere)

    return reading(changed(change))


def endless(page: dict[str, Any], to: Answering, asked: Asked) -> None:
    """Always have one more page."""
    page["link"] = [{"relation": "next", "url": f"{asked.path}?turn={asked.turn}"}]


def last_page(page: dict[str, Any], to: Answering, asked: Asked) -> None:
    """Forget that there is more."""
    page["link"] = [each for each in page["link"] if each["relation"] == "self"]


def last_page_uncounted(page: dict[str, Any], to: Answering, asked: Asked) -> None:
    """Forget that there is more, and how much there is."""
    last_page(page, to, asked)
    del page["total"]


def leads_away(page: dict[str, Any], to: Answering, asked: Asked) -> None:
    """Link to another server."""
    page["link"] = [{"relation": "next", "url": f"{to.server.elsewhere}/{asked.path}"}]


def outcome(severity: str, code: str) -> Change:
    """Put an OperationOutcome among the rows."""
    return lambda page, to, asked: page.setdefault("entry", []).append(
        {"resource": said(severity, code), "search": {"mode": "outcome"}}
    )


def said(severity: str, code: str) -> Resource:
    """An OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}


def ignores_the_patient(to: Answering, asked: Asked) -> bool:
    """Give everybody's rows, and say so in the self link."""
    terms = {name: value for name, value in asked.terms.items() if name != "patient"}
    return to.json(to.bundle(replace(asked, terms=terms), to.server.matching(asked.path, terms)))


def ignores_the_patient_in_secret(to: Answering, asked: Asked) -> bool:
    """Give everybody's rows as if they were the patient's."""
    return to.json(to.bundle(asked, to.server.matching(asked.path, {})))


def refuses_the_patient(to: Answering, asked: Asked) -> bool | None:
    """Be strict about a parameter it does not know."""
    return to.whole(400, json.dumps(said("error", "not-supported"))) if "patient" in asked.terms else None


def refuses_politely(to: Answering, asked: Asked) -> bool | None:
    """Answer a search by patient with an OperationOutcome and 200."""
    return to.json(said("error", "not-supported")) if "patient" in asked.terms else None


def packed(to: Answering, asked: Asked) -> bool:
    """Answer well, in gzip."""
    page = to.bundle(asked, to.server.matching(asked.path, asked.terms))
    return to.whole(200, gzip.compress(json.dumps(page).encode()), content_encoding="gzip")


def hangs_up(to: Answering, asked: Asked) -> bool:
    """Break off in the middle of the body."""
    to.begin(200, "application/fhir+json", 10_000)
    to.wfile.write(b'{"resourceType": "Bundle", "entry": [')
    to.close_connection = True
    return True


def drips(to: Answering, asked: Asked) -> bool:
    """Send a blank now and then, for ever."""
    to.begin(200, "application/fhir+json", 1_000_000)
    with suppress(OSError):
        while True:
            to.wfile.write(b" ")
            time.sleep(0.02)
    return True


def keeps_silent(to: Answering, asked: Asked) -> bool:
    """Say nothing for longer than anybody waits."""
    time.sleep(3)
    to.close_connection = True
    return True


def floods(to: Answering, asked: Asked) -> bool:
    """Send a gigabyte."""
    to.begin(200, "application/fhir+json", 1 << 30)
    with suppress(OSError):
        for _ in range(1 << 14):
            to.wfile.write(b" " * (1 << 16))
            to.server.flooded += 1 << 16
    return True


def redirects(to: Answering, asked: Asked) -> bool:
    """Send elsewhere."""
    return to.whole(302, b"", location=f"{to.server.elsewhere}/{asked.path}?{asked.query}")


def later(code: int) -> Behaviour:
    """Ask to come back at a time of day that is now."""
    return lambda to, asked: to.whole(code, "{}", Retry_After=formatdate(time.time(), usegmt=True))


HTML = status(200, "<html><script>alert(1)</script></html>", "text/html")
LIST = status(200, '[{"resourceType": "Bundle"}]')
NESTED = status(200, '{"resourceType": "Bundle", "entry": ' + "[" * 50_000)
DAMAGED = status(200, b"\x1f\x8b\x08 this is no gzip", content_encoding="gzip")
HALF = status(200, gzip.compress(b'{"resourceType": "Bundle"}')[:-12], content_encoding="gzip")
BROTLI = status(200, b"\x0b\x02\x80{}\x03", content_encoding="br")
BOMB = status(200, gzip.compress(b" " * 100_000_000), content_encoding="gzip")
