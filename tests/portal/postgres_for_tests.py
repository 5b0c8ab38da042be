"""A real PostgreSQL for tests: a cluster of the tests' own on a Unix socket, an empty database for each test.

`postgres_url` is a fixture; skipped where PostgreSQL is not installed. It does not run as root, so that root starts
it as "postgres" or "nobody".
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_USERS = ("postgres", "nobody")
_SETTINGS = ("fsync=off", "listen_addresses=", "max_connections=60", "logging_collector=off")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder with the socket of a running cluster, whose superuser is "tests"."""
    programs, user = _programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        _call(user, [str(programs / "initdb"), "-D", str(folder / "data"), *_INIT], folder)
        options = f"-k {folder} " + " ".join(f"-c {setting}" for setting in _SETTINGS)
        control = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w"]
        _call(user, [*control, "-o", options, "-l", str(folder / "log"), "start"], folder)
        yield str(folder)
        _call(user, [*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The URL of an empty database."""
    import psycopg

    name = f"t{uuid4().hex}"
    with psycopg.connect(f"host={postgres} user=tests dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql://tests@/{name}?host={postgres}"


_INIT = ("-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")


def _programs() -> Path:
    """Where the newest PostgreSQL of Debian, or the one on the path, has its programs."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    named = shutil.which("initdb")
    if not found and not named:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    return (found[-1] if found else Path(str(named))).parent


def _user() -> str:
    """Who runs it: "" is whoever runs the tests."""
    if os.getuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in _USERS if name in known), "")
    if not user or not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root, and there is nobody else to run it")
    return user


def _call(user: str, command: Sequence[str], folder: Path) -> None:
    as_user = ["runuser", "-u", user, "--", *command] if user else list(command)
    with (folder / "said").open("wb") as said:
        ended = subprocess.run(as_user, stdout=said, stderr=said, cwd=folder, timeout=60)
    assert ended.returncode == 0, (folder / "said").read_text(errors="replace")
