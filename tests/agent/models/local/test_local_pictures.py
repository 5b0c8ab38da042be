"""Pictures of a record reach a local model that reads them, in the message that the writer makes."""

from pathlib import Path

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from agent.models.local import open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions
from agent.pictures import Seen, with_pictures
from tests.tools.pictures_for_tests import drawn, written


def test_which_models_see(text_model: Model, picture_model: Model, picture_folder: Path) -> None:
    unshown = open_local(understand(str(picture_folder)), ModelOptions(pictures="off"))
    assert (text_model.sees, picture_model.sees, unshown.sees) == (False, True, False)


def test_what_the_pictures_show_reaches_the_model(picture_model: Model) -> None:
    def said(*pictures: bytes) -> AIMessage:
        content = with_pictures("What is this?", [Seen("Media/m", png) for png in pictures], ["Media/m"])
        return picture_model.chat.invoke([SystemMessage("Short."), HumanMessage(content)], max_tokens=8)

    def read(message: AIMessage) -> int:
        assert message.usage_metadata
        return message.usage_metadata["input_tokens"]

    none, one = said(), said(written(drawn()))
    two = said(written(drawn()), written(drawn((640, 480), "RGB")))
    assert read(one) - read(none) == read(two) - read(one) > 4
