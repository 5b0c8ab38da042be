"""The API is what its OpenAPI description says: schemathesis draws calls from it and finds nothing."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.failures import FailureGroup

from portal.app import make
from portal.settings import Limits
from tests.portal.portal_for_tests import a_portal

BASE = "http://127.0.0.1:8765"
DRAWN = settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def _found(operation: Any) -> str:
    """What is not as described, "" if nothing."""

    @DRAWN
    @given(case=operation.as_strategy())
    def called(case: Any) -> None:
        case.call_and_validate(base_url=BASE, headers={"Origin": BASE})

    try:
        called()
    except FailureGroup as failures:
        return f"{operation.label}: " + "; ".join(str(failure) for failure in failures.exceptions)
    return ""


@pytest.mark.slow
def test_the_api_is_as_described(tmp_path: Path) -> None:
    portal = a_portal(tmp_path, limits=Limits(a_minute=0, streams=0))
    schema = schemathesis.openapi.from_asgi("/openapi.json", make(portal))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 10
    assert list(filter(None, map(_found, operations))) == []
    portal.answering.close(5)
    portal.database.close()
