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
LATIN = "text/plain; charset=windows-1252"
RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Seen for \b gout\b0 . M\'fcller agrees.\par}"
CDA = b"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE d [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">]>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Letter</title>
<recordTarget><patientRole><addr>5 Secret Street</addr></patientRole></recordTarget>
<component><structuredBody><component><section><title>Assessment</title>
<text><paragraph>Suspected <content ID="x">sarcoidosis</content>&b;.</paragraph><br/></text>
<entry><observation><text>coded again</text></observation></entry>
</section></component></structuredBody></component></ClinicalDocument>"""


def pdf(words: str) -> bytes:
    """A PDF of one page with some words on it."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET" if words else "q Q"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    whole, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(whole)}\n%%EOF"
    return whole + end.encode()


FORMATS = [
    Written("RTF", document(attached(RTF, "application/rtf")), "Seen for gout. Müller agrees."),
    Written("RTF that is called plain text", document(attached(RTF)), "Seen for gout. Müller agrees."),
    Written("a PDF", document(attached(pdf("Seen for gout."), "application/pdf")), "Seen for gout."),
    Written("a PDF without a name", document(attached(pdf("Seen for gout."), "")), "Seen for gout."),
    Written(
        "sections of CDA, without header, entries and the entities that it defines",
        document(attached(CDA, "application/xml")),
        "Letter\nAssessment\nSuspected sarcoidosis&b;.",
    ),
    Written(
        "Windows-1252",
        document(attached("weak – better".encode("cp1252"), LATIN)),
        "weak – better",
    ),
    Written("UTF-16", document(attached("müde".encode("utf-16"))), "müde"),
    Written(
        "a character set that nobody knows",
        document(attached("müde".encode(), "text/plain; charset=x")),
        "müde",
    ),
    Written(
        "one that is broken beside one that is not",
        document(attached(b"%PDF x", ""), attached(b"one")),
        "one",
    ),
]
UNREADABLE = [
    ("broken base64", document({"contentType": "text/plain", "data": "abc$"}), "it is not valid base64"),
    ("a broken PDF", document(attached(b"%PDF", "application/pdf")), "the PDF is broken or locked"),
    ("a scan", document(attached(pdf(""), "application/pdf")), "no text in the PDF, perhaps a scan"),
    ("a picture", document(attached(b"\xff\xd8", "image/jpeg")), "image/jpeg"),
    ("bytes", document(attached(b"\0\1\2", "application/octet-stream")), "application/octet-stream"),
    (
        "the text is elsewhere",
        document({"contentType": "text/plain", "url": "https://x.test/1"}),
        "it is elsewhere",
    ),
    ("there is none", document({"contentType": "text/plain"}), "it is empty"),
]


def test_a_binary_of_the_same_record_is_read() -> None:
    binary = parse({"resourceType": "Binary", "id": "b", **attached(b"Granuloma.")})
    note = parse(document({"url": "https://x.test/fhir/Binary/b"}))
    assert text_of(note, lambda reference: binary if reference == "Binary/b" else None) == "Granuloma."


@pytest.mark.parametrize("case", [*CASES, *FORMATS], ids=lambda case: case.id)
def test_text(case: Written) -> None:
    assert text_of(parse(case.resource)) == case.text


@pytest.mark.parametrize(("resource", "message"), [c[1:] for c in UNREADABLE], ids=[c[0] for c in UNREADABLE])
def test_what_cannot_be_read_is_said(resource: Resource, message: str) -> None:
    with pytest.raises(UnreadableRecord) as raised:
        text_of(parse(resource))
    assert str(raised.value) == f"DocumentReference/1: no text in its attachments ({message})."
