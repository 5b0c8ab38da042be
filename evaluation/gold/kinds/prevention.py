"""Immunizations and allergies."""

from evaluation.gold.question import Kind

KINDS: tuple[Kind, ...] = ()
