"""Time: order, duration, change, trend."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
