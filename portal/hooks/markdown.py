"""Text from a record -> GitHub Flavored Markdown in which it is nothing but text.

No emphasis, code, table, HTML, image or link, also none that a viewer makes of a bare address: a hair
space stands where an address would be joined (a zero-width one would not do: browsers drop it from host names).
"""

import re
import unicodedata

LONGEST = 240
"""Characters of one line of a record."""
_MARKED = re.compile(r"([\\`*_\[\]{}<>&#|~!$])")
_LIST = re.compile(r"^(\d{1,9})([.)])|^([-+])")
_JOINT = re.compile(
    r"(?<=[^\W_])\.(?=[^\W\d_])|//|(?<=\S)@(?=\S)|\b(?:mailto|xmpp|javascript|data):", re.IGNORECASE
)
_APART = "\u200a"


def plain(text: str) -> str:
    r"""Return text as it is shown, on one line.

    >>> print(plain("**stat** [call](tel:1)"))
    \*\*stat\*\* \[call\](tel:1)
    """
    shown = " ".join("".join(map(_visible, text)).split())
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    shown = _JOINT.sub(lambda found: found[0] + _APART, shown)
    return _LIST.sub(
        lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", _MARKED.sub(r"\\\1", shown)
    )


def _visible(letter: str) -> str:
    """Return a letter, or a space for what is none: controls, and marks that turn the direction of writing."""
    return " " if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter
