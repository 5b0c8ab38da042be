"""MedGemma's thoughts, "<unused94>thought … <unused95>" -> apart from what it says, also while it streams.

An open block swallows the rest. Where a server drops the markers, a text that begins with the word "thought" on a
line of its own is a thought. https://huggingface.co/google/medgemma-27b-it
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.messages import BaseMessage, SystemMessage

from agent.models.options import Thinking

BEGIN, END = "<unused94>", "<unused95>"
ASK = "SYSTEM INSTRUCTION: think silently if needed. "
"""What the system prompt begins with where thinking is wanted."""
LONGEST = 1024
"""Tokens of a thought, at most; the answer's own come on top."""
_LOST = "thought\n"
_LARGE = re.compile(r"medgemma.*27b", re.IGNORECASE)
"""Models that gain by a thought what it costs."""


def settled(wish: Thinking, model: str) -> Thinking:
    """Return when a model thinks: "auto" is for MedGemma 27B, and "off" for all others.

    >>> settled("auto", "google/medgemma-27b-it"), settled("auto", "google/medgemma-4b-it")
    ('auto', 'off')
    """
    return "off" if wish == "auto" and not _LARGE.search(model) else wish


def asked_to_think(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return a conversation with the request to think before the system message, which is added where there is none."""
    said = messages[0].text if messages and messages[0].type == "system" else ""
    return [SystemMessage(ASK + said), *messages[1 if said else 0 :]]


@dataclass(slots=True)
class Apart:
    """Hears a text in pieces; keeps what is said and what is thought.

    An end without a beginning makes a thought of all that came before it: the prompt had opened it.
    """

    _said: list[str] = field(default_factory=list)
    _thought: list[str] = field(default_factory=list)
    _waiting: str = ""
    _thinking: bool = False
    _begun: bool = False

    def hear(self, piece: str) -> str:
        """Return what may be shown now: "" while a marker may be in the making."""
        self._waiting += piece
        shown: list[str] = []
        while self._begin() and (marker := self._marker()):
            before, _, self._waiting = self._waiting.partition(marker)
            self._keep(before, shown)
            if marker == END and not self._thinking:
                self._thought, self._said, shown = [*self._thought, *self._said], [], []
            self._thinking = marker == BEGIN
        if self._begun:
            sure = len(self._waiting) - _tail(self._waiting)
            self._keep(self._waiting[:sure], shown)
            self._waiting = self._waiting[sure:]
        return "".join(shown)

    def note(self, thought: str) -> None:
        """Keep a thought that came apart already."""
        self._thought.append(thought)

    def end(self) -> str:
        """Return what was still held back; the text is over, and an open thought or marker is not said."""
        rest, self._waiting = self._waiting, ""
        shown: list[str] = []
        if not self._begun:
            self._begun, self._thinking = True, rest.strip() == _LOST.strip()
        if not rest.startswith("<un"):
            self._keep(rest, shown)
        return "".join(shown)

    @property
    def text(self) -> str:
        """What was said, without blanks around it."""
        return "".join(self._said).strip()

    @property
    def reasoning(self) -> str:
        """What was thought, without the markers."""
        return "".join(self._thought).strip().removeprefix("thought").strip()

    def _begin(self) -> bool:
        """Tell whether the beginning is known to be a thought or none."""
        if not self._begun:
            lead = self._waiting.lstrip()
            if _LOST.startswith(lead):
                return False
            self._begun, self._thinking = True, lead.startswith(_LOST)
        return True

    def _marker(self) -> str:
        found = [marker for marker in (BEGIN, END) if marker in self._waiting]
        return min(found, key=self._waiting.index) if found else ""

    def _keep(self, text: str, shown: list[str]) -> None:
        if self._thinking:
            self._thought.append(text)
        else:
            self._said.append(text)
            shown.append(text)


def apart(text: str) -> tuple[str, str]:
    r"""Return what a whole text says and what it thinks.

    >>> apart("<unused94>thought\nShe asks for A1c.<unused95>It was 6.4 %.")
    ('It was 6.4 %.', 'She asks for A1c.')
    >>> apart("It was 6.4 %.<unused94>thought and no end")
    ('It was 6.4 %.', 'and no end')
    """
    parts = Apart()
    parts.hear(text)
    parts.end()
    return parts.text, parts.reasoning


def _tail(text: str) -> int:
    """How many characters at the end of the text may be the beginning of a marker."""
    longest = range(len(BEGIN) - 1, 0, -1)
    return next((n for n in longest if text.endswith((BEGIN[:n], END[:n]))), 0)
