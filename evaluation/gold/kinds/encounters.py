"""Encounters, providers and costs."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
