"""The form in which a model writes: its JSON, what becomes of it, and what happens when it keeps to no form."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from agent.assistant import Assistant
from agent.choices import lettered
from agent.findings import Assessment, Claim
from agent.models.failures import ModelFailure
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from agent.writer.form import MOST_FINDINGS, aloud, draft_schema, read_draft
from agent.writer.model import ModelWriter
from tests.agent.scripted import NOW, Records
from tests.agent.scripted_chat import prompts, scripted, written
from tools.calls.evidence import Fact

OLD = Fact("Hemoglobin A1c 7.1 % on 2019-11-02", "Observation/a1c-old", "Hemoglobin A1c", "2019-11-02")
NEW = Fact("Hemoglobin A1c 6.4 % on 2020-12-04", "Observation/a1c", "Hemoglobin A1c", "2020-12-04")
FACTS = (OLD, NEW)
SAYS = {"says": "It fell from 7.1 % to 6.4 %.", "facts": [1, 2], "claims": [{"is": "fell", "of": [1, 2]}]}
FELL = "It fell from 7.1 % to 6.4 % [Observation/a1c-old] [Observation/a1c]."


def told(*findings: dict[str, Any], **more: Any) -> str:
    return json.dumps({"findings": findings, **more})


TEXTS = [
    ("its facts become sources", told(SAYS), FELL),
    ("in a fence", f"```json\n{told(SAYS)}\n```", FELL),
    ("with words before it", f"Here you are: {told(SAYS)}", FELL),
    ("a question mark and no stop at all", told({"says": "Not recorded", "facts": []}), "Not recorded"),
    (
        "a source that the sentence names itself stays where it is",
        told({"says": "7.1 % in 2019 [1], then 6.4 %.", "facts": [1, 2]}),
        "7.1 % in 2019 [Observation/a1c-old], then 6.4 % [Observation/a1c].",
    ),
    (
        "a number without a fact stays, for the check to refuse",
        told({"says": "It was 6.4 %.", "facts": [9]}),
        "It was 6.4 % [9].",
    ),
    (
        "what follows a colon is a list",
        told({"says": "Both:", "facts": []}, {"says": "7.1 %", "facts": [1]}, {"says": "6.4 %", "facts": [2]}),
        "Both:\n- 7.1 % [Observation/a1c-old]\n- 6.4 % [Observation/a1c]",
    ),
    (
        "lines and control characters go",
        told({"says": "It was\n6.4\u202e %.", "facts": [2]}),
        "It was 6.4 % [Observation/a1c].",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("said", "text"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_findings_become_a_text(said: str, text: str) -> None:
    assert read_draft(said, FACTS).text == text


CLAIMS = [
    ("a claim names its facts", [{"is": "fell", "of": [1, 2]}], (Claim("fell", (OLD, NEW)),)),
    ("a relation that there is not", [{"is": "caused", "of": [1, 2]}], ()),
    ("a claim of nothing", [{"is": "fell", "of": []}], ()),
    ("of a fact that there is not", [{"is": "fell", "of": [2, 7]}], (Claim("fell", (NEW,)),)),
]


@pytest.mark.parametrize(("claims", "kept"), [row[1:] for row in CLAIMS], ids=[row[0] for row in CLAIMS])
def test_claims_are_kept_with_their_facts(claims: list[Any], kept: tuple[Claim, ...]) -> None:
    assert read_draft(told({**SAYS, "claims": claims}), FACTS).findings[0].claims == kept


def test_an_assessment_rests_on_the_sources_of_its_findings() -> None:
    assessed = [{"says": "Control improved [1].", "from": [1]}, {"says": "It is fine.", "from": [5]}]
    draft = read_draft(told(SAYS, assessment=assessed), FACTS)
    assert draft.assessment == (
        Assessment("Control improved.", ("Observation/a1c-old", "Observation/a1c")),
        Assessment("It is fine."),
    )


CUT = [
    ("in a finding", told(SAYS, SAYS)[:-50], 1, 0),
    ("in an assessment", told(SAYS, assessment=[{"says": "A.", "from": [1]}, {"says": "Bad", "from": []}])[:-14], 1, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "findings", "assessed"), [row[1:] for row in CUT], ids=[row[0] for row in CUT]
)
def test_what_was_cut_off_is_left_out(said: str, findings: int, assessed: int) -> None:
    draft = read_draft(said, FACTS, cut=True)
    assert (len(draft.findings), len(draft.assessment or ())) == (findings, assessed)


NO_DRAFT = [
    "The last A1c was 6.4 % [1].",
    "",
    "[]",
    "null",
    '{"findings": 3}',
    '{"findings": []}',
    told({"says": " "}),
]


@pytest.mark.parametrize("said", NO_DRAFT)
def test_what_holds_no_findings_is_no_draft(said: str) -> None:
    with pytest.raises(ModelFailure, match="gave no findings"):
        read_draft(said, FACTS)


def test_the_schema_has_what_is_wanted_and_no_more() -> None:
    plain, options = draft_schema(assess=False), draft_schema(lettered(("a", "b")))
    assert list(plain["properties"]) == ["findings", "lacking"]
    assert list(options["properties"]) == ["findings", "assessment", "lacking", "option"]
    assert options["properties"]["option"]["enum"] == ["", "A", "B"]
    assert plain["properties"]["findings"]["maxItems"] == MOST_FINDINGS


def test_only_findings_are_heard_while_they_are_written() -> None:
    heard: list[str] = []
    hearing = aloud(heard.append)
    for character in told(SAYS, assessment=[{"says": "Control improved.", "from": [1]}]):
        hearing(character)
    assert "".join(heard) == SAYS["says"]


SURE = "What was her last HbA1c?"
CITED = "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
BUILT_IN = "The latest Hemoglobin A1c in Blood was 6.4 % on 2020-12-04 [Observation/a1c]."
REFUSED = f"The model's wording said what the record does not support; these are the facts as computed.\n\n{BUILT_IN}"


def plan(concept: str) -> str:
    call = {"tool": "measure", "arguments": {"concept": concept, "pick": "last"}}
    return json.dumps({"calls": [call], "yes_no": False})


LACKS, SAME = written("6.4 % [1].", lacking="why"), plan("HbA1c")


@dataclass(frozen=True)
class Case:
    id: str
    replies: tuple[Any, ...]
    text: str
    fallback: str = ""


WEIGHT = "The last weight was 71.6 kg on 2020-12-04 [2]."
CASES = [
    Case("no JSON", ("The latest A1c was 6.4 %.",), BUILT_IN, "The model gave no findings"),
    Case("it refuses", ("I cannot help with medical records.",), BUILT_IN, "The model gave no findings"),
    Case("it thinks for ever", ("<unused94>thought\nhm",), BUILT_IN, "only thought"),
    Case("it repeats what is not so", (written("It was 9.9 % [1]."),) * 2, REFUSED),
    Case("it cites what is not there", (written("It was 6.4 % [Observation/x]."),) * 2, REFUSED),
    Case("lacking, and nothing more can be found", (LACKS, SAME), "6.4 % [Observation/a1c]."),
    Case("nothing but lacking: as computed", (written(lacking="why"), SAME), BUILT_IN),
    Case("it lacks something for ever", (LACKS, plan("weight"), LACKS, SAME), "6.4 % [Observation/a1c]."),
    Case("what was lacking is found", (written("6.4 % [1].", lacking="the weight"), plan("weight"), written(WEIGHT)),
         "The last weight was 71.6 kg on 2020-12-04 [Observation/weight]."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_model_that_keeps_to_no_form_costs_no_answer(case: Case) -> None:
    model = scripted(*case.replies)
    planner = ModelPlanner(lambda: model, Reader())
    asking = Assistant(Records(), model="none", planner=planner, writer=ModelWriter(lambda: model))
    answer = asking.ask("anna", SURE, now=NOW)
    assert answer.answer == case.text
    assert case.fallback in answer.fallback
    assert bool(case.fallback) == bool(answer.fallback)
    assert answer.usage.model_calls <= 5
    assert (answer.values[:1], answer.grounded) == ((6.4,), True)


WRONG = {"says": "It rose to 9.9 %.", "facts": [1], "claims": [{"is": "rose", "of": [1]}]}
RIGHT = {"says": "The latest A1c was 6.4 % on 2020-12-04.", "facts": [1], "claims": []}
FACT = "Hemoglobin A1c in Blood 6.4 % on 2020-12-04 [Observation/a1c]."
PARTLY = [
    ("one of two: its facts stand in its place", (RIGHT, WRONG), f"{CITED} {FACT}"),
    ("both: as computed", (WRONG, WRONG), REFUSED),
    ("one that rests on no fact is left out", (RIGHT, {"says": "It rose.", "facts": []}), CITED),
]


@pytest.mark.parametrize(("findings", "text"), [row[1:] for row in PARTLY], ids=[row[0] for row in PARTLY])
def test_what_is_refused_of_a_draft_costs_no_more_than_itself(findings: tuple[Any, ...], text: str) -> None:
    model = scripted(told(*findings, assessment=[], lacking=""))
    asking = Assistant(Records(), model="none", planner=Reader(), writer=ModelWriter(lambda: model))
    answer = asking.ask("anna", SURE, now=NOW)
    assert (answer.answer, answer.grounded) == (text, True)
    assert bool(answer.unsupported or answer.checked.reworded)


def test_what_is_lacking_goes_back_to_the_planner() -> None:
    model = scripted(written("6.4 % [1].", lacking="the weight"), plan("weight"), written(WEIGHT))
    planner = ModelPlanner(lambda: model, Reader())
    Assistant(Records(), model="none", planner=planner, writer=ModelWriter(lambda: model)).ask(
        "anna", SURE, now=NOW
    )
    asked = prompts(model)[1][-1].text
    assert "Still lacking: the weight" in asked
    assert "6.4 %" in asked
