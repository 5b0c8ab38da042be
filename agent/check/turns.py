"""Turns of phrase in which plain words claim something after all -> why that is not supported.

"Above the reference range" judges a value, "not without" affirms, "no, she has it" says both, and "all patients" are
not in one patient's record. Left out: words that are not plain; they are checked one by one.
"""

import re

from agent.check.support import Support

_AGAINST_A_RANGE = re.compile(
    r"\b(above|over|beyond|exceed\w*|higher than|below|under|lower than|outside|out|within|inside|in)\s+(?:of\s+)?"
    r"(?:the\s+|its\s+|her\s+|his\s+|their\s+)?(?:reference\s+)?(?:range|limits?|reference)\b",
    re.IGNORECASE,
)
_WORDS_FOR = {
    frozenset({"above", "over", "beyond", "higher than"}): {"high"},
    frozenset({"below", "under", "lower than"}): {"low"},
    frozenset({"within", "inside", "in"}): {"normal"},
}
_OUTSIDE = {"high", "low", "abnormal", "out"}
_OTHERS = re.compile(
    r"\b(?:all|any|other|another|every|each|more|several|many)\s+patients?\b|\bpatients\b(?!['’])",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?:not|never|n't)\s+(?:without|only|just|merely)\b|\bnothing\s+but\b", re.IGNORECASE)


def turned(text: str, support: Support) -> str:
    """Return why a turn of phrase in a text is not supported, "" if there is none.

    >>> turned("It is above the reference range.", Support())
    '“above the reference range” is not in the evidence it cites'
    """
    if _TWICE.search(text):
        return "it denies twice"
    if _OTHERS.search(text):
        return "it speaks of other patients"
    for found in _AGAINST_A_RANGE.finditer(text):
        if support.words.isdisjoint(_needed(found[1].casefold())):
            return f"“{found[0]}” is not in the evidence it cites"
    return ""


def _needed(how: str) -> set[str]:
    if how.startswith("exceed"):
        return {"high"}
    return next((words for hows, words in _WORDS_FOR.items() if how in hows), _OUTSIDE)
