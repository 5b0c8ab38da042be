"""The prompts of the baselines, each a file beside this one -> the text of a message."""

from functools import cache
from importlib.resources import files
from string import Template

from agent.choices import lettered
from agent.prompts.data import on_a_line
from evaluation.dataset import Case, Form


@cache
def prompt(name: str) -> Template:
    """Return the prompt in the file of this name, without the blank around it."""
    return Template(files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())


def question(case: Case, form: Form) -> str:
    """Return what is asked, of whom, and on which day; with the options in the multiple-choice form."""
    options = lettered(case.answer_choices) if form == "choice" else ()
    lines = [f"Patient: {on_a_line(case.patient)}. Today is {case.now.isoformat()}."]
    lines += [f"Question: {on_a_line(case.question)}", *(on_a_line(option.line) for option in options)]
    return "\n".join(lines)


def ending(form: Form) -> str:
    """Return how an answer is to end, so that a program can read it."""
    return prompt(f"ending_{form}").template


def cut(pieces: int) -> str:
    """Return what is said about resources that had no room; "" if there are none."""
    return f" {pieces} more had no room here." if pieces else ""
