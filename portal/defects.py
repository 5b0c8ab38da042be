"""A defect of this program -> one line in the log that tells its type and place, never what it was about.

Messages and values of exceptions hold what was being read: a patient's record. They are written nowhere.
"""

import logging
from typing import Any

_log = logging.getLogger("portal")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.defects.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {name: {"handlers": ["stderr"], "level": "INFO", "propagate": False} for name in ("portal",)}
    | {name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in ("uvicorn", "mcp")},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
"""For `logging.config.dictConfig`: lines on stderr."""


class OneLine(logging.Formatter):
    """Time, level, message; of an exception its type and place."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        record.exc_text = None  # another handler's wording of the exception is not ours
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """Return what may be told of an exception."""
        return told(ei[1])

    def formatStack(self, stack_info: str) -> str:
        """Leave out the stack: its lines may quote values."""
        return ""


def report(defect: BaseException) -> None:
    """Log a defect."""
    _log.error("A defect: %s", told(defect))


def told(defect: BaseException) -> str:
    """Return the type of an exception and where it was raised.

    >>> told(KeyError("Adelina Maggio"))
    'KeyError somewhere'
    """
    place = defect.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    if place is None:
        return f"{type(defect).__name__} somewhere"
    return f"{type(defect).__name__} at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
