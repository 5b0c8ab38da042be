"""EHRQA-style evaluation of the assistant."""
