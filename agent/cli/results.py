"""Result files: what one holds already -> which questions are left; a half-written last line is cut off."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import orjson

from agent.cli.questions import Question
from tools.calls.errors import BadArgument, SetupError

_WISH = "a results file, or a file that does not exist yet"


def left_of(asked: Sequence[Question], out: Path) -> list[Question]:
    """Return the questions that a result file does not answer yet, and make it ready to be added to.

    Raises:
        BadArgument: it cannot be written, is something else than results, or answers other questions under
            the same ids.
    """
    writable(out)
    done = dict(_read(out, number, line) for number, line in enumerate(whole_lines(out), 1))
    cut_half_line(out)
    for question in asked:
        if question.id in done and done[question.id] != _key(question.question, question.now.isoformat()):
            wish = "results of these questions (another question has this id there)"
            raise BadArgument(f"--out {out} id", question.id, wish, "results.jsonl")
    return [question for question in asked if question.id not in done]


def add(line: bytes, file: IO[bytes], out: Path) -> None:
    """Add a line to a result file that was opened without a buffer.

    Raises:
        SetupError: it cannot be written.
    """
    try:
        while line:
            line = line[file.write(line) :]
    except OSError as error:
        raise SetupError(
            f"{out}: {error.strerror}. What was finished is kept: mend it and run the same command again."
        ) from error


def writable(out: Path) -> None:
    """Check that results can be written to a path.

    Raises:
        BadArgument: they cannot.
    """
    folder = out.parent if not out.exists() else None
    trouble = (
        errno.EISDIR if out.is_dir()
        else errno.ENOENT if folder and not folder.is_dir()
        else errno.EACCES if not os.access(folder or out, os.W_OK)
        else 0
    )  # fmt: skip
    if trouble:
        wish = f"a file that can be written ({os.strerror(trouble)})"
        raise BadArgument("--out", str(out), wish, "results.jsonl")


def whole_lines(out: Path, option: str = "--out") -> list[bytes]:
    """Return the lines of a result file without a last one that a kill left half-written.

    Args:
        out: the file.
        option: whose value it is.

    Raises:
        BadArgument: the last line is half of something else.
    """
    if not out.is_file():  # a device holds no results
        return []
    content = out.read_bytes()
    whole = _whole(content)
    _results_only(out, content[len(whole) :], option)
    return whole.splitlines()


def cut_half_line(out: Path) -> None:
    """Take off the end of a result file what `whole_lines` leaves out."""
    if out.is_file():
        os.truncate(out, len(_whole(out.read_bytes())))


def _whole(content: bytes) -> bytes:
    return content[: content.rfind(b"\n") + 1]


def _results_only(out: Path, rest: bytes, option: str) -> None:
    """Refuse to cut off what no kill left behind."""
    if not b'{"id":"'.startswith(rest[:7]):
        raise BadArgument(option, str(out), _WISH, "results.jsonl")


def _read(out: Path, number: int, line: bytes) -> tuple[str, tuple[str, str]]:
    try:
        fields = orjson.loads(line)
        return str(fields["id"]), _key(fields["question"], fields["now"])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadArgument("--out", f"{out} line {number}", _WISH, "results.jsonl") from None


def _key(question: str, now: str) -> tuple[str, str]:
    return " ".join(question.split()), now
