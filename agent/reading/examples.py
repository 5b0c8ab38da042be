"""The corpus: example wordings beside what they ask for, a file for each topic.

    ["family doctor"]                                      # whose wordings they are
    "find {problem} give=date pick=first" = [              # what they ask for: `form`
        "When was her {problem} first diagnosed?",         # wordings, with slots for names, times and numbers
    ]

" >> " stands between a question and the next one of a conversation; the line is what the second asks for. `beside.toml`
holds what may stand beside any question.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.reading.form import Form, read_heading

FOLDER = Path(__file__).with_name("corpus")
BESIDE = "beside.toml"


@dataclass(frozen=True, slots=True)
class Example:
    """One wording, with slots in it ("When was {drug} started?"), and what it asks for."""

    wording: str
    heading: str
    form: Form
    author: str


def examples(folder: Path = FOLDER) -> Iterator[Example]:
    """Yield every wording of a folder of TOML files."""
    for file in sorted(folder.glob("*.toml")):
        if file.name == BESIDE:
            continue
        for author, meanings in tomllib.loads(file.read_text()).items():
            for heading, wordings in meanings.items():
                form = read_heading(heading)
                for wording in wordings:
                    yield Example(wording, heading, form, author)
