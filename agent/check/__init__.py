"""A draft and its evidence -> the statements that the evidence does not support."""

from agent.check.draft import check_draft
from agent.check.option import check_option

__all__ = ["check_draft", "check_option"]
