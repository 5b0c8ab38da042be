"""The built-in planner: a question -> typed tool calls, without a model."""

from agent.planner.builtin import BuiltinPlanner

__all__ = ["BuiltinPlanner"]
