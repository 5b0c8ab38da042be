"""How sure a reading is: the network's probability and the signs against it -> a calibrated probability.

The weights are fitted to wordings of authors whom the network did not see. "roles", "left" and so on: `ranking`.
"""

from collections.abc import Mapping
from math import exp, log

_LEAST = 1e-4


def signs(agreed: float, best: float, second: float, doubts: Mapping[str, float]) -> dict[str, float]:
    """Return what speaks for and against a reading.

    Args:
        agreed: the probability of all readings that give the same values.
        best: the probability of the likeliest of them.
        second: the probability of those that give the next likeliest values.
        doubts: as `Ranking.doubts`.
    """
    return {
        "one": 1.0,
        "agreed": _odds(agreed),
        "best": _odds(best),
        "second": _odds(second),
        **doubts,
    }


def certainty(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return how likely a reading is right, 0 to 1.

    >>> round(certainty({"one": 1.0, "agreed": 2.0}, {"one": 0.0, "agreed": 1.0}), 2)
    0.88
    """
    total = sum(weight * found.get(name, 0.0) for name, weight in weights.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _odds(chance: float) -> float:
    chance = min(max(chance, _LEAST), 1 - _LEAST)
    return log(chance / (1 - chance))
