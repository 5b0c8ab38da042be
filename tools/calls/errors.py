"""What can go wrong, ordered by who must act.

    AssistantError
    ├── ToolFailure            the planner may act: ask differently
    │   ├── BadArgument        an argument has the wrong form
    │   └── Unsupported        a well-formed wish that this tool does not serve
    ├── RecordError            the run stops: the record is the trouble
    │   ├── UnknownPatient     nobody, or more than one person, answers to this name
    │   ├── WrongPatient       a resource of another patient was asked for
    │   └── UnreadableRecord   a file, line or row could not be read
    └── SetupError             the operator must act: the message names the command

A finding that is not there is none of these: it is an answer ("not recorded").
"""


class AssistantError(Exception):
    """The root of every error that this project raises on purpose."""


class ToolFailure(AssistantError):
    """A tool could not serve the call; another call may do."""


class BadArgument(ToolFailure):
    """An argument has the wrong form."""

    def __init__(self, name: str, value: object, wish: str, example: str) -> None:
        """Say which argument, its value, what was expected, and an example."""
        shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."
        super().__init__(f"{name} {shown}: expected {wish}, e.g. {example!r}.")
        self.name = name


class Unsupported(ToolFailure):
    """A well-formed wish that this tool does not serve."""


class RecordError(AssistantError):
    """The record cannot serve the run."""


class UnknownPatient(RecordError):
    """Nobody, or more than one person, answers to this name or id."""


class WrongPatient(RecordError):
    """A resource outside the patient's compartment was asked for."""


class UnreadableRecord(RecordError):
    """A file, line or row could not be read."""


class SetupError(AssistantError):
    """The operator must act; the message names the command."""
