"""An error of an endpoint -> how long to wait before the same is tried again, or that it would not help.

The client of openai could do this, but waits two minutes where a server asks for it, however little time is left.
"""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from socket import gaierror

import httpx2
import openai


class CutOff(Exception):
    """A stream ended without the word that it is complete."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to wait for an endpoint.

    Attributes:
        waits: seconds before the second, third ... try, a quarter more or less; the last is followed by no other.
        sleep: waits so many seconds.
    """

    waits: tuple[float, ...] = (0.5, 1.0, 2.0)
    sleep: Callable[[float], None] = time.sleep

    def wait(self, error: Exception, tries: int) -> float | None:
        """Return the seconds to wait after so many tries; None where no other should follow."""
        if tries > len(self.waits) or not _may_pass(error):
            return None
        return max(self.waits[tries - 1] * random.uniform(0.75, 1.25), asked_to_wait(error))


def asked_to_wait(error: Exception) -> float:
    """Return the seconds of `Retry-After`, 0 if there is none or it cannot be read."""
    if not isinstance(error, openai.APIStatusError):
        return 0.0
    text = error.response.headers.get("retry-after", "")
    with suppress(ValueError):
        return max(float(text), 0.0)
    with suppress(ValueError, TypeError):
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    return 0.0


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, the outermost first."""
    here: BaseException | None = error
    while here is not None:
        yield here
        here = here.__cause__ or here.__context__


def _may_pass(error: Exception) -> bool:
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (408, 429) or error.status_code >= 500
    if isinstance(error, openai.APIConnectionError):
        return not any(isinstance(why, gaierror | ssl.SSLError | httpx2.ProxyError) for why in causes(error))
    return isinstance(error, CutOff)
