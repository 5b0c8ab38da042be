"""The words of `slots.toml`: of each table what the tools call something -> what people say."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

WORDS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("slots.toml").read_text()
)
