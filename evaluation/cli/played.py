"""`fhir-assistant evaluate played`: questions, and the replies kept of them -> verdicts, and what to play again."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, Records, source
from agent.cli.printing import errors, output, print_table, say_aside, table_of
from agent.cli.progress import Answering
from agent.cli.running import FELL_BACK, Running, with_model
from evaluation.cli.options import writable
from tools.calls.errors import BadArgument

if TYPE_CHECKING:
    from agent.models.model import Model
    from evaluation.played import Change, Judged, Summary

_SERVER = "openai:http://127.0.0.1:8000/v1#medgemma"
_HEADINGS = (
    "kind", "questions", "right", "wrong", "as computed", "abstained", "drafts", "first refused",
    "calls: median", "most", "prompt tokens: median", "most",
)  # fmt: skip


@with_model
def played(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE", show_default="the 76 questions that ship with it; without --keep also replies of people",
            help="Questions, one JSON line each, with the replies that were kept of them, or without any.",
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", show_default=False,
            help="Ask --model, and keep each reply in this file, e.g. played.jsonl; one of FILE goes on where it "
            "stopped. Only prompts to which no reply was kept yet are asked.",
        ),
    ] = None,
    records: Records = "",
    workers: Annotated[
        int,
        typer.Option(
            "--workers", "-w", min=0, show_default="8",
            help="With --keep, questions at once, so that several people find prompts to reply to.",
        ),
    ] = 0,
    as_json: AsJson = False,
    *,
    running: Running,
) -> None:  # fmt: skip
    """Replay what a model replied, or was played to reply, and judge the answers.

    Without --keep no model is asked: each prompt gets the reply that was kept. Where a prompt is another than then, the
    question is named, to be played again; so is one that lacks a reply. The exit status is 3 if one does.

    With --keep a model is asked. People can play it behind an OpenAI-compatible server that shows them the prompts:
    give them time with --timeout, and several questions at once with --workers.
    """
    from evaluation.played import KEPT, SHIPPED, asked, by_kind, load, replayed

    files = files or [SHIPPED if keep else KEPT]
    questions = load(files)
    if keep is None:
        _check_nobody_is_asked(running)
        with Answering(errors()) as shown:
            answers = replayed(questions, source(records), running, shown)
    else:
        _check_kept(keep, files)
        options = replace(running.options, in_flight=workers or running.options.in_flight)
        running = replace(running, options=options)
        models = _models(running)
        here = source(records)
        with Answering(errors()) as shown:
            answers = asked(questions, here, running, models, keep, workers=options.in_flight, progress=shown)
        say_aside(f"Questions and replies: {keep}")
    kinds = by_kind(answers)
    if as_json:
        typer.echo(_json(kinds, answers))
    else:
        _print(kinds, answers)
    if any(answer.unanswered for answer in answers):
        raise typer.Exit(FELL_BACK)


def _check_nobody_is_asked(running: Running) -> None:
    for option, model in (("--model", running.model), ("--planner-model", running.planner_model)):
        if model not in ("", "none", "auto"):
            wish = "--keep FILE beside it, as a model is asked only where its replies are kept; or none"
            raise BadArgument(option, model, wish, f"--model {_SERVER} --keep played.jsonl")


def _check_kept(keep: Path, files: Sequence[Path]) -> None:
    """Refuse to write over replies that are not among those that were read."""
    writable(keep, "--keep")
    if keep.exists() and keep.resolve() not in {file.resolve() for file in files}:
        raise BadArgument("--keep", str(keep), "a file that is not there yet, or one of FILE", "played.jsonl")


def _models(running: Running) -> "tuple[Model, Model]":
    """Return the model that plans and the one that writes.

    Raises:
        BadArgument: no model is named, or it is named wrongly.
        ModelFailure: one cannot be run here.
    """
    from agent.models import Door, choose

    writing = choose(running.model, running.options)
    if writing.name == "none":
        raise BadArgument("--model", running.model, f"a model to ask ({writing.why})", _SERVER)
    model = Door(writing, say_aside)()
    if not running.planner_model:
        return model, model
    return Door(choose(running.planner_model, running.options), say_aside)(), model


def _print(kinds: "dict[str, Summary]", answers: "Sequence[Judged]") -> None:
    print_table(output(), table_of(_HEADINGS, [_row(kind, told) for kind, told in kinds.items()]))
    for headings, rows in (
        (
            ("not right", "verdict", "right would be"),
            [(a.id, a.verdict, a.gold) for a in answers if a.verdict != "right"],
        ),
        (
            ("prompt changed: play again", "steps, and which prompt"),
            [(a.id, "; ".join(map(_change, a.changes))) for a in answers if a.changes],
        ),
        (
            ("not played to its end", "form without a reply"),
            [(a.id, a.unanswered) for a in answers if a.unanswered],
        ),
    ):
        if rows:
            output().print()
            print_table(output(), table_of(headings, rows))


def _change(change: "Change") -> str:
    return f"{change.step} {change.form}: {change.what}"


def _row(kind: str, told: "Summary") -> tuple[str, ...]:
    counts = (told.questions, told.right, told.wrong, told.as_computed, told.abstained)
    drafts = (told.drafted, told.refused)
    return kind, *(f"{count:g}" for count in (*counts, *drafts, *told.model_calls, *told.prompt_tokens))


def _json(kinds: "dict[str, Summary]", answers: "Sequence[Judged]") -> str:
    import orjson

    told = {
        "kinds": {kind: asdict(summary) for kind, summary in kinds.items()},
        "play_again": [answer.id for answer in answers if answer.changes],
        "not_played_to_the_end": [answer.id for answer in answers if answer.unanswered],
        "answers": [asdict(answer) for answer in answers],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
