"""What the guard refuses at /v1 is raised by OpenAI's client as it is raised for OpenAI's own refusals."""

from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from portal.settings import Limits
from tests.portal.doors_for_tests import an_app, listening

FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
JSON = {"Content-Type": "application/json"}
CASES: list[tuple[str, int, type[openai.APIStatusError], str, dict[str, Any], dict[str, str]]] = [
    ("too long", 413, openai.APIStatusError, "invalid_request_error", {"content": "x" * 400}, JSON),
    ("no JSON", 415, openai.APIStatusError, "invalid_request_error", {"content": "x"}, {}),
    ("another name", 421, openai.APIStatusError, "invalid_request_error", {}, {"Host": "rebound.example"}),
    ("a page", 403, openai.PermissionDeniedError, "permission_error", {}, FOREIGN),
]


@pytest.mark.parametrize(
    ("status", "raised", "kind", "body", "headers"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_refusal_of_the_guard_is_raised_as_openai_raises_it(
    tmp_path: Path,
    status: int,
    raised: type[openai.APIStatusError],
    kind: str,
    body: dict[str, Any],
    headers: dict[str, str],
) -> None:
    with listening(an_app(tmp_path, limits=Limits(body=300))) as url:
        answer = httpx.post(f"{url}/v1/chat/completions", headers=headers, **body)
    told = answer.json()
    assert (answer.status_code, set(told), told["error"]["type"]) == (status, {"error"}, kind)
    assert (told["error"]["param"], told["error"]["code"]) == (None, None)
    error = openai.OpenAI(api_key="x")._make_status_error_from_response(answer)
    assert type(error) is raised
    assert (error.type, told["error"]["message"] in str(error)) == (kind, True)


def test_asking_too_often_is_a_rate_limit_error(tmp_path: Path) -> None:
    with listening(an_app(tmp_path, limits=Limits(a_minute=1))) as url:
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="token-adelina", max_retries=0)
        client.models.list()
        with pytest.raises(openai.RateLimitError) as told:
            client.models.list()
    assert told.value.type == "rate_limit_error"
    assert str(told.value).startswith("Error code: 429 - Too many requests at once: ask again in ")


def test_the_other_doors_keep_their_own_form(tmp_path: Path) -> None:
    with listening(an_app(tmp_path, limits=Limits(body=10))) as url:
        for path in ("/api/conversations", "/v10"):
            assert set(httpx.post(url + path, content="x" * 11, headers=JSON).json()) == {"detail"}
