"""A request -> who is asking. Parts of the API take `Asker` as the type of a parameter."""

from portal.access.calling import Asker, calling

__all__ = ["Asker", "calling"]
