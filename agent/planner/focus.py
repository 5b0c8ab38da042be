"""A question with its preamble -> the question: "For the insurance form I need to know when …" -> "when …".

A preamble is only left out when it names nothing recorded and no time; it is context, not part of the wish.
"""

import re

from agent.planner.cues import cues_in
from tools.concepts import mentions as names_in
from tools.periods import mentions as times_in
from tools.record import PatientRecord

_SURE = 0.9
_QUESTION = (
    r"(?:whether|if|when|what|what's|which|how|who|where|why|on (?:what|which)|at (?:what|which)|in which|since when|"
    r"has|have|had|was|were|is|are|am|did|does|do|any)"
)
_THING = (
    r"(?:the|a|his|her|my|their)\s+(?:patient's\s+)?(?:\w+\s+)?"
    r"(?:dates?|day|names?|number|count|total|list|age|gender|sex|city|town|figure)"
)
_MATRIX = (
    r"(?:know|asks?|asking|wants?|wonder(?:s|ing)?|tell me|inform|remind me|dig out|work out|find out|figure out|"
    r"query|grateful for|curious|needs?(?: is|(?! is\b))|want is|requires?|confirm|establish|say|state|see)"
)
_REQUEST = (
    r"(?:(?:(?:can|could|would|will|may|might)\s+(?:you|i|we|someone)\s+(?:please\s+|kindly\s+|just\s+|possibly\s+)*"
    r"(?:look up|pull up|check|tell me|give me|show me|find(?: out)?|let me (?:know|have)|remind me|have|see|get|know))"
    r"|(?:please\s+|just\s+)*(?:look up|pull up|tell me|give me|show me|find out|let me (?:know|have)|remind me))\s+"
    r"(?:for me\s+)?(?!out\b|whether\b|if\b|about\b|all\b|an?\b|every\b)"
)
"""Words that ask for an answer and say nothing of it: "could you look up …"."""
_I_WANT = r"(?:i'd like|i would like|i (?:want|need|wish|have)) to\b"
_PREAMBLES = (
    re.compile(
        rf"^(?:for|before|to|as|given|because|while|with)\b.{{3,80}}?,\s*(?={_REQUEST}|{_I_WANT})",
        re.IGNORECASE,
    ),
    re.compile(rf"^(?:\W*(?:please|kindly|ok(?:ay)?|hi|hello|so|and|now)\b)*[\s,]*{_REQUEST}", re.IGNORECASE),
    re.compile(rf"^[^:]{{3,90}}:\s+(?={_QUESTION}\b|\w)", re.IGNORECASE),
    re.compile(rf"^.{{3,90}}?,\s*(?:so|but|and so|hence|therefore)[,:]?\s+(?={_QUESTION}\b)", re.IGNORECASE),
    re.compile(
        rf"^(?:for|before|to|as|given|because|while|with)\b.{{3,80}}?,\s*(?={_QUESTION}\b)", re.IGNORECASE
    ),
    re.compile(rf"^.{{3,90}}?(?:[.;!–]|\s-)\s+(?:so\s+)?(?={_QUESTION}\b)", re.IGNORECASE),
    re.compile(
        rf"^.{{0,90}}?\b{_MATRIX}[,:]?\s+(?:me\s+|us\s+|for me\s+|to know\s+)?(?={_QUESTION}\b|{_THING}\b)",
        re.IGNORECASE,
    ),
)
_TAG = re.compile(
    r"\s*(?:[-–;.,]|\?)\s*(?:did|was|is|am|are|have|has|do|does|what is|what's)\s+(?:i|it|he|she|they|that)\s*\?+$",
    re.IGNORECASE,
)
"""A question repeated at the end: "… - did I?"."""
_BARE = re.compile(
    r"(?:how (?:many(?: times)?|often|long)|when|dates?|ever(?: \w+)?|any|done|active)\b"
    r"[^\w]*(?:in all|in total|so far)?\W*$",
    re.IGNORECASE,
)
"""What is asked of the thing before the colon: "oral health education: how many times?"."""
_LEFT_OPEN = re.compile(
    r"\W*(?:since |on |by |at )?(?:when|why|where|who|whom|what|which|how (?:many|much|often|long|high|low))"
    r"(?: (?:times|day|date|doses?|one|days|years|kind|type|results?|values?|readings?|measurements?|scripts?"
    r"|prescriptions?))?(?: on (?:file|record))?\W*",
    re.IGNORECASE,
)
"""What is left of a question whose topic stands before it: "last urodynamic studies: when?"."""
_TITLE = re.compile(r":\s*$")
_IN_UNITS = re.compile(r"\bin (?:days|weeks|months|years)\b", re.IGNORECASE)
_AT_AN_AGE = re.compile(r"\b(?:when|while)\b.*\b(?:was|were|turned)\b.*\d", re.IGNORECASE)
_BEGINS_ASKING = re.compile(rf"\W*{_QUESTION}\b", re.IGNORECASE)
_WISHES = {"give", "pick", "statistic", "order"}
_TOLD_BY_CUES = {"kind", "category", "discharge", "profile", "timeline", "summary"}
_PURPOSE = re.compile(r"\?\s*(?:for|asking|needed|just|it's|this is)\b[^?]*$", re.IGNORECASE)
"""What the answer is wanted for, after the question: "lowest glucose? for the trend note"."""
_ASKS_ITSELF = re.compile(
    r"[\"“]|\b(?:what(?!\s+(?:i|we)\s+(?:need|want)\b)|which|who|how)\b"
    r"|\b(?:mother|father|sister|brother|son|daughter|grand\w+|aunt|uncle|cousin|sibling|parent)s?\b"
    r"(?!\s+(?:is |was |has |and i )?(?:disagree|argue|ask|want|wonder|need|say|said|think"
    r"|thought|worr|claim|would like)\w*)"
    r"|\b(?:patient|mrs?\.?|ms\.?|miss)\s+[A-Z]|^\W*(?:dr\.?|doctor)\s+[A-Z]"
    r"|^\W*before\b.*\b(?:married|marr(?:ying|iage)|wed(?:ding)?)\b",
    re.IGNORECASE,
)
_LEANS_ON_IT = re.compile(r"\W*(?:is|was|would|did|does|do|has|have)\s+(?:that|this|they)\b", re.IGNORECASE)
"""A question about what stands before it: "Widowed: is that my marital status?"."""


def focused(text: str, record: PatientRecord, types: tuple[str, ...]) -> str:
    """Return the question without what stands before it; the text itself if nothing can be left out.

    Args:
        text: the question, spaces folded.
        record: its names tell whether a preamble says something about the patient.
        types: FHIR types whose names count.
    """
    purpose = _PURPOSE.search(text)
    if purpose and not _tells(purpose.group(), text[: purpose.start()], record, types):
        text = text[: purpose.start() + 1]
    text = _TAG.sub("?" if _BEGINS_ASKING.match(text) else ", right?", text)
    for preamble in _PREAMBLES:
        match = preamble.match(text)
        if match and not _tells(match.group(), text[match.end() :], record, types):
            text = text[match.end() :]
    return text


def _tells(preamble: str, question: str, record: PatientRecord, types: tuple[str, ...]) -> bool:
    """Whether the preamble names a time, a person or a thing, or what the question itself leaves open."""
    if (
        _LEFT_OPEN.fullmatch(question)
        or _LEANS_ON_IT.match(question)
        or _ASKS_ITSELF.search(preamble)
        or _AT_AN_AGE.search(preamble)
        or any(not time.anchored for time in times_in(preamble))
    ):
        return True
    if any(name.score >= _SURE for name in names_in(preamble, record, types)):
        return True
    if _TITLE.search(preamble) and not _BEGINS_ASKING.match(question) and _wishes(preamble):
        return True
    named = bool(names_in(question, record, types)) or _topical(question)
    return not named and (_topical(preamble) or bool(_BARE.match(question)))


def _wishes(title: str) -> bool:
    """Whether a title says what is asked of what stands after it: "Diagnosed first: asthma or eczema?"."""
    return bool(_IN_UNITS.search(title)) or any(cue.table in _WISHES for cue in cues_in(title))


def _topical(text: str) -> bool:
    return any(cue.table in _TOLD_BY_CUES for cue in cues_in(text))
