"""The prompts -> their version: another text, even of one word, is another version."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

_SHOWN = 12
"""Hexadecimal digits of the hash."""


@cache
def prompt_version() -> str:
    """Return the first digits of the SHA-256 over all prompts, each after its name, in the order of their names."""
    told = sha256()
    prompts = (file for file in files(__package__).iterdir() if file.name.endswith(".md"))
    for file in sorted(prompts, key=lambda file: file.name):
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:_SHOWN]
