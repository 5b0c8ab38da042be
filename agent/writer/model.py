"""Evidence -> findings and an assessment, by a model that sees numbered facts and nothing else of the record.

What no tool computed is not asked of the model: declines and questions that were not understood have their own
sentences. Left out: whether the text is supported (the check).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.context import Brief, Hear, unheard
from agent.findings import Draft
from agent.models.model import Model
from agent.pictures import Seen, look_at
from agent.prompts.writing import write_messages
from agent.wording import CUT, NOT_ALL_LOOKED_AT, NOT_LOOKED_AT
from agent.writer.builtin import BuiltinWriter
from agent.writer.form import aloud, draft_schema, read_draft
from tools.pictures import Picture

LONGEST = 640
"""Tokens of a draft."""
_MARGIN = 64
"""Tokens that a chat template and an estimate may take beyond what was counted."""


class ModelWriter:
    """Words the evidence with a model.

    Args:
        model: opens the model when it is needed first.
        assess: it may say what the findings mean.
    """

    def __init__(self, model: Callable[[], Model], *, assess: bool = True) -> None:
        self._model = model
        self._assess = assess
        self._built_in = BuiltinWriter()

    def write(self, brief: Brief, hear: Hear = unheard, think: Hear = unheard) -> Draft:
        """Return the model's draft with a reference for each number it cites.

        Raises:
            ModelFailure: the model could not be asked, or gave no findings.
        """
        if brief.plan.decline or not brief.evidence:
            return Draft(self._built_in.write(brief))
        model = self._model()
        pictures = look_at(brief.pictures) if model.sees else ()
        room = model.context - LONGEST - _MARGIN
        writing = write_messages(brief, model.count, room, pictures, assess=self._assess)
        said = model.say(
            writing.messages,
            longest=LONGEST,
            schema=draft_schema(brief.choices, assess=self._assess),
            thinking=brief.plan.by == "model" or bool(brief.choices),
            hear=aloud(hear),
            think=think,
        )
        draft = read_draft(said.text, writing.shown.facts, cut=said.cut)
        asides = (CUT if writing.shown.cut else "", _unseen(brief.pictures, pictures))
        return replace(
            draft,
            text=draft.text or self._built_in.write(brief),
            asides=tuple(filter(None, asides)),
            assessment=draft.assessment if self._assess else None,
            seen=tuple(picture.reference for picture in pictures),
        )


def _unseen(pictures: Sequence[Picture], seen: Sequence[Seen]) -> str:
    """Return what is said of pictures that the model was not shown, "" if there are none."""
    if len(seen) == len(pictures):
        return ""
    return NOT_ALL_LOOKED_AT if seen else NOT_LOOKED_AT
