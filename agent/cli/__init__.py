"""The command line `fhir-assistant`: arguments -> the assistant -> text for people or JSON for programs.

Exit status: 0 done (also when the record does not say), 1 failed, 2 wrong call, 130 interrupted.
"""

import gc
import io
import signal
import sys


def main() -> None:
    """Run the command line; an error becomes one sentence on stderr and an exit status, never a traceback."""
    gc.disable()  # see `starting`
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        from agent.cli.app import app

        app(prog_name="fhir-assistant")
    except KeyboardInterrupt:  # before the command itself had begun
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C while it ends changes nothing
