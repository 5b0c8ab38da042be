"""Why a launch ends without a session: what went wrong, and what to do, for the person in front of the page."""

from tools.calls.errors import AssistantError

AGAIN = "Close this page and open the assistant again from the record."
OPERATOR = "Tell whoever runs this assistant."
EHR = "Tell whoever runs the record system."


class LaunchFailure(AssistantError):
    """A launch cannot go on.

    Args:
        what: what went wrong, a sentence; never a token, a code, a state or a patient.
        wish: what to do, a sentence.
        status: of the answer.
    """

    def __init__(self, what: str, wish: str = AGAIN, status: int = 400) -> None:
        super().__init__(f"{what} {wish}")
        self.what, self.wish, self.status = what, wish, status


class NotAllowedByUser(LaunchFailure):
    """Who was asked said no: an answer, not a failure."""

    def __init__(self) -> None:
        super().__init__("You did not allow the assistant to read the record.", AGAIN, 200)


class Refused(Exception):
    """The record system refuses a token for good: the session is over."""


class Unreachable(Exception):
    """The record system gave no answer that can be used; the text is a part of a sentence."""
