"""How far a long piece of work is, with the time left, on a terminal; silent where nobody watches."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from agent.cli.printing import safe


class _Shown:
    def __init__(self, console: Console, what: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._what = what
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._progress.stop()

    def at(self, done: int, total: int, detail: str = "") -> None:
        """Show that `done` of `total` is behind us."""
        if self._task is None:
            self._task = self._progress.add_task(self._what, total=total)
            self._progress.start()
        described = f"{self._what} {detail}".rstrip()
        self._progress.update(self._task, completed=done, total=total or None, description=described)


class Reading(_Shown):
    """Progress of reading records, as `tools.sources` reports it: bytes done, bytes in all, the file."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "Reading records")

    def __call__(self, done: int, total: int, name: str) -> None:
        """Report bytes; a file's name is not shown, as it may name a patient."""
        self.at(done, total, "" if total else f"({name})")


class Answering(_Shown):
    """Progress of answering a file of questions."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, "Answering")

    def __call__(self, done: int, total: int) -> None:
        """Report answers."""
        self.at(done, total, f"{done} of {total}")


class Drafting:
    """A draft while it is written, dimmed, on a terminal; it is gone when it has been checked."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, transient=True, auto_refresh=False)
        self._watched = console.is_terminal
        self._text = ""

    def __enter__(self) -> Self:
        """Begin with nothing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing behind."""
        self.clear()

    def __call__(self, piece: str) -> None:
        """Show one more piece."""
        self._text += piece
        if self._watched:
            self._live.start()
            self._live.update(Text(safe(self._text), "dim"), refresh=True)

    def clear(self) -> None:
        """Take the draft away."""
        self._text = ""
        self._live.update("")
        self._live.stop()
