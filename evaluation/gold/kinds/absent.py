"""What the record does not say."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
