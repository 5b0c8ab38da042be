"""Why something could not be read from a server: four different things, none of which is "no data".

Trouble
├── Denied         who asks may not read this (401, 403)
├── NotServed      the server does not know this kind or this search (404, 400, 405, 501)
├── Gone           one resource that is no longer there (404, 410)
└── Failed         it was tried and did not work: network, nonsense, too much, too often
    └── Late       no whole answer came in time: not asked again
"""


class Trouble(Exception):
    """Something could not be read; the text is a part of a sentence, without anything from the record."""


class Denied(Trouble):
    """Who asks may not read this.

    Args:
        why: as of any trouble.
        unknown: the server does not know who asks: another token may help.
    """

    def __init__(self, why: str, *, unknown: bool = False) -> None:
        super().__init__(why)
        self.unknown = unknown


class NotServed(Trouble):
    """The server does not know this kind of resource, or not this search."""


class Gone(Trouble):
    """A resource that was asked for by its id is not there."""


class Failed(Trouble):
    """It was tried, again where that may help, and did not work."""


class Late(Failed):
    """No whole answer came in time; asking again would take as long."""
