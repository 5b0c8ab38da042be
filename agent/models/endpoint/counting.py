"""A text -> how many tokens it has for the model of a server: estimated, and corrected once by the server's own count.

vLLM, SGLang and llama.cpp count at `/tokenize`; each of them is asked once, with a sample that is about nobody. Where
a server does not count, the estimate stands: 0 to 12 % above Gemma's own count of prompts and FHIR JSON.
"""

import math
import re
import threading
from collections.abc import Callable

_LATIN, _DIGIT, _MARKS, _OTHER = (
    re.compile(pattern)
    for pattern in (r"[A-Za-z\u00c0-\u024f]", r"[0-9]", r"[!-/:-@\[-`{-~]{1,4}", r"[^\s!-~\u00c0-\u024f]")
)
_PER_LETTER, _PER_DIGIT, _PER_MARKS, _PER_OTHER = 0.215, 1.26, 1.13, 1.0
"""Tokens of a letter, a digit, up to four punctuation marks in a row and any other character: fitted to Gemma's over
instructions, names, facts and FHIR JSON, so that it is rather too much than too little. Gemma has one token for most
English words, and none of two digits."""
_LEAST, _MOST = 0.5, 3.0
"""What a correction can be; anything else is no count of the sample."""
SAMPLE = """\
Condition: Essential hypertension (disorder); Diabetes mellitus type 2; Chronic kidney disease stage 3
[1] Hemoglobin A1c/Hemoglobin.total in Blood 6.4 % on 2020-12-04
[2] Metformin hydrochloride 500 MG Oral Tablet, active, since 2015-03-12
measure(concept, period?, when?, pick?: last|first|all, statistic?: mean|sum|trend): Values of a test.
{"calls":[{"id":"a","tool":"find","arguments":{"kind":"condition","concept":"asthma","pick":"first"}}],"yes_no":false}
Question: Was the blood pressure above 140/90 at any visit in the last two years?"""
"""A text like those of the prompts."""


def estimate(text: str) -> int:
    """Return about how many tokens a text has for Gemma.

    >>> estimate("It was 6.4 %.")
    6
    """
    return math.ceil(_weight(text))


def counter(tokens: Callable[[str], int | None]) -> Callable[[str], int]:
    """Return what counts the tokens of a text; the server is asked when something is counted first, and only then.

    Args:
        tokens: the server's own count of a text; None if it does not tell.
    """
    lock = threading.Lock()
    correction: list[float] = []

    def count(text: str) -> int:
        with lock:
            if not correction:
                correction.append(_correction(tokens(SAMPLE)))
        return math.ceil(_weight(text) * correction[0])

    return count


def _weight(text: str) -> float:
    return sum(
        per * len(pattern.findall(text))
        for pattern, per in (
            (_LATIN, _PER_LETTER),
            (_DIGIT, _PER_DIGIT),
            (_MARKS, _PER_MARKS),
            (_OTHER, _PER_OTHER),
        )
    )


def _correction(counted: int | None) -> float:
    found = (counted or 0) / _weight(SAMPLE)
    return found if _LEAST <= found <= _MOST else 1.0
