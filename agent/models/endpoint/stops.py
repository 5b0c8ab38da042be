"""Text in pieces -> the same up to the first end-of-turn token that a server shows instead of swallowing it."""

STOPS = ("<end_of_turn>", "<eos>", "<|im_end|>")


class UntilStop:
    """Hears a text in pieces; holds back what may be the beginning of a stop token."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._held = ""
        self._over = False

    def hear(self, piece: str) -> str:
        """Return what can be passed on now."""
        if self._over:
            return ""
        text = self._held + piece
        found = [at for stop in STOPS if (at := text.find(stop)) >= 0]
        if found:
            self._over, self._held = True, ""
            return text[: min(found)]
        sure = len(text) - _tail(text)
        self._held = text[sure:]
        return text[:sure]

    def end(self) -> str:
        """Return what was held back."""
        rest, self._held = self._held, ""
        return rest


def _tail(text: str) -> int:
    """How many characters at the end may be the beginning of a stop token."""
    longest = max(map(len, STOPS)) - 1
    return next((n for n in range(longest, 0, -1) if text.endswith(tuple(stop[:n] for stop in STOPS))), 0)
