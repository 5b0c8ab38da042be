"""The same questions on a record of 1 000 resources and on one of 20 000 -> how much longer they take."""

import gc
import time
from collections.abc import Sequence
from datetime import date

from agent.assistant import Assistant
from agent.cli.bars import Row, quantile
from evaluation.bench.growing import Grown, multiplied, thinned
from tools.record import PatientRecord

SMALL, LARGE = 1_000, 20_000


def pair(record: PatientRecord) -> tuple[Grown, Grown]:
    """Return a record with the same mix of resources, made small and made large."""
    small = thinned(record, SMALL)
    return small, multiplied(small, LARGE // SMALL)


def measure(small: Grown, large: Grown, wordings: Sequence[str], now: date) -> list[Row]:
    """Ask both records every question in turn, twice; the second time counts."""
    both = [_opened(grown, now) for grown in (small, large)]
    for text in wordings:
        for assistant in both:
            assistant.ask(small.reference, text, now=now)
    gc.collect()
    short, long = zip(*(_asked(both, small.reference, text, now) for text in wordings), strict=True)
    told = f"{large.size} resources over {small.size}; {len(wordings)} questions; warm: asked once before"
    return [
        Row("20 000 resources over 1 000, mean", sum(long) / sum(short), "times", 3, told),
        Row(
            "20 000 resources over 1 000, median",
            quantile(long, 0.5) / quantile(short, 0.5),
            "times",
            3,
            "the same",
        ),
        Row("a question on 20 000 resources, p95", 1000 * quantile(long, 0.95), "ms", 80, "the same"),
    ]


def _opened(grown: Grown, now: date) -> Assistant:
    assistant = Assistant(grown, model="none")
    record = assistant.record(grown.reference, now)
    for kind in record.counts:
        record.entries(kind)
    return assistant


def _asked(both: Sequence[Assistant], patient: str, text: str, now: date) -> tuple[float, ...]:
    times = []
    for assistant in both:
        begun = time.perf_counter()
        assistant.ask(patient, text, now=now)
        times.append(time.perf_counter() - begun)
    return tuple(times)
