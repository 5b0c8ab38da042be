"""A question that names a diagnosis first and leans on it later -> the same with the diagnosis where it bounds.

"First diagnosis of asthma: last preceding weight?" asks for the last weight before the first diagnosis of asthma.
"""

import re

_LEAD = r"(?:(?P<lead>once|when|by the time|at the time of|(?:just )?(?:before|after))\s+)?"
_WHO = r"(?P<who>(?:[A-Z][^\W\d_]*(?:\s+(?:de\s+)?[A-Z][^\W\d_]*)*(?='s ))?)(?:'s)?\s*"
_WHOSE = r"(?:(?:the patient's|the|my|her|his|their)\s+)?"
_END = r"\s*[:,.]\s+(?P<asked>.+)$"
_OPENINGS = (
    re.compile(rf"^\W*{_LEAD}(?i:{_WHOSE})(?-i:{_WHO})first diagnosis of (?P<name>.+?){_END}", re.IGNORECASE),
    re.compile(
        rf"^\W*{_LEAD}(?P<who>)(?P<name>[^:,.?]+?) (?:was|had) (?:first (?:been )?|been first )diagnosed"
        rf"(?:\s+(?:on|at) (?:some|a certain|one) (?:day|date|time|point))?{_END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^\W*{_LEAD}(?P<who>)(?:i|he|she|they|the patient) (?:was|were|had been) first diagnosed with"
        rf" (?P<name>.+?){_END}",
        re.IGNORECASE,
    ),
)
_IT = r"(?:it|then|that(?:\s+(?:day|date|time|point|diagnosis))?)\b"
_POINTERS = (
    (
        re.compile(rf"\b(?:after|following|since) {_IT}|\b(?:afterwards?|thereafter)\b", re.IGNORECASE),
        "after",
        "",
    ),
    (re.compile(rf"\b(?:before|prior to) {_IT}|\bbefore(?:hand)?(?=\W*$)", re.IGNORECASE), "before", ""),
    (re.compile(r"\b(?:(?:first|next) )?(?:subsequent|next|following)\b", re.IGNORECASE), "after", "first"),
    (re.compile(r"(?<=last )(?:preceding|prior|previous) ", re.IGNORECASE), "before", ""),
    (re.compile(r"\b(?:preceding|prior|previous|earlier) ", re.IGNORECASE), "before", ""),
    (re.compile(r"(?<=\balready)(?=\s)", re.IGNORECASE), "before", ""),
)


def with_milestone(text: str) -> str:
    """Return the question with the diagnosis that it opens with where it is leant on.

    >>> with_milestone("First diagnosis of asthma: last preceding weight?")
    'last weight before the first diagnosis of asthma?'
    """
    opened = next((found for opening in _OPENINGS if (found := opening.search(text))), None)
    if not opened:
        return text
    side, asked = _leaning(opened["lead"] or "", opened["asked"])
    if not side:
        return text
    whose = f"For {opened['who']}, " if opened["who"] else ""
    asked = re.sub(r"\s+", " ", asked).rstrip(" ?.")
    return f"{whose}{asked} {side} the first diagnosis of {opened['name']}?"


def _leaning(lead: str, asked: str) -> tuple[str, str]:
    """Return "before" or "after" and the question without the words that lean; "" if it leans on nothing."""
    if lead.casefold().endswith(("before", "after")):
        return lead.casefold(), asked
    for pointer, side, instead in _POINTERS:
        if pointer.search(asked):
            return side, pointer.sub(instead, asked, count=1)
    return "", asked
