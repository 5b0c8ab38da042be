"""Medications."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
