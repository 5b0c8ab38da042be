"""A draft and its evidence -> the statements that the evidence does not support."""

from agent.check.draft import check_draft

__all__ = ["check_draft"]
