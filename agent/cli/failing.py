"""What goes wrong in a command -> one sentence on stderr and an exit status."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

import typer
from typer.core import TyperGroup

from agent.cli.printing import errors, safe
from tools.calls.errors import AssistantError, BadArgument, UnknownPatient

FAILED = 1
WRONG_CALL = 2
INTERRUPTED = 130

_COMMANDS = "fhir_assistant.commands"

T = TypeVar("T")


class Speaking(TyperGroup):
    """The commands together; none of them ends in a traceback for what a user or a disk can cause.

    Rooms above this one bring commands of their own as entry points of the group `fhir_assistant.commands`.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, the own ones first."""
        return [*super().list_commands(ctx), *(point.name for point in _brought())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by name; one that another room brings is imported now."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        brought = next((point for point in _brought() if point.name == cmd_name), None)
        return typer.main.get_command(brought.load()) if brought else None

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was called.

        Raises:
            Exit: with the status, after the sentence was said.
        """
        return handled(lambda: super(Speaking, self).invoke(ctx))


@cache
def _brought() -> tuple[EntryPoint, ...]:
    return tuple(sorted(entry_points(group=_COMMANDS), key=lambda point: point.name))


def handled(command: Callable[[], T]) -> T:
    """Run a command; turn what goes wrong into a sentence and a status.

    Raises:
        Exit: with the status, after the sentence was said.
    """
    try:
        result = command()
        sys.stdout.flush()
    except AssistantError as error:
        say(str(error))
        wrong = isinstance(error, BadArgument | UnknownPatient)
        raise typer.Exit(WRONG_CALL if wrong else FAILED) from None
    except OSError as error:
        _say_of_system(error)
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        say("Interrupted. What was finished is kept.")
        raise typer.Exit(INTERRUPTED) from None
    return result


def say(sentence: str) -> None:
    """Say on stderr what went wrong."""
    with suppress(OSError):
        errors().print(f"Error: {safe(sentence)}", markup=False, emoji=False, soft_wrap=True)


def _say_of_system(error: OSError) -> None:
    if error.filename is None:
        _give_up_output()
    if error.errno != errno.EPIPE:  # whoever read the output has read enough
        say(f"{error.filename or 'The output'}: {error.strerror or error}.")


def _give_up_output() -> None:
    """Send what Python still wants to write at its end to nowhere: it could not be written, as was said."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
