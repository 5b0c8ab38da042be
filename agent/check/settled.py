"""What computing the relations of a statement came to."""

from dataclasses import dataclass

from agent.check.support import Support


@dataclass(frozen=True, slots=True)
class Settled:
    """What computing the relations of a statement came to.

    Attributes:
        support: the words and numbers of those that hold.
        why: why one does not hold, "" if all do.
        recomputed: those that hold, each with the values it was computed from: "fell: 7.1 to 6.4".
        denials: how many denials of the statement were computed, and hold.
    """

    support: Support = Support()
    why: str = ""
    recomputed: tuple[str, ...] = ()
    denials: int = 0

    def __or__(self, other: "Settled") -> "Settled":
        """Return both together."""
        if other is NOTHING or self is NOTHING:
            return self if other is NOTHING else other
        return Settled(
            self.support | other.support,
            self.why or other.why,
            (*self.recomputed, *other.recomputed),
            self.denials + other.denials,
        )


NOTHING = Settled()
"""What a statement without relations comes to."""
