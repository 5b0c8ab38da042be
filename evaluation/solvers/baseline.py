"""The published ways as solvers over any chat model: the whole record, and the navigator.

The model sees the record as FHIR JSON and nothing that this project computes. LangChain's tracing is off, as it would
send the record to a server. Left out: a check of what is said.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from langchain_core.runnables import RunnableLambda
from langsmith import tracing_context

from agent.check.citations import cited
from agent.models import ModelFailure
from agent.models.model import Model
from agent.usage import Meter
from evaluation.dataset import Case, Form
from evaluation.result import Result
from evaluation.solvers import navigator, whole_record
from evaluation.solvers.ending import read
from evaluation.solvers.raw import RawRecord
from evaluation.solvers.solver import cost, result
from evaluation.solvers.talk import Talk
from tools.calls.errors import RecordError
from tools.sources import RecordSource

METHODS: Mapping[str, Callable[[Talk], str]] = {
    whole_record.NAME: whole_record.whole_record,
    navigator.NAME: navigator.navigator,
}
_OPEN_RECORDS = 8


class Baseline:
    """Asks a model without tools.

    Args:
        name: one of `METHODS`.
        model: its name, as results report it.
        door: opens the model.
        source: where records come from.
        timer: seconds.
    """

    def __init__(
        self,
        name: str,
        model: str,
        door: Callable[[], Model],
        source: RecordSource,
        *,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.name, self.model = name, model
        self._door = door
        self._source = source
        self._timer = timer
        self._raw = lru_cache(_OPEN_RECORDS)(self._read)

    def open(self) -> None:
        """Open the model. As `Solver`."""
        self._door()

    async def solve(self, case: Case, form: Form, run: int) -> Result:
        """Return the answer to a case. As `Solver`."""
        return await asyncio.to_thread(self.answered, case, form, run)

    def answered(self, case: Case, form: Form, run: int) -> Result:
        """Return the answer to a case, in this thread."""
        meter, begun = Meter(self._timer), self._timer()
        try:
            talk = self._talk(case, form, meter)
        except (ModelFailure, RecordError) as trouble:
            told: dict[str, Any] = {"failed": str(trouble)}
        else:
            told = {**self._told(talk), "left_out": talk.left_out}
        return result(self, case, form, run, **told, **cost(meter.stages, self._timer() - begun))

    def _talk(self, case: Case, form: Form, meter: Meter) -> Talk:
        return Talk(
            case=case,
            form=form,
            raw=self._raw(case.patient, case.now),
            model=self._door(),
            meter=meter,
        )

    def _told(self, talk: Talk) -> dict[str, Any]:
        try:
            with tracing_context(enabled=False):
                said = RunnableLambda(METHODS[self.name]).invoke(talk, {"callbacks": [talk.meter]})
        except ModelFailure as trouble:
            return {"failed": str(trouble)}
        ended = read(said, talk.case, talk.form)
        return {
            "answer": ended.text,
            "values": ended.values,
            "choice": ended.choice,
            "evidence": ended.sources,
            "citations": cited(ended.text),
            "abstained": ended.values == (),
        }

    def _read(self, patient: str, now: date) -> RawRecord:
        record = self._source.open(self._source.find(patient).reference, now)
        return RawRecord(record, self._door().count)
