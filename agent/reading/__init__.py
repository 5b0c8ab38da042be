"""Reading: a question -> typed tool calls, without a model, by what was learned from examples."""

from agent.reading.reader import Reader

__all__ = ["Reader"]
