"""How long, how much and how often a server is asked before it counts as failed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that keep a bad server from holding up or filling this process.

    Attributes:
        connect: seconds until a connection stands.
        first: seconds for what a server says of itself, tries and token included: by then it is known to be there.
        answer: seconds for one answer from the first byte asked to the last byte read.
        body: bytes of one answer, unpacked.
        kept: bytes of answers that are kept to ask whether they have changed (ETag).
        pages: pages of one search.
        rows: rows of one search by patient.
        unfiltered: rows of a kind that the server cannot search by patient, so that everybody's are read.
        tries: how often one address is asked where trying again may help.
        wait: seconds to wait before trying again, at most; a server that wants more counts as failed.
        backoff: seconds before the second try, doubled for each further one.
        together: requests in flight.
        page: rows asked for in one page.
        fresh: seconds for which a record that was read counts as what the server says.
        failed: the same for a record of which something could not be read.
    """

    connect: float = 10
    first: float = 20
    answer: float = 60
    body: int = 64 * 1024 * 1024
    kept: int = 16 * 1024 * 1024
    pages: int = 500
    rows: int = 100_000
    unfiltered: int = 20_000
    tries: int = 4
    wait: float = 30
    backoff: float = 0.5
    together: int = 8
    page: int = 500
    fresh: float = 300
    failed: float = 30
