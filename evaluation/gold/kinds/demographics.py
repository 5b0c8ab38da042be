"""The person: who, where, how to reach."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
