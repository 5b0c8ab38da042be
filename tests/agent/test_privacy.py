"""Nothing of a record leaves the machine, also where the environment asks LangChain to trace."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith.utils import get_env_var

from agent.assistant import Assistant
from tests.agent.scripted import Records


@pytest.mark.parametrize("variable", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
@pytest.mark.parametrize("way", ["ask", "stream"])
def test_a_run_is_never_traced(variable: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.path)
            self.send_response(202)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(variable, "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "test")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    get_env_var.cache_clear()
    records = Records()
    whom = records.patients()[0].reference
    list(
        getattr(Assistant(records, model="none"), way)(
            whom, "Does she have any condition?", now=date(2024, 1, 1)
        )
    )
    wait_for_all_tracers()
    server.shutdown()
    server.server_close()
    get_env_var.cache_clear()
    assert seen == []
