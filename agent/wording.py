"""The sentences in which the assistant speaks of itself: they claim nothing about the patient."""

from collections.abc import Sequence

from agent.asking import MOST_WORDS
from agent.plan import Decline
from tools.record.scope import Scope
from tools.wording.words import one_line

_PARENTHESES = str.maketrans("[]“”", "()''")
"""What is quoted of a question holds nothing that could pass for a citation, and no quotation mark."""

DECLINED: dict[Decline, str] = {
    "advice": "I give no advice, I only report what is recorded",
    "opinion": "I give no opinion, I only report what is recorded",
    "another patient": "I can only report what is in this patient's record, not in another's",
    "not in a record": "A patient's record does not answer this, and I only report what is recorded",
}
HELD = "From the record:"
NOT_UNDERSTOOD = "I could not tell what this asks about the record"
TOO_MANY_WORDS = (
    "This question has more words in a sentence than can be read without a model: "
    f"ask it in at most {MOST_WORDS} words and marks."
)
FALLEN_BACK = "The model's wording said what the record does not support; these are the facts as computed."
ASSESSMENT = "What the model concludes; the record does not say it, and nobody verified it:"
"""Stands before an assessment wherever one is shown."""
REWORDED = "Told by code, as the model's words could not be followed:"
UNDECIDED = "The check could not decide:"
CUT = "Not all facts could be shown to the model; the evidence lists every one."
NOT_LOOKED_AT = "No picture was looked at for this answer: open the source to see it."
NOT_ALL_LOOKED_AT = "Not every picture was looked at for this answer: open the sources to see them."
NO_OPTION = "None of the options says what the record says."
CONCLUDED = "The model chose this option from the findings; no tool computed it."
FAILED = "This could not be worked out as it was understood; ask it in other words."
PARTLY_FAILED = "The rest of this could not be worked out as it was understood; ask for it in other words."

OWN = (
    HELD,
    FAILED,
    PARTLY_FAILED,
    TOO_MANY_WORDS,
    FALLEN_BACK,
    CUT,
    NO_OPTION,
    CONCLUDED,
    NOT_LOOKED_AT,
    NOT_ALL_LOOKED_AT,
)
"""Sentences that claim nothing, as they stand in a draft."""


def not_taken(words: Sequence[str]) -> str:
    """Return the sentence that says which words beside a question played no part in its answer.

    >>> not_taken(["today", "haemoglobin"])
    'Not taken into account: “today” and “haemoglobin”.'
    """
    return f"Not taken into account: {_quoted(words)}."


def without_meaning(words: Sequence[str]) -> str:
    """Return the sentence that says which words of a question were not understood, on which its answer hangs."""
    return f"I could not tell what this means here: {_quoted(words)}."


def could_ask(questions: Sequence[str]) -> str:
    """Return the sentence that says what could be asked instead; "" without questions.

    >>> could_ask(["How old is she?", "When was the last visit?"])
    'Ask, for example: “How old is she?” “When was the last visit?”'
    """
    quoted = " ".join(f"“{one_line(each).translate(_PARENTHESES)}”" for each in questions)
    return f"Ask, for example: {quoted}" if quoted else ""


def _quoted(words: Sequence[str]) -> str:
    quotes = [f"“{one_line(each).translate(_PARENTHESES)}”" for each in words]
    return quotes[0] if len(quotes) == 1 else f"{', '.join(quotes[:-1])} and {quotes[-1]}"


def within(scope: Scope) -> str:
    """Return the sentence that says what an answer is limited to; "" where the reader narrowed nothing.

    >>> within(Scope.of(["Observation"], since="2019-01-01"))
    'This is within what you narrowed to (Observation, since 2019-01-01).'
    """
    return f"This is {narrowed_to(scope)}." if scope else ""


def narrowed_to(scope: Scope) -> str:
    """Return what an answer is limited to, as a part of a sentence."""
    return f"within what you narrowed to ({scope.text})"
