"""Models of the hub: fetched once, and every way in which they are not to be had."""

import errno
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants

from agent.models.failures import ModelFailure
from agent.models.local import open_local
from agent.models.local.fetching import fetch
from agent.models.names import understand
from agent.models.options import ModelOptions
from tests.agent.models.local.hub import Served, serving

ID = "tiny/model"
GET = f"type: hf download {ID}"
GATED = (
    f"The hub gives {ID} only to who accepted its terms: "
    f"open https://huggingface.co/{ID}, accept its terms, and type: hf auth login"
)
UNKNOWN = f"The hub shows no {ID}: check the spelling, or, if it is private, type: hf auth login"
REFUSED = f"The hub refuses {ID} to this token (401): type: hf auth login"
AWAY = f"{ID} is not in the cache and the hub cannot be reached; with a network, {GET}"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached(monkeypatch, "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_PROGRESS_BARS", True)


def reached(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", address)
    files = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)


def unheard(sentence: str) -> None:
    pass


ANSWERS = [
    ("gated, and no token", 401, "GatedRepo", "gated", GATED),
    ("gated, and the terms are not accepted", 403, "GatedRepo", "gated", GATED),
    ("no such model", 404, "RepoNotFound", "no weights", UNKNOWN),
    ("a token that is no longer good", 401, "", "gated", REFUSED),
    ("a token that may not", 403, "", "gated", REFUSED.replace("401", "403")),
    ("a hub in trouble", 500, "", "no weights", AWAY),
    ("too many requests", 429, "", "no weights", AWAY),
]


@pytest.mark.parametrize(
    ("status", "code", "why", "sentence"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_what_the_hub_refuses_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, status: int, code: str, why: str, sentence: str
) -> None:
    with serving(Served(status=status, code=code)) as address:
        reached(monkeypatch, address)
        with pytest.raises(ModelFailure) as raised:
            open_local(understand(ID), ModelOptions())
    assert (raised.value.why, str(raised.value)) == (why, sentence)


def test_a_hub_that_is_not_there_is_told_from_a_model_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelFailure) as raised:
        fetch(ID, unheard)
    assert (raised.value.why, str(raised.value)) == ("no weights", AWAY)


def test_offline_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with serving(served := Served()) as address:
        reached(monkeypatch, address)
        with pytest.raises(ModelFailure) as raised:
            fetch(ID, unheard)
    assert str(raised.value) == AWAY
    assert served.asked == []


def test_a_disk_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, local_files_only: bool = False, **__: Any) -> str:
        if local_files_only:
            raise huggingface_hub.errors.LocalEntryNotFoundError("no")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("agent.models.local.fetching.snapshot_download", full)
    with pytest.raises(ModelFailure) as raised:
        fetch(ID, unheard)
    assert str(raised.value) == f"The disk has no room for {ID}: set HF_HOME to a folder that has, then {GET}"


def test_a_model_is_fetched_once_and_then_nobody_is_asked(
    text_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    with serving(served := Served(folder=text_folder)) as address:
        reached(monkeypatch, address)
        first = open_local(understand(ID), ModelOptions(), tell=told.append)
        asked = len(served.asked)
        again = open_local(understand(ID), ModelOptions(), tell=told.append)
    assert (
        first.chat.invoke("HbA1c?", max_tokens=8).text == again.chat.invoke("HbA1c?", max_tokens=8).text != ""
    )
    assert len(served.asked) == asked > 0
    assert told == [
        f"Fetching {ID} from the hub; what has come already is kept.",
        f"Reading the weights of {ID}.",
        f"Reading the weights of {ID}.",
    ]


def test_an_interrupted_download_says_how_to_go_on_and_goes_on(
    text_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(served := Served(folder=text_folder, broken="model.safetensors")) as address:
        reached(monkeypatch, address)
        with pytest.raises(ModelFailure) as raised:
            fetch(ID, unheard)
        assert raised.value.why == "no weights"
        assert str(raised.value).startswith(f"The download of {ID} broke off (")
        assert str(raised.value).endswith(f"); to go on with it, {GET}")
        served.broken = ""
        assert (fetch(ID, unheard) / "model.safetensors").is_file()


def test_half_a_download_and_no_hub(text_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Served(folder=text_folder)) as address:
        reached(monkeypatch, address)
        (fetch(ID, unheard) / "model.safetensors").unlink()
    reached(monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(ModelFailure) as raised:
        fetch(ID, unheard)
    assert str(raised.value) == (
        f"The download of {ID} is not complete and the hub cannot be reached; with a network, {GET}"
    )
