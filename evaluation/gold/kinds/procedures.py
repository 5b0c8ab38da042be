"""Procedures, imaging and devices."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
