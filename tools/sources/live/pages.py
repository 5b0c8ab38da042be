"""Answers that a server marked with an ETag -> the same again where it says that nothing has changed.

https://hl7.org/fhir/R4/http.html#cread (RFC 9110, 13.1.2). In memory only, the last used ones. Not here: counts, by
which it is found out whether anything changed at all.
"""

from collections import OrderedDict
from dataclasses import dataclass

_LONGEST = 256
"""Characters of an ETag that is kept."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it came, unpacked.

    Attributes:
        etag: by which the server knows it; "" if it does not say.
    """

    body: bytes
    etag: str = ""


class Pages:
    """Answers by address.

    Args:
        most: bytes that are kept in all.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def get(self, address: str) -> Page | None:
        """Return what was kept of an address."""
        if address in self._pages:
            self._pages.move_to_end(address)
        return self._pages.get(address)

    def keep(self, address: str, page: Page) -> None:
        """Keep an answer in place of the one before, if it has an ETag; the ones used longest ago make room."""
        before = self._pages.pop(address, None)
        self._held -= len(before.body) if before else 0
        if not page.etag or len(page.etag) > _LONGEST or len(page.body) > self._most:
            return
        self._pages[address] = page
        self._held += len(page.body)
        while self._held > self._most:
            _, oldest = self._pages.popitem(last=False)
            self._held -= len(oldest.body)
