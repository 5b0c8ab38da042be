"""What the API description says of /v1 holds for requests that schemathesis draws from it, right and wrong ones."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.portal.doors_for_tests import app_of, listening
from tests.portal.openai.test_chat_conversations import a_place


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with listening(app_of(a_place(tmp_path_factory.mktemp("portal")))) as url:
        yield schemathesis.openapi.from_url(f"{url}/openapi.json").include(path_regex="^/v1")


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/{model}", "/v1/chat/completions"])
def test_the_description_holds(described: Any, path: str, mode: GenerationMode) -> None:
    operation = described[path]["POST" if path.endswith("completions") else "GET"]
    if mode == GenerationMode.NEGATIVE and path == "/v1/models":
        return  # nothing of it can be wrong

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.headers["Authorization"] = "Bearer token-anna"
        # a question may be too long once its parts are joined: no schema says so
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    holds()
