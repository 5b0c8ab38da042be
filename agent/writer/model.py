"""Evidence -> text, worded by a model that sees numbered facts and nothing else of the record.

What no tool computed is not asked of the model: declines and questions that were not understood have their own
sentences. Left out: whether the text is supported (the check).
"""

import re
from collections.abc import Callable, Sequence

from agent.check.recorded import visible
from agent.context import Brief, Hear, unheard
from agent.models.model import Model
from agent.pictures import Seen, look_at
from agent.prompts.writing import cite, write_messages
from agent.wording import CUT, NOT_ALL_LOOKED_AT, NOT_LOOKED_AT
from agent.writer.builtin import BuiltinWriter
from tools.pictures import Picture

LONGEST = 320
"""Tokens of an answer."""
_MARGIN = 64
"""Tokens that a chat template and an estimate may take beyond what was counted."""
_WHOLE = re.compile(r".*[.!?\])](?=\s|$)", re.DOTALL)


class ModelWriter:
    """Words the evidence with a model.

    Args:
        model: opens the model when it is needed first.
    """

    def __init__(self, model: Callable[[], Model]) -> None:
        self._model = model
        self._built_in = BuiltinWriter()

    def write(self, brief: Brief, hear: Hear = unheard, think: Hear = unheard) -> str:
        """Return the model's draft with a reference for each number it cites.

        Raises:
            ModelFailure: the model could not be asked, or said nothing.
        """
        if brief.plan.decline or not brief.evidence:
            return self._built_in.write(brief)
        model = self._model()
        pictures = look_at(brief.pictures) if model.sees else ()
        writing = write_messages(brief, model.count, model.context - LONGEST - _MARGIN, pictures)
        said = model.say(writing.messages, longest=LONGEST, hear=hear, think=think)
        text = visible(_whole(said.text) if said.cut else said.text)
        draft = cite(text, writing.shown.references)
        own = (CUT if writing.shown.cut else "", _unseen(brief.pictures, pictures))
        return "\n\n".join(filter(None, (draft, *own)))


def _unseen(pictures: Sequence[Picture], seen: Sequence[Seen]) -> str:
    """Return what is said of pictures that the model was not shown, "" if there are none."""
    if len(seen) == len(pictures):
        return ""
    return NOT_ALL_LOOKED_AT if seen else NOT_LOOKED_AT


def _whole(text: str) -> str:
    """Return a text that was cut off up to its last whole sentence."""
    found = _WHOLE.match(text)
    return found[0] if found else text
