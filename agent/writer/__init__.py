"""The built-in writer: evidence -> short text for clinicians, every statement with its source. No model."""

from agent.writer.builtin import BuiltinWriter

__all__ = ["BuiltinWriter"]
