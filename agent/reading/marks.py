"""Marks that stand for slots in the text that the network reads, and the tokens of such a text."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MARKS: Mapping[str, str] = {
    "problem": "disease", "drug": "medication", "test": "test", "procedure": "procedure", "vaccine": "vaccine",
    "substance": "allergen", "device": "device", "item": "document", "time": "date", "length": "duration",
    "number": "number", "amount": "amount", "nth": "ordinal", "route": "route", "unit": "unit", "name": "patient",
    "thing": "thing", "then": "next",
    "person": "doctor", "place": "hospital",
}  # fmt: skip
"""What a mark stands for -> the word from whose sense the network sets out to learn it."""
LONGEST = 96
"""Tokens of a question that the network reads."""
WEIGHTS = Path(__file__).with_name("weights")


def mark(kind: str) -> str:
    """Return the mark of a slot.

    >>> mark("drug")
    '[drug]'
    """
    return f"[{kind}]"


@lru_cache(maxsize=1)
def tokenizer() -> "Tokenizer":
    """Return the tokenizer in which each mark is one token."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
