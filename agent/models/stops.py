"""Text in pieces -> the same up to the first of some strings that end it, which is no part of it."""

from collections.abc import Sequence


class UntilStop:
    """Hears a text in pieces; holds back what may be the beginning of a stop string.

    Args:
        stops: strings that end the text.

    Attributes:
        met: one of them came.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.met = False

    def hear(self, piece: str) -> str:
        """Return what can be passed on now."""
        if self.met:
            return ""
        text = self._held + piece
        found = [at for stop in self._stops if (at := text.find(stop)) >= 0]
        if found:
            self.met, self._held = True, ""
            return text[: min(found)]
        sure = len(text) - self._tail(text)
        self._held = text[sure:]
        return text[:sure]

    def end(self) -> str:
        """Return what was held back."""
        rest, self._held = self._held, ""
        return rest

    def _tail(self, text: str) -> int:
        """How many characters at the end may be the beginning of a stop string."""
        longest = max(map(len, self._stops), default=1) - 1
        starts = range(longest, 0, -1)
        return next((n for n in starts if text.endswith(tuple(stop[:n] for stop in self._stops))), 0)
