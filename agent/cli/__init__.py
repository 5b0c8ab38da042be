"""The command line `fhir-assistant`: arguments -> the assistant -> text for people or JSON for programs.

Exit status: 0 done (also when the record does not say), 1 the run failed, 2 the call was wrong, 130 interrupted.
"""

import os
import sys

from rich.console import Console

from tools.errors import AssistantError, BadArgument, UnknownPatient

WRONG_CALL = 2
FAILED = 1
INTERRUPTED = 130


def main() -> None:
    """Run the command line; an error becomes one sentence on stderr and an exit status, never a traceback."""
    from agent.cli.app import app

    try:
        app()
    except AssistantError as error:
        _say(str(error))
        sys.exit(WRONG_CALL if isinstance(error, BadArgument | UnknownPatient) else FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except OSError as error:
        _say(f"{error.filename or 'the system'}: {error.strerror or error}.")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        _say("Interrupted. What was finished is kept.")
        sys.exit(INTERRUPTED)


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False).print(f"error: {sentence}", markup=False, soft_wrap=True)
