"""What a running portal does -> Prometheus metrics. No label names a person, a question or a record."""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import Connection

from agent.answer import Answer
from portal.conversations.answering import Answered
from portal.conversations.kept import Status

Refusal = Literal["token", "session", "nothing"]
"""What a request that was refused showed: a token, the cookie of a session, or nothing."""
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """Counts answers; a `Witness` of them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "fhir_assistant_questions", "Questions by how they ended.", ["outcome"], registry=self.registry
        )
        self._fallbacks = Counter(
            "fhir_assistant_fallbacks",
            "Answers for which the rules stood in for the model.",
            registry=self.registry,
        )
        self._seconds = Histogram(
            "fhir_assistant_answer_seconds",
            "From a question to its end.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._tokens = Counter(
            "fhir_assistant_model_tokens",
            "Tokens the model read and wrote.",
            ["direction"],
            registry=self.registry,
        )
        self._refused = Counter(
            "fhir_assistant_refused", "Requests of nobody known here.", ["why"], registry=self.registry
        )
        self.running = Gauge(
            "fhir_assistant_running_questions", "Questions being answered here.", registry=self.registry
        )

    def refused(self, why: Refusal) -> None:
        """Count somebody who was not recognised (401); nothing of what they showed is kept."""
        self._refused.labels(why).inc()

    def answered(self, answered: Answered, connection: Connection) -> None:
        """Nothing of an answer is kept here."""

    def ended(self, status: Status, seconds: float, answer: Answer | None) -> None:
        """Count how a question ended."""
        self._questions.labels(answer.outcome if answer else status).inc()
        self._seconds.observe(seconds)
        if answer:
            self._fallbacks.inc(bool(answer.fallback))
            self._tokens.labels("read").inc(answer.usage.prompt_tokens)
            self._tokens.labels("written").inc(answer.usage.completion_tokens)
