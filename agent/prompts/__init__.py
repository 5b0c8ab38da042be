"""What a model is told: each prompt is a file of its own beside this one; the rest puts data into it.

`planning` makes the messages that ask for a plan, `writing` those that ask for an answer.
"""

from functools import cache
from importlib.resources import files
from string import Template


@cache
def prompt(name: str) -> Template:
    """Return the prompt in the file of this name, without the blank around it."""
    return Template(files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())
