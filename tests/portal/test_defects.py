import logging
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal.app import make
from portal.defects import OneLine, report
from tests.portal.portal_for_tests import a_portal


def _broken() -> None:
    raise ValueError("Adelina Maggio has HIV")


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    app = make(a_portal(tmp_path))
    app.get("/broken")(_broken)
    return app


def test_a_defect_tells_the_caller_nothing_of_the_record(app: FastAPI) -> None:
    with TestClient(app, base_url="http://127.0.0.1:8765", raise_server_exceptions=False) as client:
        broken = client.get("/broken")
    assert (broken.status_code, broken.json()) == (
        500,
        {"detail": "Something is wrong with this program. It was logged."},
    )


def test_the_log_tells_type_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    try:
        _broken()
    except ValueError as defect:
        report(defect)
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    lines = [OneLine().format(record) for record in caplog.records]
    assert len(lines) == 2
    for line in lines:
        assert "ValueError at " in line
        assert "test_defects.py:" in line
        assert "Adelina" not in line
