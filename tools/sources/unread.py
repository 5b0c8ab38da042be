"""How often which reason kept resources out of a record -> what is said of it."""

from collections.abc import Sequence

REASONS = 3
"""Reasons that are given for what could not be read of a kind; of the rest the number is told."""


def told(reasons: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return a sentence for each of the first reasons, and one for the rest.

    >>> told([("status is missing", 2), ("id is missing", 1)])
    ('2 could not be read: status is missing', '1 could not be read: id is missing')
    """
    said = [f"{count} could not be read: {reason}" for reason, count in reasons[:REASONS]]
    rest = sum(count for _, count in reasons[REASONS:])
    return (*said, *([f"{rest} more could not be read, for other reasons"] if rest else []))
