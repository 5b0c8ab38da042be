"""One question of a baseline: prompts -> what the model says to them; what has no room is left out and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from agent.models.model import Model
from agent.models.thinking import LONGEST as LONGEST_THOUGHT
from agent.usage import Meter
from evaluation.dataset import Case, Form
from evaluation.solvers.prompts import cut, ending, prompt, question
from evaluation.solvers.raw import Piece, RawRecord

LONGEST = 1024
"""Tokens of anything that the model says."""
_MARGIN = 64
"""Tokens that a chat template and an estimate may take beyond what was counted."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """A question, the patient's record, and the model.

    Attributes:
        case: what is asked.
        form: how it is asked.
        raw: the record.
        model: who answers.
        meter: counts what it costs.
        left_out: tokens of the record that had no room, over all prompts.
    """

    case: Case
    form: Form
    raw: RawRecord
    model: Model
    meter: Meter
    left_out: int = 0

    def say(
        self, stage: str, name: str, data: Mapping[str, str], schema: Mapping[str, Any] | None = None
    ) -> str:
        """Return what the model says to a prompt.

        Args:
            stage: which stage the call belongs to.
            name: of the prompt.
            data: what stands in the prompt besides question and ending.
            schema: JSON schema that the text is constrained to, where the model can be.

        Raises:
            ModelFailure: the model said nothing, or could not be asked.
        """
        messages = [SystemMessage(prompt("system").template), HumanMessage(self._filled(name, data))]
        with self.meter.stage(stage):
            return self.model.say(messages, longest=LONGEST, schema=schema).text

    def say_with(self, stage: str, name: str, pieces: Sequence[Piece], data: Mapping[str, str]) -> str:
        """Return what the model says to a prompt with pieces of the record: the first ones, as many as have room.

        Raises:
            ModelFailure: the model said nothing, or could not be asked.
        """
        room, shown = self._room(name, {**data, "record": "", "cut": cut(len(pieces))}), 0
        while shown < len(pieces) and pieces[shown].tokens <= room:
            room -= pieces[shown].tokens
            shown += 1
        self.left_out += sum(piece.tokens for piece in pieces[shown:])
        record = "\n".join(piece.text for piece in pieces[:shown])
        return self.say(stage, name, {**data, "record": record, "cut": cut(len(pieces) - shown)})

    def say_about(self, stage: str, name: str, kinds: Sequence[str], schema: Mapping[str, Any] | None) -> str:
        """Return what the model says to a prompt with the manifest of these types: as many codes as have room.

        Raises:
            ModelFailure: the model said nothing, or could not be asked.
        """
        most = max(len(self.raw.tags(kind)) for kind in kinds)
        whole = shown = self.raw.manifest(kinds, most)
        room = self._room(name, {"manifest": "", "kind": kinds[0]})
        while most and self.model.count(shown) > room:
            most //= 2
            shown = self.raw.manifest(kinds, most)
        self.left_out += self.model.count(whole) - self.model.count(shown)
        return self.say(stage, name, {"manifest": shown, "kind": kinds[0]}, schema)

    def _room(self, name: str, data: Mapping[str, str]) -> int:
        """Return how many tokens more this prompt may have."""
        thought = LONGEST_THOUGHT if self.model.thinks(False) else 0
        taken = self.model.count(prompt("system").template) + self.model.count(self._filled(name, data))
        return self.model.context - LONGEST - thought - _MARGIN - taken

    def _filled(self, name: str, data: Mapping[str, str]) -> str:
        asked = {"question": question(self.case, self.form), "ending": ending(self.form)}
        return prompt(name).substitute(asked, **data)
