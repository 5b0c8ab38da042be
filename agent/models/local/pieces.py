"""Tokens one by one -> text in pieces: no half character, and nothing from a stop string on."""

from collections.abc import Sequence

from agent.models.local.vocabulary import Vocabulary

_BROKEN = "\N{REPLACEMENT CHARACTER}"


class Pieces:
    """Hears tokens; gives text as soon as its characters are whole, and never the ones that do not become whole."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin with nothing heard."""
        self._vocabulary = vocabulary
        self._ids: list[int] = []
        self._begin = self._given = 0

    def hear(self, token: int) -> str:
        """Return what the token adds; "" while a character is not whole."""
        if token in self._vocabulary.silent:
            return ""
        self._ids.append(token)
        # The text of a token can depend on those before it: what was given last is decoded with what is new.
        before = self._vocabulary.text(self._ids[self._begin : self._given])
        text = self._vocabulary.text(self._ids[self._begin :])
        if text.endswith(_BROKEN):
            return ""
        self._begin, self._given = self._given, len(self._ids)
        return text[len(before) :]


class UntilStop:
    """Hears a text in pieces; gives it up to the first stop string.

    Args:
        stops: strings that end the text, which are not part of it.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.met = False

    def hear(self, piece: str) -> str:
        """Return what can be given now: the end may be the beginning of a stop string."""
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
        longest = max(map(len, self._stops), default=1) - 1
        starts = range(min(longest, len(text)), 0, -1)
        return next((n for n in starts if any(stop.startswith(text[-n:]) for stop in self._stops)), 0)
