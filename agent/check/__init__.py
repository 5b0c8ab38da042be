"""A draft and its evidence -> the statements that the evidence does not support."""

from agent.check.assessment import check_assessment
from agent.check.draft import check_draft
from agent.check.option import check_option
from agent.check.sourcing import with_sources

__all__ = ["check_assessment", "check_draft", "check_option", "with_sources"]
