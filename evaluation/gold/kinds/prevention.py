"""Prevention: vaccines and allergies."""

from evaluation.gold.kinds import allergies, immunizations

KINDS = (*immunizations.KINDS, *allergies.KINDS)
