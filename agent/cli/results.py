"""Result files: what one holds already -> which questions are left; a half-written last line is cut off."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import orjson

from agent.cli.questions import Question
from tools.errors import BadArgument

_WISH = "a results file, or a file that does not exist yet"


def left_of(asked: Sequence[Question], out: Path) -> list[Question]:
    """Return the questions that a result file does not answer yet, and make it ready to be added to.

    Raises:
        BadArgument: it cannot be written, is something else than results, or answers other questions under
            the same ids.
    """
    _writable(out)
    done = _answered(out)
    for question in asked:
        if question.id in done and done[question.id] != _key(question.question, question.now.isoformat()):
            wish = "results of these questions (another question has this id there)"
            raise BadArgument(f"--out {out} id", question.id, wish, "results.jsonl")
    return [question for question in asked if question.id not in done]


def _writable(out: Path) -> None:
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


def _answered(out: Path) -> dict[str, tuple[str, str]]:
    """Return (question, now) by id."""
    if not out.is_file():  # a device holds no results
        return {}
    content = out.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    done = dict(_read(out, number, line) for number, line in enumerate(whole.splitlines(), 1))
    if whole != content:
        _results_only(out, content[len(whole) :])
        os.truncate(out, len(whole))
    return done


def _results_only(out: Path, rest: bytes) -> None:
    """Refuse to cut off what no kill left behind."""
    if not b'{"id":"'.startswith(rest[:7]):
        raise BadArgument("--out", str(out), _WISH, "results.jsonl")


def _read(out: Path, number: int, line: bytes) -> tuple[str, tuple[str, str]]:
    try:
        fields = orjson.loads(line)
        return str(fields["id"]), _key(fields["question"], fields["now"])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise BadArgument("--out", f"{out} line {number}", _WISH, "results.jsonl") from None


def _key(question: str, now: str) -> tuple[str, str]:
    return " ".join(question.split()), now
