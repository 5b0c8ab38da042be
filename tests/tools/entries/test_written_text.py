"""What people wrote: notes, reports, documents."""

import base64
from dataclasses import dataclass

import pytest

from tests.tools.entries.entry_cases import Resource, made
from tools.calls.errors import UnreadableRecord
from tools.entries import parse, text_of


def attached(data: bytes, kind: str = "text/plain; charset=utf-8") -> Resource:
    return {"contentType": kind, "data": base64.b64encode(data).decode()}


def document(*attachments: Resource) -> Resource:
    return made("DocumentReference", content=[{"attachment": each} for each in attachments])


@dataclass(frozen=True)
class Written:
    id: str
    resource: Resource
    text: str


CASES = [
    Written(
        "a note",
        document(attached("Chest pain, 2 days – no fever".encode())),
        "Chest pain, 2 days – no fever",
    ),
    Written("Latin-1", document(attached("Müdigkeit".encode("latin-1"))), "Müdigkeit"),
    Written("line ends", document(attached(b"one\r\ntwo\r\n")), "one\ntwo"),
    Written("no type is text", document(attached(b"HPI: well", "")), "HPI: well"),
    Written("a bound is no markup", document(attached(b"<5 mg/dL")), "<5 mg/dL"),
    Written(
        "HTML",
        document(
            attached(
                b"<html><head><style>p{}</style></head><p>Pain &amp; cough</p><p>2 days</p></html>",
                "text/html",
            )
        ),
        "Pain & cough\n2 days",
    ),
    Written(
        "a table keeps its cells apart",
        document(
            attached(
                b"<table><tr><td>A1c</td><td>6.4</td></tr><tr><td>LDL</td><td>90</td></tr></table>",
                "text/html",
            )
        ),
        "A1c 6.4\nLDL 90",
    ),
    Written(
        "XML",
        document(attached(b"<section><title>Plan</title><text>Rest</text></section>", "text/xml")),
        "Plan\nRest",
    ),
    Written("two attachments", document(attached(b"one"), attached(b"two")), "one\n\ntwo"),
    Written("the same twice is said once", document(attached(b"one"), attached(b"one")), "one"),
    Written("text beside a picture", document(attached(b"one"), attached(b"\xff\xd8", "image/jpeg")), "one"),
    Written(
        "a report: its form and its conclusion",
        made("DiagnosticReport", presentedForm=[attached(b"Normal heart size.")], conclusion="Normal"),
        "Normal heart size.\n\nNormal",
    ),
    Written(
        "annotations",
        made("Condition", note=[{"text": "Stable."}, {"text": "Review."}]),
        "Stable.\n\nReview.",
    ),
    Written(
        "sections of a composition",
        made(
            "Composition",
            section=[
                {"title": "Plan", "text": {"div": "<div><p>Rest</p></div>"}, "section": [{"title": "Diet"}]}
            ],
        ),
        "Plan\nRest\n\nDiet",
    ),
    Written("nothing was written", made("Observation"), ""),
    Written("a document without attachments", document(), ""),
]
UNREADABLE = [
    (
        "broken base64",
        document({"contentType": "text/plain", "data": "abc$"}),
        "DocumentReference/1: attachment 1 is not valid base64 (Only base64 data is allowed).",
    ),
    (
        "only a PDF",
        document(attached(b"%PDF", "application/pdf")),
        "DocumentReference/1: no text in its attachments (application/pdf).",
    ),
    (
        "the text is elsewhere",
        document({"contentType": "text/plain", "url": "Binary/1"}),
        "DocumentReference/1: no text in its attachments (text/plain).",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_text(case: Written) -> None:
    assert text_of(parse(case.resource)) == case.text


@pytest.mark.parametrize(("resource", "message"), [c[1:] for c in UNREADABLE], ids=[c[0] for c in UNREADABLE])
def test_what_cannot_be_read_is_said(resource: Resource, message: str) -> None:
    with pytest.raises(UnreadableRecord) as raised:
        text_of(parse(resource))
    assert str(raised.value) == message
