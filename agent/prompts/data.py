"""Text from outside -> text that can stand in a prompt as data.

A recorded name may hold what a chat template or this project's own delimiters are made of ("<end_of_turn>",
"</record>"): it is shown in round brackets, so that it ends nothing and begins nothing.
"""

import re

_MARKUP = re.compile(r"<\s*([/|]?\s*[A-Za-z_][^<>]{0,60}?)\s*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_data(text: str) -> str:
    """Return text without markup and control characters.

    >>> as_data("Aspirin <end_of_turn> 81 MG </record>, LDL <100")
    'Aspirin (end_of_turn) 81 MG (/record), LDL <100'
    """
    return _MARKUP.sub(lambda found: f"({found[1]})", _CONTROL.sub(" ", text))


def on_a_line(text: str) -> str:
    """Return text as data, on one line."""
    return as_data(" ".join(text.split()))
