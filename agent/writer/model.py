"""Evidence -> findings and an assessment, by a model that sees numbered facts and nothing else of the record.

What no tool computed is not asked of the model: declines and questions that were not understood have their own
sentences. Left out: whether the text is supported (the check).
"""

from collections.abc import Callable
from dataclasses import replace

from agent.context import Brief, Hear, unheard
from agent.findings import Draft
from agent.models.model import Model
from agent.prompts.writing import write_messages
from agent.wording import CUT
from agent.writer.builtin import BuiltinWriter
from agent.writer.form import aloud, draft_schema, read_draft

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
        writing = write_messages(brief, model.count, model.context - LONGEST - _MARGIN, assess=self._assess)
        schema = draft_schema(brief.choices, assess=self._assess)
        said = model.say(
            writing.messages,
            longest=LONGEST,
            schema=schema,
            thinking=brief.plan.by == "model" or bool(brief.choices),
            hear=aloud(hear),
            think=think,
        )
        draft = read_draft(said.text, writing.shown.facts, cut=said.cut)
        if not self._assess:
            draft = replace(draft, assessment=None)
        if not draft.text:
            return replace(draft, text=self._built_in.write(brief))
        return replace(draft, text=f"{draft.text}\n\n{CUT}") if writing.shown.cut else draft
