"""Pictures of the record: which questions they belong to, what a model is shown of them, and what is said unseen."""

import base64
import io
from dataclasses import dataclass
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from PIL import Image

from agent.assistant import Assistant
from agent.models.failures import ModelFailure
from agent.models.names import reads_pictures
from agent.pictures import MOST, Seen, asked_for, with_pictures
from agent.plan import Plan
from agent.wording import NOT_ALL_LOOKED_AT, NOT_LOOKED_AT
from agent.writer.model import ModelWriter
from tests.agent import scripted_chat
from tests.agent.models.endpoint.asking import opened
from tests.agent.models.endpoint.misbehaving import says, serving
from tests.agent.scripted import NOW, Records, ScriptedPlanner, found, record_of
from tests.agent.scripted_chat import prompts, scripted
from tests.tools.pictures_for_tests import attachment, binary, drawn, media, photograph, written
from tools.calls.catalogue import Call
from tools.calls.program import run_call

PIA: tuple[dict[str, Any], ...] = (
    {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"given": ["Pia"], "family": "Lind"}],
        "gender": "female",
        "birthDate": "1961-03-04",
    },
    media(),
    photograph(),
    binary(),
    {
        "resourceType": "Condition",
        "id": "mole",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "Mole of skin"},
        "onsetDateTime": "2021-01-02",
    },
)
FILM, PHOTO = "Media/m", "DocumentReference/d"
PNG = written(drawn())

ASKS: list[tuple[str, Call, list[str]]] = [
    ("all pictures, the newest first", Call("find", {"kind": "picture"}), [PHOTO, FILM]),
    ("one by name", Call("find", {"kind": "picture", "concept": "chest x-ray"}), [FILM]),
    ("whether there is one", Call("find", {"kind": "picture", "concept": "mole", "give": "exists"}), [PHOTO]),
    (
        "where a picture serves for a study",
        Call("find", {"kind": "imaging", "concept": "chest x-ray"}),
        [FILM],
    ),
    ("what a document says", Call("find", {"kind": "document"}), [PHOTO]),
    ("a resource by its reference", Call("read", {"reference": FILM}), [FILM]),
    ("how many there are is no question about one", Call("find", {"kind": "picture", "give": "count"}), []),
    ("nor is when one was taken", Call("find", {"kind": "picture", "give": "date"}), []),
    ("nor whether there is a document", Call("find", {"kind": "document", "give": "exists"}), []),
    ("nor is another kind", Call("find", {"kind": "condition", "concept": "mole"}), []),
    ("nor what is not there", Call("find", {"kind": "picture", "concept": "knee"}), []),
]


@pytest.mark.parametrize(("why", "call", "references"), ASKS, ids=[row[0] for row in ASKS])
def test_which_pictures_a_question_may_be_about(why: str, call: Call, references: list[str]) -> None:
    record = record_of(PIA)
    assert [each.reference for each in asked_for([run_call(call, record, {})], record)] == references


def asked(
    *replies: Any, plan: Plan, people: Any = PIA, sees: bool = True
) -> tuple[str, bool, list[BaseMessage]]:
    """The answer's text, whether it is grounded, and the last prompt."""
    model = scripted(*replies, sees=sees)
    writer = ModelWriter(lambda: model) if replies else None
    assistant = Assistant(
        Records(people=(people,)), model="none", planner=ScriptedPlanner({"What?": plan}), writer=writer
    )
    answer = assistant.ask("p1", "What?", now=NOW)
    return answer.answer, answer.grounded, list(prompts(model)[-1]) if replies else []


def images(message: BaseMessage) -> list[Image.Image]:
    blocks = message.content if isinstance(message.content, list) else []
    urls = [
        block["image_url"]["url"]
        for block in blocks
        if isinstance(block, dict) and block["type"] == "image_url"
    ]
    return [
        Image.open(io.BytesIO(base64.b64decode(url.removeprefix("data:image/png;base64,")))) for url in urls
    ]


SAID = scripted_chat.written("There is a picture, Chest X-ray, on 2020-05-01 [1].")
CITED = f"There is a picture, Chest X-ray, on 2020-05-01 [{FILM}]."


def many(number: int, **body: Any) -> Any:
    return (PIA[0], *(media(f"m{n}", createdDateTime=f"2020-05-{n + 1:02}", **body) for n in range(number)))


@dataclass(frozen=True)
class Case:
    id: str
    people: Any
    shown: int
    says: str
    sees: bool = True


CASES = [
    Case("one is shown, and nothing is said of it", (PIA[0], media()), 1, ""),
    Case("a model that reads text is shown none", (PIA[0], media()), 0, NOT_LOOKED_AT, sees=False),
    Case("four at most", many(6), MOST, NOT_ALL_LOOKED_AT),
    Case(
        "a broken one is not shown",
        (PIA[0], media(content=attachment(b"", title="Chest X-ray"))),
        0,
        NOT_LOOKED_AT,
    ),
    Case("the others are", (*many(2), media("m3", content=attachment(b"x"))), 2, NOT_ALL_LOOKED_AT),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_a_model_is_shown(case: Case) -> None:
    said = scripted_chat.written("The record has the picture Chest X-ray [1].")
    text, _, prompt = asked(said, plan=found("picture"), people=case.people, sees=case.sees)
    assert len(images(prompt[1])) == case.shown
    assert text.partition("\n\n")[2] == case.says


def test_a_picture_stands_under_the_number_of_its_fact() -> None:
    text, grounded, (_, human) = asked(SAID, plan=found("picture", "chest x-ray"))
    assert (text, grounded) == (CITED, True)
    assert isinstance(human.content, list)
    assert [block["text"] for block in human.content if block["type"] == "text"][1:] == [
        "The picture of [1]:"
    ]
    (image,) = images(human)
    assert (image.format, image.size) == ("PNG", (96, 64))


DRAFTS = [
    ("called an image", "There is one image, Chest X-ray, on 2020-05-01 [1].", True),
    ("called a photograph", "Yes, there is a photograph: Chest X-ray [1].", True),
    ("what it shows is no finding", "The chest X-ray shows a fracture of the fourth rib [1].", False),
    ("another day", "There is one image, Chest X-ray, on 2020-05-02 [1].", False),
]


@pytest.mark.parametrize(("why", "draft", "accepted"), DRAFTS, ids=[row[0] for row in DRAFTS])
def test_what_a_draft_may_say_of_a_picture(why: str, draft: str, accepted: bool) -> None:
    said = scripted_chat.written(draft)
    text, _, _ = asked(said, said, plan=found("picture", "chest x-ray"))
    assert (text == draft.replace("[1]", f"[{FILM}]")) is accepted


CONTENT = [
    ("no picture: the text alone", (), ["Media/m"], "Question"),
    ("a picture without a fact", (Seen("Media/x", PNG),), ["Media/m"], "Question"),
    (
        "the number of the first of its facts",
        (Seen("Media/m", b"png"),),
        ["Media/a", "Media/m", "Media/m"],
        [
            {"type": "text", "text": "Question"},
            {"type": "text", "text": "The picture of [2]:"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        ],
    ),
]


@pytest.mark.parametrize(
    ("why", "pictures", "references", "content"), CONTENT, ids=[row[0] for row in CONTENT]
)
def test_the_content_of_a_message(why: str, pictures: Any, references: list[str], content: Any) -> None:
    assert with_pictures("Question", pictures, references) == content


UNSEEN = [
    (
        "what there is",
        found("picture", "chest x-ray"),
        "Chest X-ray, picture (PNG, 96 × 64), completed, on 2020-05-01 [Media/m].",
    ),
    (
        "whether there is one",
        found("picture", "mole", give="exists", yes_no=True),
        "Yes: Photograph, picture (JPEG): Mole of left forearm, current, on 2021-02-03 [DocumentReference/d].",
    ),
]


@pytest.mark.parametrize(("why", "plan", "said"), UNSEEN, ids=[row[0] for row in UNSEEN])
def test_without_a_model_the_answer_says_that_nobody_looked(why: str, plan: Plan, said: str) -> None:
    text, grounded, _ = asked(plan=plan)
    assert (text, grounded) == (f"{said}\n\n{NOT_LOOKED_AT}", True)


def test_a_server_that_takes_no_pictures_leaves_it_to_the_built_in_words() -> None:
    refused = ModelFailure("endpoint", "At most 0 image(s) may be provided in one prompt.")
    text, grounded, _ = asked(refused, plan=found("picture", "chest x-ray"))
    assert grounded
    assert text.endswith(NOT_LOOKED_AT)


def test_a_server_gets_the_picture_in_the_message() -> None:
    with serving(says(scripted_chat.written("The record has it [1]."))) as server:
        writer = ModelWriter(lambda: opened(server.url))
        planner = ScriptedPlanner({"What?": found("picture", "chest x-ray")})
        Assistant(Records(people=(PIA,)), model="none", planner=planner, writer=writer).ask(
            "p1", "What?", now=NOW
        )
        content = next(body["messages"] for body in server.bodies if "messages" in body)[1]["content"]
    assert [block["type"] for block in content] == ["text", "text", "image_url"]
    assert content[2]["image_url"]["url"].startswith("data:image/png;base64,iVBORw0KGgo")


SEES = [
    ("medgemma", "auto", True),
    ("google/medgemma-4b-it", "auto", True),
    ("google/medgemma-27b-text-it", "auto", False),
    ("google/gemma-3-270m-it", "auto", False),
    ("Qwen/Qwen3-VL-8B-Instruct", "auto", True),
    ("llama-3.3-70b", "auto", False),
    ("llama-3.3-70b", "on", True),
    ("medgemma", "off", False),
]


@pytest.mark.parametrize(("name", "pictures", "sees"), SEES)
def test_whether_a_model_behind_a_server_sees(name: str, pictures: str, sees: bool) -> None:
    assert opened("http://127.0.0.1:1/v1", name=name, pictures=pictures).sees is sees
    assert reads_pictures(name) is sees or pictures != "auto"
