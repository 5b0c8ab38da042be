"""One of several parts of a question file, the same on every machine: `3/16`."""

import hashlib
import re
from dataclasses import dataclass

from tools.calls.errors import BadArgument

_FORM = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`; each question is in exactly one of them, whatever else is in the file."""

    number: int = 1
    of: int = 1

    def holds(self, id: str) -> bool:
        """Tell whether the question with this id is in this part."""
        drawn = int.from_bytes(hashlib.sha256(id.encode()).digest()[:8])
        return drawn % self.of == self.number - 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return what `--shard` says.

        >>> Shard.parse("3/16")
        Shard(number=3, of=16)

        Raises:
            BadArgument: it is no such part.
        """
        found = _FORM.fullmatch(text.strip())
        number, of = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= number <= of:
            raise BadArgument("--shard", text, "which part of how many, the first is 1", "3/16")
        return cls(number, of)
