"""Which detail of an entry a question asks for: a reaction, a lot number, the pieces of a dose, its own reason."""

import re

from agent.planner.frame import Frame
from agent.planner.sentence import Sentence

AND_WHICH = re.compile(r"\band (?:what|which)\b", re.IGNORECASE)
_ORDER = r"(?:prescription|order|rx|script|entry|itself)s?"
_STATES = (
    r"(?:give|state|name|list|say|tell|mention|specify|specifie|document|cite|note|read|contain|show|carry)s?"
)
_STATED = r"(?:stated|given|recorded|written|documented|named|listed|noted|specified|enter|entered|mentioned|put down)"
_NEEDED = (
    r"as[- ]needed|as (?:required|necessary)|prn|p\.r\.n\.?|on demand|only (?:when|if|as)"
    r"|(?:when|if) (?:needed|required|necessary)"
    r"|(?:when|whenever|if) (?:i|he|she|they|\u00b7+|the patient) (?:need|want|feel|require)s?"
)
_PIECES = r"(?:tablet|capsule|pill|puff|piece|lozenge|patche?)s?"
_EACH = (
    r"(?:at (?:a|one|each|every|any one) time|at once|in one go"
    r"|(?:per|each|every|one|single|a) (?:dose|intake|time))"
)
_OFTEN = r"(?:times|doses|often|frequen\w+)"
_A_DAY = r"(?:(?:a|per|each|every|in a) day|daily)"
_A_WEEK = r"(?:(?:a|per|each|every|in a) week|weekly)"
_ON_THE_ORDER = (
    rf"{_ORDER}\b.*\b(?:{_STATES}|{_STATED})|{_STATED}\b.*\b{_ORDER}"
    rf"|(?:according to|going by|as per|on) (?:the|my|his|her|their|\u00b7+)\b[^?]*\b{_ORDER}"
)
"""A reason that the prescription gives itself; a visit's reason does not count."""
_ANY_REASON = re.compile(
    r"\b(?:an?|any|the|its)\s+(?:\w+\s+)?(?:reason|indication|diagnosis|condition)\b", re.IGNORECASE
)
_BODY_SITE = (
    r"(?:body|anatomic(?:al)?) (?:site|part|region|area)|which part"
    r"|(?:part|area|region) of (?:the body|me|her|him|my body)"
)
_WORDS = (
    ("allergy", "criticality", r"critical\w*"),
    ("allergy", "reaction", r"reactions?|manifestations?|reacts?|symptoms?"),
    ("immunization", "lot", r"lot(?: number)?"),
    (
        "immunization",
        "manufacturer",
        r"manufactur\w+|maker|which company|(?:who|what company) (?:made|produced)",
    ),
    ("medication", "as needed", _NEEDED),
    (
        "medication",
        "pharmacy",
        r"pharmac(?:y|ies|ist)|drug ?stores?|chemists?|dispens\w+|filled|pick(?:ed)?\b.*\bup",
    ),
    (
        "medication",
        "stopped because",
        r"(?:why|reasons?|because of what)\b.*\b(?:stop(?:ped|ping)?|discontinu\w+|ended|ceased?|cancel\w+)",
    ),
    ("medication", "refills", r"refill\w*|repeats"),
    ("medication", "times a day", rf"{_OFTEN}\b.*\b{_A_DAY}|times daily|dosing frequency|daily doses"),
    ("medication", "times a week", rf"{_OFTEN}\b.*\b{_A_WEEK}"),
    ("medication", "at a time", rf"(?=.*\b{_PIECES}\b)(?=.*\b{_EACH}\b).*"),
    ("medication", "own reason", _ON_THE_ORDER),
    ("imaging", "modality", r"modality|technique|kind of imaging|type of imaging"),
    ("imaging", "body site", _BODY_SITE),
    ("supply", "quantity", r"quantity|how (?:many(?! times)|much)|amount"),
    ("care plan", "activities", r"activit\w+|supposed to do|what is planned"),
)
_NUMBERS = ("times a day", "times a week", "at a time")
_DATED = re.compile(r"\b(?:when|date|(?:what|which) day|how (?:old|long))\b", re.IGNORECASE)
"""A time is asked for, not how many times."""
_AS_NEEDED = re.compile(rf"\b(?:{_NEEDED})\b", re.IGNORECASE)
_PARTS = tuple((kind, part, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, part, words in _WORDS)


def part_asked(sentence: Sentence, frame: Frame) -> str:
    """Return which detail of an entry is asked for, "" if none: "reaction", "lot", "as needed", "own reason"."""
    found = (part for kind, part, words in _PARTS if kind == frame.kind and words.search(sentence.free))
    return next((part for part in found if _fits(part, sentence, frame)), "")


def left_open(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether a detail is asked for that tells entries of a kind apart, which no tool serves: "which are PRN?"."""
    return frame.kind == "medication" and not frame.concept and bool(_AS_NEEDED.search(sentence.free))


def _fits(part: str, sentence: Sentence, frame: Frame) -> bool:
    """Whether the form of the question is one that the detail answers."""
    if part == "as needed":
        return bool(frame.concept) and frame.give in ("exists", "", "dose")
    if part == "stopped because":
        return frame.give == "reason"
    if part == "own reason":
        told = frame.give == "reason" or (frame.give == "exists" and _ANY_REASON.search(sentence.free))
        return bool(frame.concept) and bool(told)
    dated = frame.kind == "medication" and frame.give in ("date", "age", "duration")
    if dated and (part not in _NUMBERS or _DATED.search(sentence.free)):
        return False
    if not frame.concept and frame.kind == "allergy":
        return False
    if part == "refills":
        return frame.give != "distinct"
    return frame.give not in ("distinct", "exists") or bool(AND_WHICH.search(sentence.text))
