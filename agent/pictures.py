"""Evidence -> the pictures of the record that it is about, and the message that shows them to a model.

A model that sees gets four at most, the newest, each under the number of its fact, so that what it says of one can cite
the resource. Left out: what a picture shows, which no code can check; it belongs to the assessment.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.calls.evidence import Evidence
from tools.pictures import NoPicture, Picture, pictures_of
from tools.record import PatientRecord
from tools.record.kinds import PICTURE, types_of
from tools.wording.facts import moment

MOST = 4
"""Pictures that a model is shown at once. MedGemma was mostly tried with one."""
TOKENS = 260
"""Tokens of a picture for Gemma 3, whatever its size: 256, and the marks around it."""
_MAY_HAVE_ONE = frozenset((PICTURE, "imaging", "report", "document", *types_of(PICTURE)))
_IS_LOOKED_AT = ("entry", "attribute")


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture as it is shown: the resource that is cited for it, and its PNG."""

    reference: str
    png: bytes


def asked_for(evidence: Iterable[Evidence], record: PatientRecord) -> tuple[Picture, ...]:
    """Return the pictures of what was found, the newest first, where a question may be about what they show."""
    references = dict.fromkeys(each for e in evidence if _may_ask(e) for each in e.references)
    entries = [entry for reference in references if (entry := record.get(reference))]
    newest_first = sorted(entries, key=moment, reverse=True)
    return tuple(picture for entry in newest_first for picture in pictures_of(entry, record))


def look_at(pictures: Sequence[Picture]) -> tuple[Seen, ...]:
    """Return the pictures that can be shown, four at most."""
    seen: list[Seen] = []
    for picture in pictures:
        if len(seen) == MOST:
            break
        try:
            seen.append(Seen(picture.reference, picture.png()))
        except NoPicture:
            continue
    return tuple(seen)


def with_pictures(text: str, pictures: Sequence[Seen], references: Sequence[str]) -> str | list[Any]:
    """Return the content of a message: a text and, after it, pictures, each under the number of its fact.

    Args:
        text: of the message.
        pictures: those to be shown; one whose fact is not shown is left out.
        references: the resource of each fact; number 1 is the first.

    Returns:
        the text alone where there is no picture, else LangChain's content blocks.
    """
    blocks: list[Any] = [{"type": "text", "text": text}]
    for picture in pictures:
        if picture.reference in references:
            number = references.index(picture.reference) + 1
            encoded = base64.b64encode(picture.png).decode()
            blocks.append({"type": "text", "text": f"The picture of [{number}]:"})
            blocks.append({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}})
    return blocks if len(blocks) > 1 else text


def _may_ask(evidence: Evidence) -> bool:
    if evidence.tool != "find":
        return evidence.tool == "read"
    kind, give = evidence.arguments.get("kind"), evidence.arguments.get("give", "entry")
    is_there = kind in (PICTURE, "Media", "imaging") and give == "exists"
    return kind in _MAY_HAVE_ONE and (give in _IS_LOOKED_AT or is_there)
