"""What a model reads for a question, our way and the published ones; a token is 3.5 characters here, or one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from agent.answer import Answer, Coverage
from agent.cli.questions import Question
from evaluation.bench import answering, growth, prompting, published, sizes
from evaluation.bench.growing import Grown, everything, multiplied
from evaluation.bench.published import Chart, navigated, needed
from evaluation.bench.tokens import Tokens, at_hand, estimated
from tests.tools.records_for_tests import whole_record
from tools.calls.errors import BadArgument

TODAY = date(2021, 7, 1)
SURE, ADVICE = "What was the last A1c?", "Should the patient take more insulin?"
CHARACTERS = Tokens("characters", lambda texts: [len(text) for text in texts])


def whole() -> Grown:
    record = whole_record()
    kinds: dict[str, list[dict[str, Any]]] = {}
    for entry in everything(record):
        kinds.setdefault(entry.kind, []).append(dict(entry.raw))
    return Grown(record.reference, kinds)


def answered(source: Grown, *texts: str) -> list[list[Answer]]:
    asked = tuple(Question(text, source.reference, text, TODAY) for text in texts)
    return answering.ask(source, [asked]).answers


@dataclass(frozen=True)
class Case:
    id: str
    question: str
    calls: int
    tokens: tuple[int, int]
    always: bool = False
    stumbles: bool = False


# about a fifth to either side of what it takes today: a prompt that doubles is seen here
CASES = [
    Case("the rules are sure, the model words it", SURE, 1, (520, 780)),
    Case("the model plans and words it", SURE, 2, (1750, 2600), always=True),
    Case("a draft is refused and written again", SURE, 2, (1120, 1680), stumbles=True),
    Case("what is declined needs no model", ADVICE, 0, (0, 0)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_a_question_makes_a_model_read(case: Case) -> None:
    source = whole()
    answers = answered(source, case.question)
    (again,) = prompting.prompted(source, answers, estimated(), always=case.always, stumbles=case.stumbles)
    least, most = case.tokens
    assert (again.answer, again.values, again.fallback) == (answers[0][0].answer, answers[0][0].values, "")
    assert again.usage.model_calls == case.calls
    assert least <= again.usage.prompt_tokens <= most


def test_the_rows_say_what_was_counted_and_how() -> None:
    source = whole()
    rows = prompting.measure(source, answered(source, SURE, ADVICE), estimated(), ", here")
    assert [(row.what, row.bar, row.verdict) for row in rows] == [
        ("prompts of a question, median, here", 900, "ok"),
        ("prompts of a question, p95, here", 2000, "ok"),
        ("model calls of a question, median, here", 2, "ok"),
    ]
    assert rows[0].how == (
        "2 questions; 1 with 0 calls, 1 with 1 call; the model writes, and plans what the rules are not sure of;"
        " characters / 3.5"
    )


NEEDED = [
    ("searched and cited", ("Observation",), ("Observation/a1c",), ["Observation"]),
    ("nothing found: what was searched", ("Condition",), (), ["Condition"]),
    ("what is cited need not be searched", (), ("Patient/p1",), ["Patient"]),
    ("what the record does not hold is not in the manifest", ("Claim", "Observation"), (), ["Observation"]),
    ("at least one", (), (), ["Patient"]),
]


@pytest.mark.parametrize(
    ("searched", "cited", "kinds"), [case[1:] for case in NEEDED], ids=[case[0] for case in NEEDED]
)
def test_the_navigator_picks_the_types_that_the_question_needs(
    searched: tuple[str, ...], cited: tuple[str, ...], kinds: list[str]
) -> None:
    coverage = tuple(Coverage(kind=kind, searched=1) for kind in searched)
    answer = Answer(
        question="?", patient="Patient/p1", now="2021-07-01", answer="", evidence=cited, coverage=coverage
    )
    assert needed(answer, {"Patient": 1, "Observation": 2, "Condition": 1}) == kinds


def test_the_navigator_reads_a_list_and_the_chosen_resources_of_each_type() -> None:
    source = whole()
    ((answer,),) = answered(source, SURE)
    chart = published.opened(source, answer, CHARACTERS)
    before = navigated(answer, chart)
    a1c = next(raw for raw in source.by_kind["Observation"] if raw["id"] == "a1c")
    source.by_kind["Observation"].append({**a1c, "id": "a1d"})
    more = navigated(answer, published.opened(source, answer, CHARACTERS))
    line = "a1d Hemoglobin A1c/Hemoglobin.total in Blood 2020-12-04\n"
    assert (before.calls, more.calls) == (5, 5)
    assert more.tokens - before.tokens == len(line)
    unread = navigated(answer.model_copy(update={"evidence": ()}), chart)
    assert before.tokens - unread.tokens == len(orjson.dumps(a1c)) + 1


def test_the_whole_record_is_all_of_its_json() -> None:
    source = whole()
    sizes_ = [len(orjson.dumps(raw)) + 1 for kind in source.by_kind.values() for raw in kind]
    assert Chart(source.open(source.reference, TODAY), CHARACTERS).whole() == sum(sizes_)
    (row,) = published.measure(source, answered(source, SURE), CHARACTERS)[-1:]
    assert row.measured is not None
    assert sum(sizes_) < row.measured < sum(sizes_) + 300
    assert row.how == "1 patients, JSON without blanks and one question; 0 exceed 131072 tokens; characters"


def test_ours_stays_flat_where_the_navigator_grows() -> None:
    small = whole()
    ours, theirs = growth.measure(small, multiplied(small, 20), [SURE], TODAY, estimated())
    assert ours.verdict == "ok"
    assert theirs.measured is not None
    assert theirs.measured > 1.5


def test_the_tools_fit_a_prompt() -> None:
    tokens = at_hand()
    if tokens.how == estimated().how:
        pytest.skip("no tokenizer here; characters are a careful guess, which the tools are over")
    assert [row.verdict for row in sizes.tool_rows(tokens)] == ["ok", "ok"]


def test_evidence_is_counted_as_prompts_show_it() -> None:
    source = whole()
    median, p95 = sizes.evidence_rows(source, answered(source, SURE), estimated())
    assert median.measured == p95.measured
    assert 10 < (median.measured or 0) < 60


def test_a_prompt_has_what_gemmas_template_adds() -> None:
    first = [SystemMessage("Be short."), HumanMessage("A1c?")]
    told = "<bos>|<start_of_turn>|user|\n|Be short.|\n\n|A1c?|<end_of_turn>|\n|<start_of_turn>|model|\n"
    one = Tokens("one a text", lambda texts: [1 for _ in texts])
    assert one.chat(first) == len(told.split("|"))
    assert one.chat([*first, AIMessage("6.4 %"), HumanMessage("And before?")]) == len(told.split("|")) + 12


def test_a_folder_without_a_tokenizer_is_refused() -> None:
    with pytest.raises(BadArgument) as refused:
        at_hand("./nowhere")
    assert str(refused.value) == (
        "--tokenizer 'nowhere': expected a folder with a tokenizer.json, e.g. './medgemma-27b-it'."
    )
