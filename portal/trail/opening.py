"""A URL -> the database of a portal, for commands that only read: none is made where there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from portal.database import Database
from tools.calls.errors import SetupError


@contextmanager
def opened_database(url: str) -> Iterator[Database]:
    """Give the database at a URL.

    Raises:
        SetupError: there is none, or it cannot be used.
    """
    _hold(url)
    database = Database(url, create=False)
    try:
        yield database
    except SQLAlchemyError as trouble:
        raise SetupError(
            f"--database cannot be read as that of a portal ({type(trouble).__name__})."
        ) from None
    finally:
        database.close()


def _hold(url: str) -> None:
    try:
        where = make_url(url)
    except ArgumentError:
        return
    if where.get_backend_name() == "sqlite" and where.database and not Path(where.database).is_file():
        raise SetupError(f"--database: there is no file {where.database}. Name that of the portal.")
