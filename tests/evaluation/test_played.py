"""A model that is played: replies are kept by question and step, a replay gives the same, and says what changed."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk
from pydantic import PrivateAttr

from agent.answer import Answer, Assessed, Usage
from agent.cli.running import Running
from agent.models import Door, ModelFailure, ModelOptions
from agent.models.model import Model
from agent.wording import FALLEN_BACK
from evaluation.played import (
    KEPT,
    SHIPPED,
    Change,
    Judged,
    PlayedQuestion,
    asked,
    by_kind,
    judged,
    load,
    replayed,
    save,
)
from evaluation.played.chat import Play
from fhir_fixtures import records
from tests.agent.cli.calling import call
from tests.agent.scripted import NOW, Records
from tests.agent.scripted_chat import ScriptedChat, prompts, scripted, written
from tools.calls.errors import BadArgument, UnknownPatient
from tools.sources import open_location

PLAN = json.dumps(
    {"calls": [{"tool": "measure", "arguments": {"concept": "HbA1c", "pick": "last"}}], "yes_no": False}
)
GOOD, BAD = written("The latest A1c was 6.4 % on 2020-12-04 [1]."), written("It was 9.9 % [1].")
CITED = "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
DOWN = ModelFailure("endpoint", "The server at http://127.0.0.1:1/v1 refused the connection.")
RUNNING = Running("none", "auto", ModelOptions())


def question(id: str = "q1", asks: str = "What about the sugar stuff?", **fields: Any) -> PlayedQuestion:
    """Unless another one, a question of which reading is not sure, so that the model plans and writes."""
    given = {"patient": "anna", "now": NOW, "kind": "plain", "gold": "6.4 % on 2020-12-04", "must": (6.4,)}
    return PlayedQuestion(id=id, question=asks, **{**given, **fields})


def kept(tmp_path: Path, *replies: Any, of: PlayedQuestion | None = None) -> tuple[PlayedQuestion, Judged]:
    """A question after a scripted model was asked it, and what became of it."""
    out, model = tmp_path / "kept.jsonl", scripted(*replies)
    (told,) = asked([of or question()], Records(), RUNNING, (model, model), out)
    (read,) = load([out])
    return read, told


def replay(*questions: PlayedQuestion) -> list[Judged]:
    return replayed(questions, Records(), RUNNING)


def test_each_reply_is_kept_with_its_form(tmp_path: Path) -> None:
    read, told = kept(tmp_path, PLAN, BAD, GOOD)
    assert [(reply.form, reply.text) for reply in read.replies] == [
        ("plan", PLAN),
        ("findings", BAD),
        ("findings", GOOD),
    ]
    assert (read.model, told.answer, told.verdict) == ("scripted", CITED, "right")
    assert (told.model_calls, told.drafted, len(told.refused)) == (3, True, 1)


REPLIES = [
    ("a plan and a draft", (PLAN, GOOD)),
    ("a draft that is refused", (PLAN, BAD, GOOD)),
    ("two drafts that are refused", (PLAN, BAD, BAD)),
    ("what is no plan", ("I would look at the labs.",)),
    ("thoughts", (f"<unused94>thought\nwell<unused95>{PLAN}", GOOD)),
    ("nothing", (PLAN, "")),
]


@pytest.mark.parametrize("replies", [row[1] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_a_replay_gives_what_was_given(replies: tuple[str, ...], tmp_path: Path) -> None:
    read, told = kept(tmp_path, *replies)
    assert replay(read) == [told]
    assert (told.changes, told.unanswered) == ((), "")


@dataclass(frozen=True)
class Changed:
    id: str
    change: dict[str, Any]
    changes: tuple[Change, ...]


PROMPTS = [
    Changed("nothing", {}, ()),
    Changed("the clock stands in the prompt of a plan", {"now": date(2021, 7, 2)}, (Change(1, "plan", "user"),)),
    Changed(
        "the question stands in all", {"question": "What about that sugar stuff?"},
        (Change(1, "plan", "user"), Change(2, "findings", "user")),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", PROMPTS, ids=lambda case: case.id)
def test_a_prompt_that_is_another_now_is_named_and_still_answered(case: Changed, tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, GOOD)
    (told,) = replay(read.model_copy(update=case.change))
    assert (told.changes, told.answer, told.unanswered) == (case.changes, CITED, "")


def test_other_instructions_are_told_from_another_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, _ = kept(tmp_path, PLAN, GOOD)
    monkeypatch.setattr("agent.prompts.planning.instructions", lambda: "Plan as you like.")
    (told,) = replay(read)
    assert told.changes == (Change(1, "plan", "system"),)


def test_a_prompt_without_a_reply_is_named(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, GOOD)
    (told,) = replay(read.model_copy(update={"replies": read.replies[:1]}))
    assert (told.unanswered, told.model_calls) == ("findings", 2)
    assert told.fallback == "No reply was kept for a prompt of the form 'findings'."


def test_a_reply_of_another_form_waits_for_its_prompt(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, GOOD)
    sure = question(asks="What was her last HbA1c?", replies=read.replies)
    (told,) = replay(sure)
    assert (told.answer, told.model_calls, told.changes) == (CITED, 1, (Change(1, "findings", "user"),))


def test_what_was_kept_is_not_asked_again(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, GOOD)
    again, told = kept(tmp_path, of=read)
    assert (again, told.verdict) == (read, "right")


def test_only_a_prompt_that_changed_is_asked_again(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, BAD, GOOD)
    tomorrow = read.model_copy(update={"now": date(2021, 7, 2)})
    again, told = kept(tmp_path, PLAN, of=tomorrow)
    assert (told.answer, len(again.replies)) == (CITED, 3)
    assert again.replies[0].user != read.replies[0].user
    assert again.replies[1:] == read.replies[1:]


def test_replies_that_are_not_needed_any_more_are_dropped(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, BAD, GOOD)
    again, _ = kept(tmp_path, GOOD, of=read.model_copy(update={"question": "What was her last HbA1c?"}))
    assert [reply.text for reply in again.replies] == [GOOD]


def test_where_the_model_is_gone_what_was_kept_stays(tmp_path: Path) -> None:
    read, _ = kept(tmp_path, PLAN, BAD, GOOD)
    again, told = kept(
        tmp_path, PLAN, DOWN, of=read.model_copy(update={"question": "What about that sugar stuff?"})
    )
    assert (told.unanswered, told.fallback) == ("findings", str(DOWN))
    assert [reply.text for reply in again.replies] == [PLAN, BAD, GOOD]
    assert again.replies[0] != read.replies[0]


def test_another_model_may_plan(tmp_path: Path) -> None:
    out, planning, writing = tmp_path / "kept.jsonl", scripted(PLAN), scripted(GOOD)
    (told,) = asked([question()], Records(), RUNNING, (planning, writing), out)
    assert (told.answer, len(prompts(planning)), len(prompts(writing))) == (CITED, 1, 1)
    assert replay(*load([out])) == [told]


class _Waiting(ScriptedChat):
    """Answers when as many questions wait as there are places at the barrier."""

    _together: Any = PrivateAttr()

    def _stream(
        self, messages: list[BaseMessage], *more: Any, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        self._together.wait()
        yield from super()._stream(messages, *more, **kwargs)


def test_several_questions_are_asked_at_once(tmp_path: Path) -> None:
    chat = _Waiting(replies=[GOOD] * 3)
    chat._together = threading.Barrier(3, timeout=20)
    model: Model = replace(scripted(), chat=chat)
    questions = [question(f"q{n}", "What was her last HbA1c?") for n in range(3)]
    out, seen = tmp_path / "kept.jsonl", []
    told = asked(
        questions, Records(), RUNNING, (model, model), out,
        workers=3, progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert [(each.id, each.answer) for each in told] == [(f"q{n}", CITED) for n in range(3)]
    assert [each.id for each in load([out])] == ["q0", "q1", "q2"]
    assert seen[-1] == (3, 3)


def test_nobody_is_asked_where_a_patient_is_unknown(tmp_path: Path) -> None:
    stranger = question("q2", patient="Nobody")
    with pytest.raises(UnknownPatient, match="^question 'q2': No patient answers to 'Nobody'"):
        replay(question(), stranger)


@dataclass(frozen=True)
class Case:
    id: str
    answer: dict[str, Any]
    right: dict[str, Any]
    verdict: str
    missing: tuple[str, ...] = ()


CASES = [
    Case("a number in the text", {"answer": "It fell to 6.40 % [Observation/a1c-71]."}, {"must": (6.4,)}, "right"),
    Case("not one of a source", {"answer": "It fell [Observation/a1c-71]."}, {"must": (71,)}, "wrong", ("71",)),
    Case("not one of a date", {"answer": "On 2020-12-04."}, {"must": (12,)}, "wrong", ("12",)),
    Case("a number among the values", {"values": (6.4,)}, {"must": (6.4,)}, "right"),
    Case("a pattern, whatever the case", {"answer": "Warfarin, since 2010."}, {"must": ("warfarin.*2010",)}, "right"),
    Case("in the assessment", {"assessment": Assessed(text="CKD stage 3.")}, {"must": ("stage (3|III)",)}, "right"),
    Case("all is wanted", {"answer": "Warfarin."}, {"must": ("warfarin", "2010")}, "wrong", ("2010",)),
    Case("yes", {"values": (True,)}, {"must": (True,)}, "right"),
    Case("a 1 is no yes", {"values": (1,)}, {"must": (True,)}, "wrong", ("True",)),
    Case("the right option", {"choice": "B"}, {"option": "B"}, "right"),
    Case("another option", {"choice": "A"}, {"option": "B"}, "wrong", ("B",)),
    Case("no option", {"choice": ""}, {"option": "B"}, "abstained", ("B",)),
    Case("nothing is claimed", {"outcome": "not recorded", "abstained": True}, {"must": (1,)}, "abstained", ("1",)),
    Case("nothing is claimed, rightly", {"answer": "No, none.", "outcome": "not recorded", "abstained": True},
         {"must": (r"\bno\b",)}, "right"),
    Case("facts instead of words", {"answer": f"{FALLEN_BACK}\n\n7.1 %."}, {"must": (6.4,)}, "as computed", ("6.4",)),
    Case("the facts say it all", {"answer": f"{FALLEN_BACK}\n\n6.4 %."}, {"must": (6.4,)}, "right"),
    Case("without the model", {"fallback": "It is gone."}, {"must": (6.4,)}, "as computed", ("6.4",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_verdict(case: Case) -> None:
    plain = {"question": "?", "patient": "Patient/anna", "now": "2021-07-01", "answer": "", "usage": Usage()}
    told = judged(question(**{"must": (), **case.right}), Answer(**{**plain, **case.answer}), Play([]), [])
    assert (told.verdict, told.missing) == (case.verdict, case.missing)


def test_what_is_counted_by_kind(tmp_path: Path) -> None:
    out, model = tmp_path / "kept.jsonl", scripted(PLAN, BAD, GOOD, GOOD, GOOD)
    questions = [
        question("a", kind="several steps"),
        question("b", "What was her last HbA1c?", kind="plain"),
        question("c", "When was her last HbA1c?", kind="plain", must=(7.7,)),
    ]
    told = by_kind(asked(questions, Records(), RUNNING, (model, model), out))
    counted = {
        kind: (t.questions, t.right, t.wrong, t.drafted, t.refused, t.model_calls) for kind, t in told.items()
    }
    assert counted == {
        "several steps": (1, 1, 0, 1, 1, (3, 3)),
        "plain": (2, 1, 1, 2, 0, (1, 1)),
        "all": (3, 2, 1, 3, 1, (1, 3)),
    }


def test_of_no_answers_nothing_is_counted() -> None:
    with pytest.raises(BadArgument, match="^answers \\[\\]: expected at least one answer"):
        by_kind([])


LINES = [
    ("nothing is right", {"must": []}, "expected something in must, or the letter of an option"),
    ("no pattern", {"must": ["(x"]}, r"'\(x' is no pattern"),
    ("no letter", {"option": "Z"}, "string should match pattern"),
]


@pytest.mark.parametrize(("fields", "why"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_line_that_cannot_be_judged_is_refused(fields: dict[str, Any], why: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({**question().model_dump(mode="json"), **fields}) + "\n")
    with pytest.raises(BadArgument, match=rf"line 1 id 'q1'.*{why}"):
        load([path])


def test_an_id_is_in_one_file_only(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    for path in (one, other):
        save(path, [question()])
    with pytest.raises(BadArgument, match="other.jsonl id 'q1': expected an id that no other file has"):
        load([one, other])


def test_the_shipped_questions_are_about_the_shipped_patients() -> None:
    source, shipped = open_location(str(records())), load([SHIPPED])
    assert len(shipped) == 76
    assert [each.model_copy(update={"replies": (), "model": ""}) for each in load([KEPT])] == shipped
    for each in shipped:
        record = source.open(source.find(each.patient).reference, each.now)
        assert [r for r in each.resources if record.get(r) is None] == [], each.id
        assert bool(each.option) == ("A) " in each.question), each.id
        assert not each.replies


def test_what_people_replied_in_the_place_of_a_model_is_answered_as_well_as_then() -> None:
    """Some prompts have changed since, and the numbers of their facts: such a question is to be played again."""
    answers = replayed(load([KEPT]), open_location(str(records())), RUNNING)
    told = by_kind(answers)
    several, options, plain, every = (told[k] for k in ("several steps", "multiple choice", "plain", "all"))
    assert several.right >= 41
    assert (options.right, plain.right) == (options.questions, plain.questions)
    assert every.right >= 72
    assert every.model_calls[0] <= 2
    assert every.model_calls[1] <= 5
    assert every.prompt_tokens[0] <= 3_000
    assert every.prompt_tokens[1] <= 8_000


MODEL = ("--model", "openai:http://127.0.0.1:9/v1#medgemma")
ADELINA = {"patient": "Adelina Maggio", "now": date(2026, 1, 1), "must": (r"7\.3",)}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own with a question in it, and a model that knows the answer."""
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(tmp_path / "cache"))
    for name in ("MODEL", "PLANNER_MODEL", "RECORDS"):
        monkeypatch.delenv(f"FHIR_ASSISTANT_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    save(Path("set.jsonl"), [question(asks="What was her last HbA1c?", **ADELINA)])
    opened = scripted(written("The last HbA1c was 7.3 % on 2025-12-24 [1]."))
    monkeypatch.setattr(Door, "_open", lambda door: opened)
    return tmp_path


def lines(text: str) -> Sequence[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_command_keeps_and_replays(here: Path) -> None:
    ran = call("evaluate", "played", "set.jsonl", *MODEL, "--keep", "kept.jsonl", "-w", "2")
    assert (ran.status, ran.err) == (0, "Questions and replies: kept.jsonl\n")
    again = call("evaluate", "played", "kept.jsonl")
    assert (again.status, again.out) == (0, ran.out)
    assert [line.split()[:5] for line in lines(ran.out)] == [
        ["kind", "questions", "right", "wrong", "as"],
        ["plain", "1", "1", "0", "0"],
        ["all", "1", "1", "0", "0"],
    ]


def test_the_command_says_what_to_play_again(here: Path) -> None:
    call("evaluate", "played", "set.jsonl", *MODEL, "--keep", "kept.jsonl")
    (read,) = load([Path("kept.jsonl")])
    wrong = read.replies[0].model_copy(update={"user": "another"})
    lost = read.model_copy(update={"id": "q2", "replies": (), "must": ("8",)})
    save(Path("kept.jsonl"), [read.model_copy(update={"replies": (wrong,)}), lost])
    ran = call("evaluate", "played", "kept.jsonl")
    assert ran.status == 3
    assert lines(ran.out)[3:] == [
        "",
        "not right verdict right would be",
        "q2 as computed 6.4 % on 2020-12-04",
        "",
        "prompt changed: play again steps, and which prompt",
        "q1 1 findings: user",
        "",
        "not played to its end form without a reply",
        "q2 findings",
    ]
    told = json.loads(call("evaluate", "played", "kept.jsonl", "--json").out)
    assert (told["play_again"], told["not_played_to_the_end"]) == (["q1"], ["q2"])
    assert [answer["verdict"] for answer in told["answers"]] == ["right", "as computed"]
    assert told["kinds"]["all"]["right"] == 1


REFUSED = [
    ("a model without --keep", ("set.jsonl", *MODEL), "--keep FILE beside it"),
    ("--keep without a model", ("set.jsonl", "--model", "none", "--keep", "kept.jsonl"), "expected a model to ask"),
    ("another file", ("set.jsonl", *MODEL, "--keep", "there.jsonl"), "a file that is not there yet, or one of FILE"),
    ("no folder", ("set.jsonl", *MODEL, "--keep", "none/kept.jsonl"), "a file in a folder that can be written to"),
    ("no file", ("missing.jsonl",), "a file that can be read"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_the_command_refuses(arguments: tuple[str, ...], why: str, here: Path) -> None:
    Path("there.jsonl").write_text("what somebody kept\n")
    ran = call("evaluate", "played", *arguments)
    assert (ran.status, why in ran.err) == (2, True), ran.err
    assert Path("there.jsonl").read_text() == "what somebody kept\n"
